# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One engine's work: each operation until it has succeeded, and what is there held against the model."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, deque
from dataclasses import astuple, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from checkout import CHECKOUT
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import FleetError

from . import truth
from .endpoints import Endpoint
from .faults import SHAKEN
from .model import Op, begin, begun, chosen, wanted

# What faults may come to; any other kind is a wrong result.
EXPECTED = {
    "unreachable", "no_answer", "answer_lost", "timeout", "engine_down", "socket_missing", "socket_unknown", "busy",
    "container_stopped", "engine_error", "sessions", "bad_answer", "container_ended",
}  # fmt: skip
MOST_TRIES, PAUSE = 30, 1.0  # seconds after a failure
EVERY = 12  # operations after which the engine is looked at
KILLED = 0.05  # of the operations are begun by a process that is killed
SUPPORT = CHECKOUT / "tests" / "support"


@dataclass
class Told:
    """What came of the work of one engine."""

    done: int = 0
    looks: int = 0
    healed: int = 0  # times that the engine had not started its containers again after it was killed
    killed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Worker(threading.Thread):
    """The work on one engine."""

    def __init__(self, lab: Lab, endpoint: Endpoint, seed: str, ends: float) -> None:
        super().__init__(name=str(endpoint), daemon=True)
        self.lab, self.endpoint, self.ends = lab, endpoint, ends
        self.engine = endpoint.engine(lab)
        self.random, self.other = Random(seed), Random(f"{seed} killed")  # noqa: S311 - the same again, not secret
        self.model = begun()
        self.told = Told()
        self.began = time.monotonic()
        self.history: deque[str] = deque(maxlen=8)  # what happened last, for who has to understand what is wrong

    def run(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="soak") as folder:
                self._work(Path(folder))
        except BaseException as error:
            where = "".join(traceback.format_exception(error)[-4:])
            self.told.wrong.append(f"{self.name} has ended: {error!r}\n{where}")

    def _work(self, folder: Path) -> None:
        for op in begin():
            self._do(op)
        number = 0
        while time.monotonic() < self.ends and not self.told.wrong:
            number += 1
            op = chosen(self.model, self.random, number)
            if op.module == "container_copy" and "path" in op.params:
                op = Op(op.module, {**op.params, "path": str(folder / "fetched")}, True, wrong=op.wrong)
                (folder / "fetched").unlink(missing_ok=True)
            if op.again and self.other.random() < KILLED:
                self._killed(op)
            self._do(op)
            if number % EVERY == 0:
                self.look()

    def look(self, at_end: bool = False) -> None:
        """Hold what is there against the model. An engine that was killed need not have started all its containers
        again; a task does.
        """
        self.told.looks += 1
        found = self._differences(at_end)
        if found and self.shaken:
            self.told.healed += 1
            for op in wanted(self.model):
                self._do(op)
            found = self._differences(at_end)
        self.known = self._shocks()
        for one in found:
            self._wrong("look", one)

    def _differences(self, at_end: bool) -> list[str]:
        patience = truth.SHORT if self.shaken else truth.PATIENCE
        return truth.differences(self.lab, self.endpoint.host, self.endpoint.name, self.model, patience, at_end)

    known = 0

    def _shocks(self) -> int:
        return SHAKEN[self.endpoint.host, self.endpoint.name]

    @property
    def shaken(self) -> bool:
        """Whether the engine was killed or restarted since it was looked at: Docker ends its containers then."""
        return self.endpoint.name == "docker" and self._shocks() != self.known

    def _do(self, op: Op) -> None:
        disturbed = False
        for _try in range(MOST_TRIES):
            try:
                result = self.engine.run(op.module, op.params)
            except FleetError as error:
                disturbed = True
                self._note(op, error)
                op.maybe()
                if not op.again and op.module == "container_exec":
                    return  # it may have been done
                time.sleep(PAUSE)
                continue
            op.after()
            self.told.done += 1
            self._happened(f"{op}: {'changed' if result['changed'] else 'ok'}")
            if problem := op.wrong(result):
                self._wrong(op, problem)
            if not (disturbed or self.disturbed or self.shaken) and result["changed"] is not op.changes:
                self._wrong(op, f"changed is {result['changed']}: {result.get('actions')}")
            self.disturbed = False
            if op.again and self.random.random() < 0.2:
                self._unchanged(op)
            return
        self._wrong(op, f"it did not succeed in {MOST_TRIES} tries")

    disturbed = False  # whether a killed process may have done some of the next operation

    def _unchanged(self, op: Op) -> None:
        """The same again, in check mode; Docker starts containers by itself for a while after it was killed."""
        try:
            again = self.engine.run(op.module, op.params, check=True)
        except FleetError as error:
            self._note(op, error)
            return
        if again["changed"] and "path" not in op.params and not self.shaken:
            self._wrong(op, f"the same again would change something: {again.get('actions')}")

    def _killed(self, op: Op) -> None:
        """A process begins it, and is killed."""
        self.told.killed += 1
        self.disturbed = True
        self._happened(f"{op}: begun by a process that is killed")
        given = [str(self.lab.directory), str(self.lab.runtime), astuple(self.endpoint), op.module, dict(op.params)]
        process = subprocess.Popen(
            [sys.executable, "-m", "soak.child", json.dumps(given)], cwd=SUPPORT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with process:
            assert process.stdout is not None
            process.stdout.readline()  # it is ready, and begins
            time.sleep(self.other.uniform(0.0, 0.8))
            process.kill()

    def _note(self, op: Op, error: FleetError) -> None:
        kind = str(error.details(error.message, error.hint)["kind"])
        self.told.kinds[kind] += 1
        self._happened(f"{op}: {kind}")
        if kind not in EXPECTED:
            self._wrong(op, f"{kind}: {error}")

    def _happened(self, what: str) -> None:
        self.history.append(f"{time.monotonic() - self.began:.1f} s {what[:120]}")

    def _wrong(self, op: Op | str, problem: Any) -> None:
        before = " | ".join(self.history)
        self.told.wrong.append(f"{self.name}, operation {self.told.done}, {op}: {problem}; before: {before}")
