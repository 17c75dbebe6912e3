#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ClusterShell 1.10.1: a percent sign in an option of clush's command line is read as a reference of its configuration
#
# Expected:
#   What is given with -o or -O ssh_options goes to ssh, and what is given with -l is the name of a user: so says
#   clush(1). In ssh's options a percent sign is usual, as in ControlPath=/run/user/0/%C.
# Happens:
#   The values become a part of the configuration, where Python's configparser expands percent signs. One that expands
#   to nothing is an error before any host is contacted; two of them are one. For commands, clush(1) says that %% is a
#   literal %, for options nobody does.
# Why it matters:
#   Connections that ssh keeps open are shared by giving all programs the same ControlPath, which is to hold %C so that
#   it is short enough. A line that works with ssh, scp and Ansible is refused by clush.
# To live with it:
#   Double the percent signs for clush, or put the option into ssh_config.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install ClusterShell==1.10.1

# Stands for ssh, and says what it was given; no host is needed.
mkdir "$work/bin"
cat >"$work/bin/ssh" <<'SSH'
#!/bin/sh
for word in "$@"; do
    case $word in ControlPath=*) echo "ssh was given $word" ;; esac
done
SSH
chmod +x "$work/bin/ssh"
export PATH="$work/bin:$PATH" HOME="$work"
unset CLUSTERSHELL_CFGDIR XDG_CONFIG_HOME

try() {
    echo "clush $*"
    "$work/venv/bin/clush" -w box "$@" true 2>&1 || echo "exit code $?"
}

{
    "$work/venv/bin/clush" --version
    try -o '-o ControlPath=/run/mux/plain'
    try -o '-o ControlPath=/run/mux/%C'
    try -o '-o ControlPath=/run/mux/%%C'
    try -O 'ssh_options=-o ControlPath=/run/mux/%C'
    try -l 'day%shift'
} | tee "$work/seen"

cat >"$work/expected" <<'EXPECTED'
clush 1.10.1
clush -o -o ControlPath=/run/mux/plain
box: ssh was given ControlPath=/run/mux/plain
clush -o -o ControlPath=/run/mux/%C
clush: invalid interpolation syntax in '-o ControlPath=/run/mux/%C' at position 24
exit code 1
clush -o -o ControlPath=/run/mux/%%C
box: ssh was given ControlPath=/run/mux/%C
clush -O ssh_options=-o ControlPath=/run/mux/%C
ERROR: (Config Main.ssh_options=-o ControlPath=/run/mux/%C): invalid -O/--option value
exit code 1
clush -l day%shift
clush: invalid interpolation syntax in 'day%shift' at position 3
exit code 1
EXPECTED

if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: clush takes percent signs in another way" >&2
    exit 1
fi
