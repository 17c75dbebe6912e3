# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A soak: six engines are worked on at once, by modules in this process and by Ansible, while faults come.

The same seed gives the same operations on each engine, and the same faults at the same times.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab_hosts import Lab
from tasks import through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel as tunnels

from . import faults, processes, truth
from .endpoints import ENDPOINTS, IDLE
from .model import IMAGE
from .work import EXPECTED, Worker

PLAYED = "played-in-soak"  # the container of the playbooks
EACH = 2.0  # seconds between two looks at the memory
MOST_GROWN = 10 * 1024  # KiB
SPARE_DESCRIPTORS = 8
ENDS_ITSELF = IDLE + 45.0  # seconds within which connections that nobody knows have ended


@dataclass
class Report:
    """What a soak came to: ``wrong`` is empty where all was right."""

    seed: str
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Playbooks(threading.Thread):
    """Ansible, again and again, with a container of its own on each engine."""

    def __init__(self, lab: Lab, folder: Path, ends: float) -> None:
        super().__init__(name="playbooks", daemon=True)
        self.lab, self.folder, self.ends = lab, folder, ends
        self.runs, self.wrong = 0, list[str]()
        self.kinds: Counter[str] = Counter()

    def run(self) -> None:
        while time.monotonic() < self.ends and not self.wrong:
            self.runs += 1
            try:
                self._play(str(self.runs))
            except BaseException as error:
                self.wrong.append(f"playbook {self.runs}: {error!r}")

    def at_end(self) -> None:
        """Once more, when there are no faults any more: all has to be right, and nothing of the others is left."""
        before = self.kinds.copy()
        self._play("end")
        if self.kinds != before:
            self.wrong.append(f"the last playbook has failed: {self.kinds - before}")

    def _play(self, value: str) -> None:
        container = {"name": PLAYED, "image": IMAGE, "command": ["sleep", "86400"], "stop_timeout": 0}
        tasks: list[dict[str, Any]] = [
            {"remote_container": {**container, "env": {"V": value}}},
            {"remote_container_exec": {"container": PLAYED, "argv": ["sh", "-c", "echo $V"]}},
        ]
        engines = [(one.host, one.name) for one in ENDPOINTS]
        told = through_ansible(
            self.lab, self.folder, lambda engine: [{**task, "ignore_errors": True} for task in tasks],
            "-e", json.dumps({"sshfleet_tunnel_idle": IDLE}), engines=engines, ignore_unreachable=True,
        )  # fmt: skip
        for endpoint, results in told.results.items():
            for result in results:
                if "error" in result:
                    self.kinds[result["error"]["kind"]] += 1
                    if result["error"]["kind"] not in EXPECTED:
                        self.wrong.append(f"playbook {value}, {endpoint}: {result['msg']}")
            made, said = results
            right = made.get("changed") and (said.get("stdout", value) or value) == value
            if not right and "error" not in made:
                self.wrong.append(f"playbook {value}, {endpoint}: {made}, {said}")


def soak(lab: Lab, folder: Path, seed: str, seconds: float, tell: Callable[[str], None]) -> Report:
    """Work for so many seconds, then hold everything against the model once more, and look for what was leaked.

    :param lab: with a runtime directory of its own, which this process has in its environment.
    """
    report = Report(seed)
    for one in ENDPOINTS:
        truth.clear(lab, one.host, one.name)
    before = processes.size()
    events = faults.schedule(seed, seconds, sorted({one.host for one in ENDPOINTS}))
    ends = time.monotonic() + seconds
    workers = [Worker(lab, one, f"{seed} {one}", ends) for one in ENDPOINTS]
    playbooks = Playbooks(lab, folder, ends)
    sizes: list[processes.Size] = []
    happened: list[str] = []
    with faults.coming(lab, lab.runtime, events, happened):
        for thread in (*workers, playbooks):
            thread.start()
        while any(thread.is_alive() for thread in (*workers, playbooks)):
            time.sleep(EACH)
            sizes.append(processes.size())
    playbooks.at_end()
    for worker in workers:
        worker.look(at_end=True)
    report.wrong += [problem for worker in workers for problem in worker.told.wrong] + playbooks.wrong
    report.wrong += processes.grown(sizes, MOST_GROWN)
    report.wrong += _left(lab, before)
    for worker in workers:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(worker.told.kinds.items())) or "none"
        report.lines.append(
            f"{worker.name}: {worker.told.done} operations, {worker.told.looks} looks, {worker.told.killed} processes "
            f"killed, {worker.told.healed} times healed, errors: {kinds}"
        )
    report.lines.append(f"{playbooks.runs} playbooks on all of them, errors: {dict(playbooks.kinds) or 'none'}")
    report.lines.append(f"{len(happened)} faults: {'; '.join(happened)}")
    report.lines.append(
        f"before {before}; at the end {processes.size()}; at most {max(sizes, key=lambda one: one.memory)}"
    )
    for line in (f"seed {seed}", *report.lines, *report.wrong):
        tell(line)
    for one in ENDPOINTS:
        truth.clear(lab, one.host, one.name)
        lab.ssh(one.host, one.name, "rm", "-f", PLAYED, check=False)
    return report


def _left(lab: Lab, before: processes.Size) -> list[str]:
    """What is left when the connections that are known are closed: of the others, after their idle time."""
    for info in tunnels.list_tunnels():
        tunnels.close_tunnel(info)
    end = time.monotonic() + ENDS_ITSELF
    while (running := processes.of(lab.runtime)) and time.monotonic() < end:
        time.sleep(0.5)
    left = [f"process {pid} is left: {words}" for pid, words in running]
    left += [f"{path} is left" for path in lab.runtime.rglob("*") if path.is_socket() or path.suffix == ".json"]
    after = processes.size()
    if after.descriptors > before.descriptors + SPARE_DESCRIPTORS or after.threads > before.threads:
        left.append(f"descriptors or threads are left: {before} before, {after} after")
    for host in sorted({one.host for one in ENDPOINTS}):
        found = lab.ssh(host, "pgrep", "-af", "'dial-stdio|sshfleet-'", check=False)
        left += [f"{host} still has {line}" for line in found.splitlines() if "pgrep" not in line]
    return left
