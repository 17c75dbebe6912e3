#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# asyncssh 2.24.1: ConnectTimeout 1m in ssh_config is an error
#
# Expected:
#   asyncssh's documentation lists ConnectTimeout, ServerAliveInterval and others among the options it takes from
#   OpenSSH's client configuration. ssh_config(5) and sshd_config(5), "TIME FORMATS": such times may be written 90,
#   90s, 1m30s or 1h.
# Happens:
#   These options are read as plain integers. "ServerAliveInterval 30s" raises ConfigParseError, and with it the
#   file is of no use for that host. (RekeyLimit, in the same file, takes units.) Blocks for other hosts are not
#   looked at, so that the same file works for one host and fails for the next.
# Why it matters:
#   An inventory of hosts whose settings come from ~/.ssh/config works with ssh and with Ansible's ssh connection; a
#   library or plugin on top of asyncssh that reads the same file refuses single hosts.
# To live with it:
#   Write seconds without a unit in files that asyncssh shall read, or resolve the file with `ssh -G HOST`, which
#   prints seconds.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install asyncssh==2.24.1

cat >"$work/try.py" <<'PYTHON'
import subprocess
import sys

import asyncssh

print("asyncssh", asyncssh.__version__)
path = sys.argv[1]
for option in ("ConnectTimeout", "ServerAliveInterval"):
    for value in ("90", "90s", "1m30s"):
        with open(path, "w") as config:
            config.write(f"Host box\n  {option} {value}\nHost other\n  Port 22\n")
        shown = subprocess.run(["ssh", "-G", "-F", path, "box"], check=True, capture_output=True, text=True).stdout
        ours = next(line.split()[1] for line in shown.splitlines() if line.startswith(option.lower() + " "))
        try:
            options = asyncssh.SSHClientConnectionOptions(config=[path], host="box")
            theirs = options.connect_timeout if option == "ConnectTimeout" else options.keepalive_interval
        except asyncssh.ConfigParseError as problem:
            theirs = str(problem).replace(path, "FILE")
        asyncssh.SSHClientConnectionOptions(config=[path], host="other")
        print(f"{option} {value} -> ssh: {ours}, asyncssh: {theirs}")
PYTHON

cat >"$work/expected" <<'EXPECTED'
asyncssh 2.24.1
ConnectTimeout 90 -> ssh: 90, asyncssh: 90
ConnectTimeout 90s -> ssh: 90, asyncssh: FILE line 2: Invalid ConnectTimeout integer value: 90s
ConnectTimeout 1m30s -> ssh: 90, asyncssh: FILE line 2: Invalid ConnectTimeout integer value: 1m30s
ServerAliveInterval 90 -> ssh: 90, asyncssh: 90
ServerAliveInterval 90s -> ssh: 90, asyncssh: FILE line 2: Invalid ServerAliveInterval integer value: 90s
ServerAliveInterval 1m30s -> ssh: 90, asyncssh: FILE line 2: Invalid ServerAliveInterval integer value: 1m30s
EXPECTED

"$work/venv/bin/python" "$work/try.py" "$work/ssh_config" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: times are read in another way" >&2
    exit 1
fi
echo "as it was seen before"
