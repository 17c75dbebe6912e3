# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came of each assertion of a test file, from the events of its run (plugins/callback/peer_events.py).

An assertion is one entry of an assert's ``that``. It holds, is false, is blocked (a task from which it reads has
failed), was not run, or was skipped by the test's own condition, which does not count.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError, meta
from rewrite import Task, Tasks

HOLDS, SKIPPED, NOT_RUN, BLOCKED, FALSE = "holds", "skipped", "not run", "blocked", "false"
STATES = (HOLDS, FALSE, BLOCKED, NOT_RUN, SKIPPED)
# In a loop, the worst counts.
WORSE = {SKIPPED: -1, HOLDS: 0, NOT_RUN: 1, BLOCKED: 2, FALSE: 3}
# A task that is meant to fail has not failed as it is meant to.
OTHER_FAILURE = re.compile(
    r"Unsupported parameters|couldn.t resolve module|No module named|MODULE FAILURE|ansible_collections.* not found",
    re.I,
)
_JINJA = Environment()  # noqa: S701 - only parses


@dataclass
class Assertion:
    """One entry of an assert's ``that``.

    :param name: its text; behind it #2, #3, ... where the same text is asserted again in the file.
    """

    at: str
    name: str
    state: str = NOT_RUN
    why: str = ""


@dataclass
class Result:
    """What a test file came to."""

    file: str
    seconds: float
    code: int
    assertions: list[Assertion] = field(default_factory=list)
    failed_tasks: list[dict[str, Any]] = field(default_factory=list)
    tasks: int = 0

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.state for one in self.assertions)

    def line(self) -> str:
        """The line that is printed for it."""
        text = f"{self.file:<46} {counted(self.counts)}  {self.tasks:>4} tasks {self.seconds:>5.0f} s"
        return text if self.code in (0, 2) else f"{text}  ended with exit code {self.code}"

    def data(self) -> dict[str, Any]:
        return {**asdict(self), "counts": dict(self.counts)}


def counted(counts: Counter[str]) -> str:
    """Such as: 24 of 35 hold (7 false, 4 blocked)."""
    total = sum(counts.values()) - counts[SKIPPED]
    others = ", ".join(f"{counts[state]} {state}" for state in STATES[1:] if counts[state])
    return f"{counts[HOLDS]:>4} of {total:>4} hold{f' ({others})' if others else ''}"


def total(results: Iterable[Result]) -> Counter[str]:
    return sum((one.counts for one in results), Counter())


class Reader:
    """Reads the events of one test file."""

    def __init__(self, file: str, tasks: Tasks) -> None:
        self.test = f"tests/{file.partition('/')[2]}.yml"
        own = {at: task for at, task in tasks.items() if not at.startswith("tests/") or at.startswith(f"{self.test}:")}
        self.tasks = own
        self.assertions = dict(_assertions(own))
        self.bad: dict[str, str] = {}  # variables that a failed task should have set, and why it failed
        self.failed: list[dict[str, Any]] = []
        self.ran = 0
        self.left_out = self.reached = False

    def read(self, path: Path) -> None:
        for line in path.read_text().splitlines() if path.is_file() else ():
            event = json.loads(line)
            if task := self.tasks.get(event["at"]):
                self._event(event, task)
        if self.left_out and not self.reached:  # by a condition of the target
            for one in self.assertions.values():
                one.state = SKIPPED if one.state == NOT_RUN else one.state

    def result(self, file: str, seconds: float, code: int) -> Result:
        found = list(self.assertions.values())
        if not found:
            bad = self.failed or code
            why = self.failed[0]["message"] if self.failed else f"exit code {code}" if code else ""
            found = [Assertion("end", "no task fails", FALSE if bad else HOLDS, why)]
        return Result(file, seconds, code, found, self.failed, self.ran)

    def _event(self, event: dict[str, Any], task: Task) -> None:
        skipped = event["status"] == "skipped"
        self.left_out |= skipped and task.includes
        self.reached |= event["at"].startswith("tests/")
        if task.conditions:
            self._assert(event, task)
        elif not skipped:
            self._task(event, task)

    def _assert(self, event: dict[str, Any], task: Task) -> None:
        answers = event["checks"] or [[]]
        for number, _condition in enumerate(task.conditions):
            one = self.assertions[event["at"], number]
            for told in answers:
                if number < len(told):
                    self._mark(one, *self._state(task.conditions[number], told[number]))
                elif event["status"] == "skipped":
                    self._mark(one, SKIPPED, "")
                else:
                    self._mark(one, FALSE, event.get("message", ""))

    def _state(self, condition: str, told: dict[str, Any]) -> tuple[str, str]:
        for name in sorted(_names("{{ " + condition + " }}") & set(self.bad)):
            return BLOCKED, f"{name}: {self.bad[name]}"
        return (HOLDS, "") if told["holds"] else (FALSE, told["why"])

    def _mark(self, one: Assertion, state: str, why: str) -> None:
        if one.state == NOT_RUN or WORSE[state] > WORSE[one.state]:
            one.state, one.why = state, why

    def _task(self, event: dict[str, Any], task: Task) -> None:
        self.ran += 1
        message = event.get("message", "")
        other = bool(OTHER_FAILURE.search(message)) or event.get("crashed", False)
        sets = [*([task.register] if task.register else []), *task.sets]
        if event["status"] == "failed" and (other or not task.may_fail):
            self.failed.append({"at": event["at"], "module": task.module, "name": task.name, "message": message})
            self.bad |= dict.fromkeys(sets, f"{event['at']} {message[:160]}")
            return
        if task.register:
            self.bad.pop(task.register, None)
        for name, text in task.sets.items():
            taints = sorted(_names(text) & set(self.bad) - {name})
            self.bad.pop(name, None)
            self.bad |= {name: self.bad[taints[0]]} if taints else {}


def _assertions(tasks: Tasks) -> Iterator[tuple[tuple[str, int], Assertion]]:
    seen: Counter[str] = Counter()
    for at, task in tasks.items():
        for number, condition in enumerate(task.conditions):
            text = " ".join(condition.split())
            seen[text] += 1
            yield (at, number), Assertion(at, text if seen[text] == 1 else f"{text} #{seen[text]}")


def _names(template: str) -> set[str]:
    """The variables that a template reads."""
    try:
        return meta.find_undeclared_variables(_JINJA.parse(template))
    except TemplateError:
        return set(re.findall(r"[A-Za-z_]\w*", template))
