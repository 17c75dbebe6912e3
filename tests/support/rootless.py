# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Engines without root on lab hosts: of an ordinary user with a systemd of its own, who is removed afterwards."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine_cases import IMAGE
from lab_hosts import Lab
from lab_users import lab_user, script

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient

KEEPER = "keeper"
ENGINES = (("bookworm1", "podman"), ("trixie1", "podman"), ("trixie1", "docker"))

# What a host needs for it, a user's engine, and the test image in it. Prints the path of the socket.
PACKAGES = "uidmap slirp4netns passt dbus-user-session rootlesskit"
DOCKERD = "/usr/share/docker.io/contrib/dockerd-rootless.sh"
MAKE = f"""
set -e
exec 3>&1 >&2
for package in {PACKAGES}; do
  dpkg -s $package >/dev/null 2>&1 || apt-cache show $package >/dev/null 2>&1 && wanted="$wanted $package"
done
export DEBIAN_FRONTEND=noninteractive
install="apt-get install --quiet=2 --yes --no-install-recommends $wanted"
$install || {{ apt-get update --quiet=2; $install; }}
user=$1 engine=$2
case $(stat -c %a /dev/net/tun) in
  ??[67]) ;;
  *) umount /dev/net/tun; rm -f /dev/net/tun; mknod -m 666 /dev/net/tun c 10 200;;  # of a parent without udev
esac
for try in $(seq 60); do  # until logind has forgotten the last user of that number, whose end it brings seconds later
  [ "$(loginctl show-user --property State --value $user 2>/dev/null)" = closing ] || break
  sleep 0.5
done
loginctl enable-linger $user
systemctl start user@$(id -u $user)
XDG_RUNTIME_DIR=/run/user/$(id -u $user)
timeout 60 sh -c "until [ -S $XDG_RUNTIME_DIR/systemd/private ]; do sleep 0.2; done"
as() {{ runuser -u $user -- env HOME=/home/$user XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR PATH=/usr/sbin:/usr/bin "$@"; }}
cd /home/$user
case $engine in
  podman)
    socket=$XDG_RUNTIME_DIR/podman/podman.sock
    as systemctl --user start podman.socket
    $engine save {IMAGE} | as podman load;;
  docker)
    socket=$XDG_RUNTIME_DIR/docker.sock
    as systemd-run --user --unit rootless-docker --setenv PATH=/usr/sbin:/usr/bin {DOCKERD}
    for second in $(seq 60); do as docker --host unix://$socket version && break; sleep 1; done
    $engine save {IMAGE} | as docker --host unix://$socket load;;
esac
echo $socket >&3
"""
END = """
uid=$(id -u $1) || exit 0
loginctl disable-linger $1
systemctl stop user@$uid
"""


@contextmanager
def rootless(lab: Lab, engines: Sequence[tuple[str, str]] = ENGINES) -> Iterator[dict[tuple[str, str], str]]:
    """The sockets of the engines of one user on each host, by host and engine."""
    hosts = sorted({host for host, _engine in engines})

    def begin(host: str) -> dict[tuple[str, str], str]:
        its = [one for one in engines if one[0] == host]
        return {one: script(lab, host, MAKE, KEEPER, one[1]).strip() for one in its}

    with ThreadPoolExecutor(len(hosts)) as pool, _users(lab, hosts):
        try:
            yield {key: socket for found in pool.map(begin, hosts) for key, socket in found.items()}
        finally:
            list(pool.map(lambda host: script(lab, host, END, KEEPER, check=False), hosts))


@contextmanager
def _users(lab: Lab, hosts: Sequence[str]) -> Iterator[None]:
    if not hosts:
        yield
        return
    with lab_user(lab, hosts[0], KEEPER), _users(lab, hosts[1:]):
        yield


def inventory(lab: Lab, sockets: dict[tuple[str, str], str], path: Path) -> str:
    """A host for each engine, as its user reaches it: HOST-ENGINE."""
    common = f"-o UserKnownHostsFile={lab.known_hosts} -F none"
    hosts: dict[str, Any] = {
        f"{host}-{engine}": {
            "ansible_host": lab.hosts[host]["hostname"], "ansible_user": KEEPER,
            "ansible_ssh_private_key_file": lab.key, "ansible_ssh_common_args": common,
            "sshfleet_engine_socket": socket,
        }
        for (host, engine), socket in sockets.items()
    }  # fmt: skip
    path.write_text(json.dumps({"all": {"hosts": hosts}}))
    return str(path)


@contextmanager
def client_of(lab: Lab, host: str, socket: str, user: str = KEEPER) -> Iterator[EngineClient]:
    """A client over a plain ``ssh -N`` as that user."""
    with tempfile.TemporaryDirectory(prefix="rootless-") as directory:
        local = Path(directory, "socket")
        argv = lab.ssh_argv(host)[:-2]
        forward = ["-N", "-L", f"{local}:{socket}", f"{user}@{lab.hosts[host]['hostname']}"]
        process = subprocess.Popen([*argv, *forward], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not local.exists():
            assert process.poll() is None and time.monotonic() < deadline, "ssh opened no forward"
            time.sleep(0.05)
        try:
            with EngineClient(str(local), timeout=60, asks_for_root=True) as client:
                yield client
        finally:
            process.kill()
            process.wait()
