# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A way over ten jump hosts through the lab: sshds of our own, each open to the one before it and to nobody else.

Hop n has the user, the port and the key n; its host is one of the lab's three in turn, and nftables there drops
whatever comes to its port from another address than hop n - 1's. The target behind them is open to the lab's hosts,
but not to this machine.
"""

from __future__ import annotations

import socket
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lab_hosts import Lab

LONGEST = 10
FIRST_PORT = 2900
TARGET_PORT = 2999
HOSTS = ("bookworm1", "bookworm2", "trixie1")
TARGET = "trixie1"
TABLE = "inet sshfleet_jump"


@dataclass(frozen=True)
class Hop:
    """One sshd of ours: where it runs, who may log in with which key, and which addresses its port is open to."""

    host: str
    address: str
    port: int
    user: str
    key: str
    open_to: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.user}@{self.address}:{self.port}"

    @property
    def folder(self) -> str:
        return f"/tmp/sshd-jump-{self.port}"


@dataclass
class Way:
    """The hops in their order, and the target, which hop 2 (bookworm2) and hop 10 (bookworm1) can reach."""

    lab: Lab
    folder: Path
    hops: list[Hop] = field(default_factory=list)
    target: Hop = field(init=False)

    def __post_init__(self) -> None:
        addresses = {host: str(self.lab.hosts[host]["hostname"]) for host in HOSTS}
        before = ""  # this machine, which every lab host sees as its gateway
        for number in range(1, LONGEST + 1):
            host = HOSTS[(number - 1) % len(HOSTS)]
            key = str(self.folder / f"key{number}")
            hop = Hop(host, addresses[host], FIRST_PORT + number, f"hop{number}", key, (before,) if before else ())
            self.hops.append(hop)
            before = addresses[host]
        self.target = Hop(TARGET, addresses[TARGET], TARGET_PORT, "root", self.lab.key, tuple(addresses.values()))

    def chain(self, count: int) -> list[Hop]:
        return self.hops[:count]

    def jump_keys(self, count: int) -> tuple[tuple[str, str], ...]:
        return tuple((hop.place, hop.key) for hop in self.chain(count))

    def logins(self, hop: Hop) -> int:
        return self.log(hop).count("Accepted publickey")

    def log(self, hop: Hop) -> str:
        return self.lab.ssh(hop.host, "cat", f"{hop.folder}/log")

    def forget_log(self) -> None:
        for host in HOSTS:
            self.lab.ssh(host, "sh", "-c", "'for log in /tmp/sshd-jump-*/log; do : > $log; done'")

    def restart(self, hop: Hop, *options: str) -> None:
        """Start a hop's sshd anew with other options; connections stay."""
        self.lab.ssh(hop.host, "sh", "-s", input=f"{_stop(hop)}\n{_start(hop, *options)}")

    def cut(self, hop: Hop) -> None:
        """Let the packets of a hop's connections vanish."""
        self.lab.ssh(hop.host, "nft", f"insert rule {TABLE} way tcp dport {hop.port} counter drop")
        self.lab.ssh(hop.host, "nft", f"add rule {TABLE} back tcp sport {hop.port} counter drop")

    def mend(self, hop: Hop) -> None:
        own = [one for one in [*self.hops, self.target] if one.host == hop.host]
        self.lab.ssh(hop.host, "sh", "-s", input=_rules(own))


def answers(address: str, port: int, within: float = 1.5) -> bool:
    """Whether anybody takes a TCP connection from this machine there."""
    try:
        socket.create_connection((address, port), within).close()
    except OSError:
        return False
    return True


@contextmanager
def way(lab: Lab, folder: Path) -> Iterator[Way]:
    """Make all of it, and take it down again."""
    made = Way(lab, folder)
    for hop in made.hops:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hop.key], check=True)
    by_host: defaultdict[str, list[Hop]] = defaultdict(list)
    for hop in [*made.hops, made.target]:
        by_host[hop.host].append(hop)
    try:
        for host, hops in by_host.items():
            lab.ssh(host, "sh", "-s", input="\n".join(["set -e", *map(_user, hops), *map(_start, hops), _rules(hops)]))
        yield made
    finally:
        for host, hops in by_host.items():
            ends = [_stop(hop) for hop in hops]
            gone = [f"pkill -u {h.user}; userdel -r {h.user}" for h in hops if h.user != "root"]
            files = [f"rm -rf {hop.folder}" for hop in hops]
            script = "\n".join([*ends, *gone, *files, f"nft delete table {TABLE}", "true"])
            lab.ssh(host, "sh", "-s", input=f"exec 2>/dev/null\n{script}")


def _user(hop: Hop) -> str:
    key = Path(f"{hop.key}.pub").read_text().strip()
    add = "" if hop.user == "root" else f"id {hop.user} >/dev/null 2>&1 || useradd -m {hop.user}\n"
    return f"{add}mkdir -p {hop.folder}\necho '{key}' > {hop.folder}/authorized_keys\n"


def _start(hop: Hop, *options: str) -> str:
    lines = [
        *options,  # the first value wins
        f"Port {hop.port}",
        f"HostKey {hop.folder}/key",
        f"PidFile {hop.folder}/pid",
        f"AuthorizedKeysFile {hop.folder}/authorized_keys",
        f"AllowUsers {hop.user}",
        "StrictModes no",
        "UsePAM yes",
        "LogLevel VERBOSE",
    ]
    return (
        f"cd {hop.folder}\n[ -f key ] || ssh-keygen -q -t ed25519 -N '' -f key\n"
        f"printf '%s\\n' {' '.join(repr(line) for line in lines)} > config\n"
        f"/usr/sbin/sshd -f {hop.folder}/config -E {hop.folder}/log\n"
        "n=0; while [ ! -s pid ] && [ $n -lt 300 ]; do sleep 0.1; n=$((n + 1)); done"
    )


def _stop(hop: Hop) -> str:
    """It has let go of its port when this ends; the next one could not have it before."""
    return (
        f"if [ -f {hop.folder}/pid ]; then old=$(cat {hop.folder}/pid); rm -f {hop.folder}/pid; kill $old\n"
        "n=0; while kill -0 $old 2>/dev/null && [ $n -lt 300 ]; do sleep 0.1; n=$((n + 1)); done; fi"
    )


def _rules(hops: list[Hop]) -> str:
    """Each port is open to its own addresses only, of which the host itself is one."""
    closed = [
        f"add rule {TABLE} way tcp dport {hop.port} ip saddr != {{ {', '.join(hop.open_to)} }} counter drop"
        for hop in hops
        if hop.open_to
    ]
    lines = [
        f"add table {TABLE}",
        f"delete table {TABLE}",
        f"add table {TABLE}",
        f"add chain {TABLE} way {{ type filter hook input priority -10; }}",
        f"add chain {TABLE} back {{ type filter hook output priority -10; }}",
        *closed,
    ]
    return "nft -f - <<'END'\n" + "\n".join(lines) + "\nEND"
