# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many jobs in a few lanes at once, the longest first. Some lanes have a lab of their own; most jobs mostly wait.

What a job prints comes in one piece when it has ended, so that the lanes do not mix.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from common import CACHE, CHECKOUT, StepError, environment, headline, run, say
from pytest_suite import REPORTS, Suite

LOGS = REPORTS / "logs"
MEASURED = REPORTS / "seconds.json"  # of this run
EXPECTED = CHECKOUT / "tests" / "seconds.json"  # in which order they start follows from it, and nothing else
UNKNOWN = 120.0  # seconds of a job that is not in it: it starts early
LAB_PROGRAM = (sys.executable, str(CHECKOUT / "scripts" / "lab.py"))


@dataclass(frozen=True)
class Job:
    """A part of a suite that can run beside all others: ``work(environment, log)`` says what became of it.

    ``parts`` are what it runs, as far as they are known by themselves: files of tests.
    """

    suite: str
    name: str
    work: Callable[[Mapping[str, str], Path], Suite]
    in_lab: bool = False
    parts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.suite}: {self.name}"


@dataclass
class Lanes:
    """The jobs that nobody has taken yet, and what became of the others."""

    waiting: list[Job]
    done: list[tuple[Job, Suite]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    making: threading.Lock = field(default_factory=threading.Lock)  # one lab after the other: they choose networks

    def take(self, in_lab: bool) -> Job | None:
        """The longest job of those that need a lab, where there is one, or else of the others."""
        with self.lock:
            fitting = [job for job in self.waiting if job.in_lab and in_lab]
            fitting = fitting or [job for job in self.waiting if not job.in_lab]
            if fitting:
                self.waiting.remove(fitting[0])
            return fitting[0] if fitting else None

    def work(self, lab: Path | None) -> None:
        while job := self.take(lab is not None):
            self.finish(job, done(job, {"SSHFLEET_LAB": str(lab)} if lab else {}))

    def work_with_lab(self, lab: Path) -> None:
        """As ``work``, in a lab that is made for it; without one, the lane does what needs none."""
        log = LOGS / f"{lab.name}.log"
        env = environment({"SSHFLEET_LAB": str(lab)})
        try:
            with self.making:
                run([*LAB_PROGRAM, "up"], env=env, log=log)
        except StepError as error:
            made = Job(lab.name, "up", lambda _env, _log: Suite(lab.name))
            self.finish(made, Suite(f"{lab.name} (could not be made)", failed=1, failures=[str(error)]), log)
            self.work(None)
        else:
            self.work(lab)

    def finish(self, job: Job, suite: Suite, log: Path | None = None) -> None:
        told = log or log_of(job)
        with self.lock:
            self.done.append((job, suite))
            headline(f"{job.title} ({suite.seconds:.0f} s, {suite.passed} passed, {suite.failed} failed)")
            say(told.read_text(errors="replace") if told.is_file() else "")


def log_of(job: Job) -> Path:
    return LOGS / f"{re.sub('[^a-z0-9.]+', '-', job.title.lower()).strip('-')}.log"


def done(job: Job, env: Mapping[str, str]) -> Suite:
    began = time.monotonic()
    try:
        suite = job.work(env, log_of(job))
    except (StepError, OSError) as error:
        suite = Suite(job.suite, failed=1, failures=[f"{job.name}: {error}"])
    suite.seconds = time.monotonic() - began
    if len(job.parts) < 2:
        suite.parts = {(job.parts or (job.name,))[0]: suite.seconds}
    return suite


def in_lanes(
    jobs: Iterable[Job], labs: int, others: int, last: Callable[[Mapping[str, str], list[Suite]], list[Suite]]
) -> list[Suite]:
    """Run all jobs, and take the labs down again.

    :param labs: how many lanes with a lab of their own there are, where any job needs one.
    :param others: how many lanes there are without.
    :param last: is called with the environment of a lab and what became of the jobs before the labs are taken down.
    """
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    lanes = Lanes(sorted(jobs, key=lambda job: -sum(expected(job.suite, part) for part in job.parts or (job.name,))))
    folders = [CACHE / f"lab-{number}" for number in range(1, labs + 1)] if any(j.in_lab for j in lanes.waiting) else []
    try:
        with ThreadPoolExecutor(len(folders) + others) as executor:
            running = [executor.submit(lanes.work_with_lab, folder) for folder in folders]
            running += [executor.submit(lanes.work, None) for _lane in range(others)]
            try:
                for lane in running:
                    lane.result()
            except BaseException:
                with lanes.lock:
                    lanes.waiting.clear()  # what runs may end
                raise
        measured = {
            key(job.suite, part): round(seconds)
            for job, suite in lanes.done
            if suite.passed
            for part, seconds in suite.parts.items()
        }
        MEASURED.write_text(json.dumps(measured, indent=1, sort_keys=True) + "\n")
        suites = [suite for _job, suite in lanes.done]
        suites += [Suite(j.suite, failed=1, failures=[f"{j.name}: there was no lab for it"]) for j in lanes.waiting]
        return last({"SSHFLEET_LAB": str(folders[0])} if folders else {}, suites)
    finally:
        take_down(folders)


def key(suite: str, part: str) -> str:
    """The same on every machine: without the exact versions of the pair."""
    return re.sub(r", ansible-core [\w.]+", "", f"{suite}: {part}")


def expected(suite: str, part: str) -> float:
    """The seconds that a part of a suite once took beside all others."""
    return float(known().get(key(suite, part), UNKNOWN))


@cache
def known() -> dict[str, float]:
    return json.loads(EXPECTED.read_text()) if EXPECTED.is_file() else {}


def take_down(labs: Sequence[Path]) -> None:
    def down(lab: Path) -> int:
        env = environment({"SSHFLEET_LAB": str(lab)})
        return run([*LAB_PROGRAM, "down"], env=env, log=LOGS / f"{lab.name}.log", check=False)

    if labs:
        with ThreadPoolExecutor(len(labs)) as executor:
            list(executor.map(down, labs))
