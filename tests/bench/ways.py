# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other ways to the same endpoints, as variables: as a user who needs sudo, and behind a jump host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from endpoints import NETWORK, Endpoints, entry, on_host, pinned

USER = "sshfleet-bench"
SUDOERS = "/etc/sudoers.d/sshfleet-bench"  # sudo takes no name with a dot


@contextmanager
def sudo(lab: Path, host: str) -> Iterator[dict[str, Any]]:
    """A user on the endpoints' host who may not open the engines' sockets, and may sudo without a password."""
    home = f"/home/{USER}"
    on_host(lab, host, ["userdel", "--force", "--remove", USER], check=False)
    try:
        on_host(lab, host, ["apt-get", "install", "-qq", "--no-install-recommends", "sudo"])
        on_host(lab, host, ["useradd", "--create-home", "--shell", "/bin/sh", USER])
        keys = ["/root/.ssh/authorized_keys", f"{home}/.ssh/authorized_keys"]
        on_host(lab, host, ["install", "-D", "-m", "0600", "-o", USER, *keys])
        on_host(lab, host, ["install", "-m", "0440", "/dev/stdin", SUDOERS], text=f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
        yield {"ansible_user": USER, "ansible_become": True}
    finally:
        on_host(lab, host, ["rm", "-f", SUDOERS])
        on_host(lab, host, ["userdel", "--force", "--remove", USER], check=False)


@contextmanager
def jump(lab: Path, host: str, via: str, made: Endpoints) -> Iterator[dict[str, Any]]:
    """Another lab host that reaches the endpoints; its sshd keeps its defaults."""
    gate = entry(lab, via)
    known_hosts = made.directory / "known_hosts"
    with known_hosts.open("a") as file:
        file.writelines(f"{gate['hostname']} {key}\n" for key in pinned(lab, gate["hostname"]))
    on_host(lab, via, ["ip", "route", "replace", NETWORK, "via", entry(lab, host)["hostname"]])
    try:
        place = f"{gate.get('user', 'root')}@{gate['hostname']}"
        yield {
            "ansible_ssh_common_args": f"-o UserKnownHostsFile={known_hosts} -o ProxyJump={place}",
            "sshfleet_jump_keys": {place: gate["identity_file"]},
        }
    finally:
        on_host(lab, via, ["ip", "route", "del", NETWORK])
