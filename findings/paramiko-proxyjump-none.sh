#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# paramiko 5.1.0: ProxyJump none of a host does not keep the ProxyCommand of Host * away
#
# Expected:
#   ssh_config(5): ProxyJump competes with ProxyCommand, whichever is specified first prevents later instances of
#   the other from taking effect; "none" switches them off. So a block for one host with ProxyJump none makes that
#   host's connection direct.
# Happens:
#   SSHConfig.lookup() treats the two as independent keywords: it gives proxyjump "none" back as a text, and beside
#   it the proxycommand of the later block, filled in for this host. The same with a real ProxyJump first.
#   ("ProxyCommand none" is handled.)
# Why it matters:
#   Callers use the proxycommand if there is one, as the Docker SDK does for ssh:// hosts. The host that was
#   excepted from the jump host (often the jump host itself) is then reached through it, or not at all, while ssh
#   connects directly.
# To live with it:
#   Except hosts with "ProxyCommand none", which both read alike, or resolve the settings with `ssh -G HOST`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install paramiko==5.1.0

cat >"$work/try.py" <<'PYTHON'
import subprocess
import sys

import paramiko

print("paramiko", paramiko.__version__)
path = sys.argv[1]
for first in ("ProxyJump none", "ProxyJump bastion", "ProxyCommand none"):
    text = f"Host box\n  {first}\nHost *\n  ProxyCommand connect %h %p\n"
    with open(path, "w") as config:
        config.write(text)
    shown = subprocess.run(["ssh", "-G", "-F", path, "box"], check=True, capture_output=True, text=True).stdout
    ours = [line for line in shown.splitlines() if line.startswith(("proxycommand ", "proxyjump "))]
    found = paramiko.SSHConfig.from_text(text).lookup("box")
    theirs = [f"{name} {found[name]}" for name in ("proxycommand", "proxyjump") if found.get(name)]
    print(f"{first}, then Host * with a ProxyCommand -> ssh: {ours}, paramiko: {theirs}")
PYTHON

cat >"$work/expected" <<'EXPECTED'
paramiko 5.1.0
ProxyJump none, then Host * with a ProxyCommand -> ssh: [], paramiko: ['proxycommand connect box 22', 'proxyjump none']
ProxyJump bastion, then Host * with a ProxyCommand -> ssh: ['proxyjump bastion'], paramiko: ['proxycommand connect box 22', 'proxyjump bastion']
ProxyCommand none, then Host * with a ProxyCommand -> ssh: [], paramiko: []
EXPECTED

"$work/venv/bin/python" "$work/try.py" "$work/ssh_config" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: the two keywords compete in another way" >&2
    exit 1
fi
echo "as it was seen before"
