#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# docker (Docker SDK for Python) 7.2.0: ssh://HOST means port 22, whatever ssh_config says
#
# Expected:
#   `docker -H ssh://box` lets ssh read its configuration, and the SDK reads it as well: its SSH adapter looks the
#   host up and takes HostName, User, IdentityFile and, if the address names none, Port.
# Happens:
#   Before the adapter sees it, the address goes through parse_host(), which appends ":22". The adapter then takes
#   22 for the caller's wish. HostName and User of the configuration are followed, Port never is. With
#   use_ssh_client=True the ssh program is started with "-p 22", which beats its configuration, too.
# Why it matters:
#   Hosts behind another port are set up in ~/.ssh/config. The CLI and Ansible reach them under their alias, the SDK
#   under the same alias knocks at port 22 of the same address, which may be another machine's sshd (a forwarded
#   port, a jump host).
# To live with it:
#   Write the port into the address (ssh://box:2222).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install docker==7.2.0 paramiko==5.1.0

cat >"$work/try.py" <<'PYTHON'
import contextlib
import json
import os
import subprocess
import sys

import docker
import paramiko

home = os.environ["HOME"] = sys.argv[1]
with open(f"{home}/.ssh/config", "w") as config:
    config.write("Host box\n  HostName 192.0.2.7\n  Port 2222\n  User deploy\n")
print("docker", docker.__version__)

resolve = ["ssh", "-G", "-F", f"{home}/.ssh/config", "box"]
shown = subprocess.run(resolve, check=True, capture_output=True, text=True).stdout
ssh = dict(line.split(" ", 1) for line in shown.splitlines() if " " in line)
print("ssh itself:", json.dumps({name: ssh[name] for name in ("hostname", "port", "user")}))

asked = {}
paramiko.SSHClient.connect = lambda client, **wanted: asked.update(wanted)  # no connection is made
docker.APIClient(base_url="ssh://box", version="1.45")
print("paramiko is asked for:", json.dumps(asked, sort_keys=True))

with open(f"{home}/ssh", "w") as program:
    program.write(f"#!/bin/sh\necho \"$@\" >{home}/argv\n")
os.chmod(f"{home}/ssh", 0o755)
os.environ["PATH"] = f"{home}:{os.environ['PATH']}"
client = docker.APIClient(base_url="ssh://box", version="1.45", use_ssh_client=True)
with contextlib.suppress(Exception):  # the program says nothing
    client.ping()
with open(f"{home}/argv") as argv:
    print("ssh is started with:", argv.read().strip())
PYTHON

mkdir -p "$work/home/.ssh"

cat >"$work/expected" <<'EXPECTED'
docker 7.2.0
ssh itself: {"hostname": "192.0.2.7", "port": "2222", "user": "deploy"}
paramiko is asked for: {"hostname": "192.0.2.7", "port": 22, "username": "deploy"}
ssh is started with: -p 22 -- box docker system dial-stdio
EXPECTED

"$work/venv/bin/python" "$work/try.py" "$work/home" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: the port is found in another way" >&2
    exit 1
fi
echo "as it was seen before"
