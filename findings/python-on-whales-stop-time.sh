#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# python-on-whales 0.81.0: container.stop(time=120) passes no time on, with a timedelta it is refused
#
# Expected:
#   container.stop(x, time=...) is annotated as int or timedelta, "Seconds to wait for stop before killing a
#   container".
# Happens:
#   An integer is dropped: time=120 (or 0, to kill at once) calls `docker container stop web`, which waits the
#   engine's 10 seconds. timedelta(minutes=2) becomes --time 120.0s, and the CLI takes whole numbers only ("invalid
#   argument"). No value of the documented types does what it says. container.restart(), which has the same
#   parameter, hands integers on.
# Why it matters:
#   The call looks right and succeeds. Who asks for two minutes, so that a database can finish, gets it killed after
#   ten seconds.
# To live with it:
#   Set stop_timeout when the container is created, use kill() instead of 0, or run docker stop --time directly.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install python-on-whales==0.81.0

# Packages of Debian 13 (trixie), fetched through this machine's own mirror and unpacked; nothing is installed.
debian() {
    local mirror
    # shellcheck disable=SC2016 # apt-get fills it in
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' | sort -u | head -n 1)
    [[ -n $mirror ]] || { echo "needs Debian and its package lists (apt-get update)" >&2; exit 2; }
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/root"
    touch "$work/apt/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/apt/sources.list"
    cat >"$work/apt/apt.conf" <<CONF
Dir::Etc::SourceList "$work/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$work/apt/lists";
Dir::State::Status "$work/apt/status";
Dir::Cache "$work/apt";
APT::Sandbox::User "";
CONF
    (
        cd "$work/apt"
        export APT_CONFIG=$work/apt/apt.conf
        apt-get -qq update
        apt-get -qq download "$@"
    )
    for package in "$work"/apt/*.deb; do dpkg -x "$package" "$work/root"; done
}

debian docker-cli
version=$(dpkg-deb --field "$work"/apt/docker-cli_*.deb Version)
echo "docker-cli $version"
[[ $version == 26.1.5* ]] || { echo "changed: docker-cli is no longer 26.1.5" >&2; exit 1; }

cat >"$work/try.py" <<'PYTHON'
import os
import subprocess
import sys
from datetime import timedelta
from importlib.metadata import version

from python_on_whales import DockerClient

docker, work = sys.argv[1:]
stub = f"{work}/stub"
with open(stub, "w") as program:
    program.write(f"#!/bin/sh\necho \"$@\" >{work}/argv\n")
os.chmod(stub, 0o755)
print("python-on-whales", version("python-on-whales"))
container = DockerClient(client_call=[stub]).container
stop, restart = container.stop, container.restart
for action, time in ((stop, 120), (stop, 0), (stop, timedelta(minutes=2)), (restart, 120)):
    action("web", time=time)
    with open(f"{work}/argv") as argv:
        words = argv.read().split()
    # No engine answers at this address: the real program tells whether it takes its arguments before it tries.
    answer = subprocess.run([docker, "-H", f"unix://{work}/none", *words], capture_output=True, text=True).stderr
    verdict = "refused" if "invalid argument" in answer else "understood"
    print(f"{action.__name__}(time={time!r}) -> docker {' '.join(words)} -> {verdict}")
PYTHON

cat >"$work/expected" <<'EXPECTED'
python-on-whales 0.81.0
stop(time=120) -> docker container stop web -> understood
stop(time=0) -> docker container stop web -> understood
stop(time=datetime.timedelta(seconds=120)) -> docker container stop --time 120.0s web -> refused
restart(time=120) -> docker restart --time 120 web -> understood
EXPECTED

"$work/venv/bin/python" "$work/try.py" "$work/root/usr/bin/docker" "$work" | tee "$work/seen"
if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: times are handed on in another way" >&2
    exit 1
fi
echo "as it was seen before"
