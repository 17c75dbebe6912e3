# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many SSH endpoints on one LXC host: it answers on every address of a network that is routed to it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NETWORK = "10.213.64.0/22"
SSHD_CONFIG = "/etc/ssh/sshd_config.d/sshfleet-bench.conf"


@dataclass(frozen=True)
class Endpoints:
    """The endpoints' inventories by number of hosts, and what a plain ssh to them needs."""

    directory: Path
    key: str

    def inventory(self, count: int) -> Path:
        return self.directory / f"{count}.hosts.json"

    @staticmethod
    def addresses(count: int) -> list[str]:
        return [f"10.213.{64 + (n + 1) // 256}.{(n + 1) % 256}" for n in range(count)]

    def ssh_argv(self, address: str) -> list[str]:
        known_hosts = f"UserKnownHostsFile={self.directory / 'known_hosts'}"
        return [
            "ssh",
            "-F",
            "none",
            "-i",
            self.key,
            "-o",
            "BatchMode=yes",
            "-o",
            known_hosts,
            f"root@{address}",
            "true",
        ]


@contextmanager
def endpoints(lab: Path, host: str, directory: Path, counts: tuple[int, ...]) -> Iterator[Endpoints]:
    """Make the endpoints on a lab host and take them down again."""
    known = entry(lab, host)
    address = known["hostname"]
    subprocess.run(["ip", "route", "replace", NETWORK, "via", address], check=True)
    try:
        on_host(lab, host, ["ip", "route", "replace", "local", NETWORK, "dev", "lo"])
        on_host(lab, host, ["tee", SSHD_CONFIG], text="MaxStartups 500\n")
        on_host(lab, host, ["systemctl", "reload", "ssh"])
        _write_inventories(lab, address, known["identity_file"], directory, counts)
        yield Endpoints(directory, known["identity_file"])
    finally:
        on_host(lab, host, ["rm", "-f", SSHD_CONFIG])
        on_host(lab, host, ["systemctl", "reload", "ssh"])
        on_host(lab, host, ["ip", "route", "del", "local", NETWORK, "dev", "lo"])
        subprocess.run(["ip", "route", "del", NETWORK, "via", address], check=True)


def entry(lab: Path, host: str) -> dict[str, str]:
    """A lab host's entry in the lab's hosts.json."""
    found: dict[str, str] = json.loads((lab / "hosts.json").read_text())["hosts"][host]
    return found


def on_host(lab: Path, host: str, command: list[str], *, text: str = "", check: bool = True) -> None:
    """Run a command on a lab host over plain ssh."""
    known = entry(lab, host)
    known_hosts = f"UserKnownHostsFile={lab.resolve() / 'known_hosts'}"
    options = ["-F", "none", "-i", known["identity_file"], "-o", "BatchMode=yes", "-o", known_hosts]
    patience = ["-o", "ConnectionAttempts=20"]  # seconds: a reloaded sshd starts anew
    argv = ["ssh", *options, *patience, f"root@{known['hostname']}", "--", *command]
    silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": None if check else subprocess.DEVNULL}
    subprocess.run(argv, input=text, text=True, check=check, timeout=300, **silent)


def pinned(lab: Path, address: str) -> list[str]:
    """The host keys of a lab host, as they stand behind its address in the lab's known_hosts."""
    lines = (lab / "known_hosts").read_text().splitlines()
    keys = [line.split(None, 1)[1] for line in lines if line.split(None, 1)[0] == address]
    if not keys:
        raise SystemExit(f"{lab / 'known_hosts'} has no plain line for {address}: was the lab made by 'make lab'?")
    return keys


def _write_inventories(lab: Path, address: str, key: str, directory: Path, counts: tuple[int, ...]) -> None:
    keys = pinned(lab, address)
    names = Endpoints.addresses(max(counts))
    (directory / "known_hosts").write_text("".join(f"{name} {line}\n" for name in names for line in keys))
    for count in counts:
        hosts = {
            f"n{n:04d}": {"hostname": name, "user": "root", "identity_file": key, "groups": ["bench"]}
            for n, name in enumerate(names[:count])
        }
        (directory / f"{count}.hosts.json").write_text(json.dumps({"version": 1, "hosts": hosts}))
    (directory / "group_vars").mkdir(exist_ok=True)
    variables = {
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={directory / 'known_hosts'}",
        "ansible_python_interpreter": "/usr/bin/python3",  # spares the peers the search for it
    }
    (directory / "group_vars" / "all.json").write_text(json.dumps(variables))
