# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network to the lab's hosts that is slow, loses packets, or is gone, and hosts that freeze or are switched off.

No kernel has to have netem: what is late is carried by a relay of ours, what is lost is dropped by a rule of nft's.
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator

from lab_hosts import Lab
from reboots import wait_for_boot

CHUNK = 65536
SSH = 22


def _carry(source: socket.socket, sink: socket.socket, delay: float) -> None:
    """What comes goes on so much later, in its order and as fast as it came."""
    waiting: queue.Queue[tuple[float, bytes]] = queue.Queue()

    def send() -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = waiting.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)

    threading.Thread(target=send, daemon=True).start()
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            waiting.put((time.monotonic() + delay, data))
    waiting.put((time.monotonic() + delay, b""))


@contextlib.contextmanager
def slow_way(address: str, round_trip: float) -> Iterator[int]:
    """A port of this machine that leads to the host's sshd, so many seconds each way round."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near, _address = listener.accept()
                    far = socket.create_connection((address, SSH))
                    for ends in ((near, far), (far, near)):
                        threading.Thread(target=_carry, args=(*ends, round_trip / 2), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def met_by(verdict: str, addresses: Iterable[str]) -> Iterator[None]:
    """What goes to these addresses, and what comes from them, meets a rule of nft's."""
    table = f"sshfleet_{os.getpid()}_{threading.get_ident() % 10_000}"
    rules = [f"add table ip {table}"]
    for name, hook, end in (("out", "output", "daddr"), ("in", "input", "saddr")):
        rules.append(f"add chain ip {table} {name} {{ type filter hook {hook} priority 0; }}")
        rules += [f"add rule ip {table} {name} ip {end} {address} {verdict}" for address in addresses]
    subprocess.run(["nft", "; ".join(rules)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["nft", f"delete table ip {table}"], check=True, capture_output=True)


def lxc_name(lab: Lab, host: str) -> str:
    """What LXC calls a host of the lab."""
    return str(lab.hosts[host]["description"]).removeprefix("LXC host ").partition(",")[0]


def _lxc(tool: str, lab: Lab, host: str, *more: str) -> None:
    subprocess.run([f"lxc-{tool}", "-n", lxc_name(lab, host), *more], check=True, capture_output=True)


@contextlib.contextmanager
def frozen(lab: Lab, host: str) -> Iterator[None]:
    """No process of the host runs while inside."""
    _lxc("freeze", lab, host)
    try:
        yield
    finally:
        _lxc("unfreeze", lab, host)


@contextlib.contextmanager
def switched_off(lab: Lab, host: str) -> Iterator[None]:
    """The host is off at once while inside, and has booted afterwards."""
    before = lab.ssh(host, "systemctl show -p UserspaceTimestampMonotonic").strip()
    lab.hang_up(host)
    _lxc("stop", lab, host, "-k")
    try:
        yield
    finally:
        _lxc("start", lab, host)
        wait_for_boot(lab, host, before)
