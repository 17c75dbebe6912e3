# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wall time, CPU time and peak memory of a command with all its children, and what is made of such figures."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
LAB = Path(os.environ.get("SSHFLEET_LAB") or CHECKOUT / ".lab")  # as for the tests
sys.path.insert(1, str(HERE.parent / "support"))

from hung import descendants  # noqa: E402

# Of whoever calls the benchmark, not of users: their Python keeps bytecode.
OWN_SETTINGS = ("ANSIBLE_", "SSHFLEET_", "PYTHONDONTWRITEBYTECODE")

PAGE = resource.getpagesize()
PIPES: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}


@dataclass(frozen=True)
class Cost:
    """wall and cpu in seconds, memory in bytes (the highest sum over all its processes, as sampled;
    pages shared with files are left out, pages shared since a fork count once for each process)."""

    wall: float
    cpu: float
    memory: int


def ansible_environment(**settings: str) -> dict[str, str]:
    """The environment of a measured Ansible: this checkout's collection, and nothing of the caller's own settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(OWN_SETTINGS)}
    return {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".dev"),
        "ANSIBLE_ACTION_PLUGINS": str(HERE / "action_plugins"),
        "ANSIBLE_INVENTORY_ENABLED": "sshfleet.containers.hosts_json",
        **settings,
    }


class CommandError(RuntimeError):
    """The measured command failed: its figures would mean nothing. ``output`` is all that it printed."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


def measure(argv: Sequence[str], env: Mapping[str, str], cwd: Path, patience: float | None = None) -> Cost:
    """Run argv once.

    :param patience: seconds after which it is killed, None for no limit.
    :raises CommandError: when it exits with anything but 0, or not in time, with the end of its output.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(
        argv, env=dict(env), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    sampler = Sampler(process.pid)
    sampler.start()
    try:
        output, _none = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        output = f"{process.communicate()[0]}\nIt took more than {patience:g} seconds."
    wall = time.perf_counter() - started
    sampler.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        said = f"{' '.join(argv[:6])} … exited with {process.returncode}:\n{output[-1500:]}"
        raise CommandError(said, output)
    cpu = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return Cost(wall, cpu, sampler.peak)


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure by itself."""
    figures = zip(*((cost.wall, cost.cpu, cost.memory) for cost in costs), strict=True)
    return Cost(*(statistics.median(values) for values in figures))


def verdict(what: str, value: float, limit: float, *, at_least: bool = False) -> None:
    """Print a figure beside its limit."""
    reached = value >= limit if at_least else value <= limit
    bound = "at least" if at_least else "at most"
    print(f"  {what:62} {value:7.2f}  ({bound} {limit:g}: {'reached' if reached else 'NOT REACHED'})", flush=True)


class Sampler(threading.Thread):
    """Adds up the resident memory of a process and its descendants, five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.2):
            self.peak = max(self.peak, sum(_resident(pid) for pid in (self.pid, *descendants(self.pid))))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _resident(pid: int) -> int:
    """Bytes of memory that a process does not share with files or others' shared segments."""
    try:
        _size, resident, shared = (int(field) for field in Path(f"/proc/{pid}/statm").read_text().split()[:3])
    except (OSError, ValueError):  # it has ended meanwhile
        return 0
    return (resident - shared) * PAGE
