# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which fault comes when, and to which host: by a seed, and nothing else; and what each of them does, and undoes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import bad_network
from lab_hosts import Lab

from . import processes

QUIET_END = 12.0  # seconds at the end without a fault
BETWEEN = (2.0, 6.0)  # seconds
SHAKEN: Counter[tuple[str, str]] = Counter()  # how many times an engine of a host was killed or restarted


@dataclass(frozen=True)
class Event:
    """A fault: ``at`` is in seconds from the beginning."""

    at: float
    fault: str
    host: str


def schedule(seed: str, seconds: float, hosts: list[str]) -> list[Event]:
    """All faults of a soak, in their order; each kind comes before any comes again."""
    random = Random(f"{seed} faults")  # noqa: S311 - the same again, not secret
    events: list[Event] = []
    at, waiting = random.uniform(*BETWEEN), list[str]()
    while at < seconds - QUIET_END:
        waiting = waiting or random.sample(sorted(FAULTS), len(FAULTS))
        events.append(Event(at, waiting.pop(), random.choice(hosts)))
        at += random.uniform(*BETWEEN)
    return events


@dataclass(frozen=True)
class Where:
    """A host, and the runtime directory of the soak."""

    lab: Lab
    host: str
    runtime: Path

    @property
    def address(self) -> str:
        return str(self.lab.hosts[self.host]["hostname"])

    def on_host(self, script: str) -> None:
        """What goes on there by itself, so that the host is as before whatever becomes of us."""
        with contextlib.suppress(subprocess.SubprocessError):
            self.lab.ssh(self.host, "sh", "-s", input=f"nohup sh -c '{script}' </dev/null >/dev/null 2>&1 &\n")

    def masters(self) -> list[int]:
        return [
            pid for pid, words in processes.of(self.runtime) if f"@{self.address}" in words or self.address in words
        ]


def _kill_masters(where: Where) -> None:
    for pid in where.masters():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _stop_masters(where: Where) -> None:
    """Who stopped it ends it: nobody else can tell it from one that is only slow."""
    stopped = where.masters()
    for pid in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)

    def end() -> None:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    later(8, end)


def _delete(where: Where, pattern: str) -> None:
    for path in where.runtime.rglob(pattern):
        path.unlink(missing_ok=True)


def _restart_sshd(where: Where) -> None:
    where.on_host("systemctl restart ssh")


def _network(where: Where, verdict: str, seconds: float) -> None:
    with bad_network.met_by(verdict, [where.address]):
        time.sleep(seconds)


def _engine(where: Where, engine: str, how: str) -> None:
    unit = {"docker": "docker.service", "podman": "podman.service"}[engine]
    if how != "hang":
        SHAKEN[where.host, engine] += 1
    send = f"systemctl kill --kill-who=main {unit} -s"
    where.on_host({
        "kill": f"{send} KILL; sleep 0.5; systemctl reset-failed {unit}; systemctl start {unit}",
        "restart": f"systemctl restart {unit}",
        "hang": f"{send} STOP; sleep 3; {send} CONT",
    }[how])  # fmt: skip


def _freeze(where: Where) -> None:
    with bad_network.frozen(where.lab, where.host):
        time.sleep(3)


FAULTS: dict[str, Callable[[Where], None]] = {
    "the connection's process is killed": _kill_masters,
    "the connection's process is stopped": _stop_masters,
    "control sockets are deleted": lambda where: _delete(where, "*.ctl"),
    "forwards are deleted": lambda where: _delete(where, "*.sock"),
    "sshd is restarted": _restart_sshd,
    "the network is lost for 4 s": lambda where: _network(where, "drop", 4),
    "the network loses every tenth packet for 6 s": lambda where: _network(where, "numgen random mod 10 < 1 drop", 6),
    "Docker is killed": lambda where: _engine(where, "docker", "kill"),
    "Podman is killed": lambda where: _engine(where, "podman", "kill"),
    "Docker is restarted": lambda where: _engine(where, "docker", "restart"),
    "Docker hangs for 3 s": lambda where: _engine(where, "docker", "hang"),
    "Podman hangs for 3 s": lambda where: _engine(where, "podman", "hang"),
    "the host is frozen for 3 s": _freeze,
}
_LATER: list[threading.Timer] = []


def later(seconds: float, do: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, do)
    timer.start()
    _LATER.append(timer)


@contextlib.contextmanager
def coming(lab: Lab, runtime: Path, events: list[Event], happened: list[str]) -> Iterator[None]:
    """The faults come while inside, at their times; all are undone at the end."""
    began, over = time.monotonic(), threading.Event()

    def come() -> None:
        for event in events:
            if over.wait(max(0.0, began + event.at - time.monotonic())):
                return
            happened.append(f"{time.monotonic() - began:.0f} s: {event.fault} ({event.host})")
            FAULTS[event.fault](Where(lab, event.host, runtime))

    thread = threading.Thread(target=come, name="faults", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for timer in _LATER:
            timer.join()
        _LATER.clear()
