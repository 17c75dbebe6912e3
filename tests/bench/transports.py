# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make bench``: OpenSSH's client and paramiko side by side: a task with no connection open, the same task many times
in a loop, and a hundred megabytes each way through a forward.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
sys.path.insert(1, str(HERE.parent / "support"))
sys.path.insert(1, str(CHECKOUT / ".dev"))

from connections import connections  # noqa: E402
from endpoints import entry, on_host  # noqa: E402
from measure import Cost, ansible_environment, measure, median, verdict  # noqa: E402

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget  # noqa: E402
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import (  # noqa: E402
    OPENSSH,
    PARAMIKO,
    open_transport,
)

CLIENTS = (OPENSSH, PARAMIKO)
ITEMS, REPEATS = 20, 5
MEGABYTES = 100
SOCKET = "/run/sf-bench.sock"
# Sends as many megabytes as it is told by a line, or takes what comes and says how much that was.
PEER = f"""
import os, socket
listener = socket.socket(socket.AF_UNIX)
listener.bind({SOCKET!r})
listener.listen(1)
block = os.urandom(1 << 20)
while True:
    client = listener.accept()[0]
    count = int(client.recv(16))
    for _number in range(count):
        client.sendall(block)
    if not count:
        while data := client.recv(1 << 20):
            count += len(data)
        client.sendall(b"%d" % count)
    client.close()
"""


class Bench:
    """Runs of Ansible against one lab host."""

    def __init__(self, lab: Path, host: str, ansible: Path, directory: Path) -> None:
        self.lab, self.host, self.ansible, self.directory = lab, host, ansible, directory

    def run(self, client: str, times: int, kept: Path) -> Cost:
        task = {"sshfleet.containers.remote_engine_info": {"engine": "docker"}, "loop": list(range(times))}
        file = self.directory / "play.yml"
        file.write_text(json.dumps([{"hosts": self.host, "gather_facts": False, "tasks": [task]}]))
        environment = ansible_environment(XDG_RUNTIME_DIR=str(kept), SSHFLEET_TRANSPORT=client)
        return measure([str(self.ansible), "-i", str(self.lab / "hosts.json"), str(file)], environment, self.directory)

    def cold(self, client: str) -> Cost:
        with connections() as kept:
            return self.run(client, 1, kept)

    def each(self, client: str) -> float:
        """Seconds that one more item takes once the first has been done."""
        with connections() as kept:
            one = self.run(client, 1, kept)
            one = median([one, self.run(client, 1, kept), self.run(client, 1, kept)])
            return (median([self.run(client, 1 + ITEMS, kept) for _turn in range(3)]).wall - one.wall) / ITEMS


@contextmanager
def peer(lab: Path, host: str) -> Iterator[None]:
    on_host(lab, host, [f"rm -f {SOCKET}; cat > {SOCKET}.py"], text=PEER)
    start = f"nohup python3 {SOCKET}.py >/dev/null 2>&1 & echo $! > {SOCKET}.pid"
    on_host(lab, host, [f"{start}; while [ ! -S {SOCKET} ]; do sleep 0.1; done"])
    try:
        yield
    finally:
        on_host(lab, host, [f"kill $(cat {SOCKET}.pid); rm -f {SOCKET} {SOCKET}.*"], check=False)


def target(lab: Path, host: str) -> SshTarget:
    known = entry(lab, host)
    words = ("-F", "none", "-o", f"UserKnownHostsFile={lab / 'known_hosts'}")
    return SshTarget(known["hostname"], user="root", private_key_file=known["identity_file"], ssh_args=words, name=host)


def through(local: str, megabytes: int) -> float:
    """Megabytes a second, from the host; with 0, that many to it."""
    began = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(local)
        connection.sendall(b"%-16d" % megabytes)
        if not megabytes:
            block = os.urandom(1 << 20)
            for _number in range(MEGABYTES):
                connection.sendall(block)
            connection.shutdown(socket.SHUT_WR)
        count = sum(map(len, iter(lambda: connection.recv(1 << 20), b"")))
    assert not megabytes or count == megabytes << 20
    return MEGABYTES / (time.perf_counter() - began)


def rates(lab: Path, host: str, client: str) -> tuple[float, float]:
    """Megabytes a second (from the host, to it)."""
    way = open_transport(target(lab, host), lambda _message: None, idle=60, retries=3, client=client)
    try:
        local = way.forward(SOCKET)
        through(local, 1)
        return tuple(  # type: ignore[return-value]
            statistics.median(through(local, megabytes) for _turn in range(3)) for megabytes in (MEGABYTES, 0)
        )
    finally:
        way.close()


def compare(bench: Bench) -> None:
    print("\nOpenSSH's client and paramiko", flush=True)
    cold: dict[str, float] = {}
    each: dict[str, float] = {}
    for client in CLIENTS:
        cold[client] = median([bench.cold(client) for _turn in range(REPEATS)]).wall
        each[client] = bench.each(client)
        words = f"cold {cold[client]:.2f} s, each further item {1000 * each[client]:.0f} ms"
        print(f"  {client:9} one task: {words}", flush=True)
    with connections() as kept, peer(bench.lab, bench.host):
        os.environ["XDG_RUNTIME_DIR"] = str(kept)
        for client in CLIENTS:
            down, up = rates(bench.lab, bench.host, client)
            print(f"  {client:9} {MEGABYTES} MB: {down:.0f} MB/s from the host, {up:.0f} MB/s to it", flush=True)
    verdict("cold, paramiko against OpenSSH", cold[PARAMIKO] / cold[OPENSSH], 1.3)
    verdict("a further item, paramiko's login included (ms)", 1000 * each[PARAMIKO], 500)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", type=Path, default=Path(os.environ.get("SSHFLEET_LAB") or CHECKOUT / ".lab"))
    parser.add_argument("--host", default="trixie1")
    parser.add_argument("--ansible", type=Path, default=CHECKOUT / ".venv" / "bin" / "ansible-playbook")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sshfleet-bench-") as name:
        compare(Bench(given.lab.resolve(), given.host, given.ansible.absolute(), Path(name)))


if __name__ == "__main__":
    main()
