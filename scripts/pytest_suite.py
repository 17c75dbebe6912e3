# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One suite: its run of pytest, and what became of it, counted from pytest's own report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from common import CACHE, answer, environment, run

REPORTS = CACHE / "reports"
# Characters of a failed test's message that stand above the table: its beginning, and its end.
TOLD_FIRST, TOLD_LAST = 150, 450
TOLD_OF_PROGRAM = 1500  # characters of what a program that failed printed
_COLOURS_AND_FRAMES = re.compile(r"\x1b\[[0-9;]*m|[│┃]")
# Tests of a suite (the largest has nearly a thousand) that may fail and run once more: with more, it is not the machine
# that was too slow for a moment.
REPEATED_AT_MOST = 5


@dataclass
class Suite:
    """What became of one suite; ``left_out`` is the reason why it did not run, or ''."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    left_out: str = ""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)  # a line each: the test, and what went wrong
    repeated: list[str] = field(default_factory=list)  # the same of tests that failed, and then passed
    parts: dict[str, float] = field(default_factory=dict)  # seconds of each file of tests, or program

    @property
    def wrong(self) -> bool:
        return not self.left_out and (self.failed > 0 or self.passed == 0)


def merged(suites: Iterable[Suite]) -> list[Suite]:
    """One suite for all of a name; ``seconds`` is the sum of theirs, although they may have run side by side."""
    found: dict[str, Suite] = {}
    for suite in suites:
        whole = found.setdefault(suite.name, Suite(suite.name))
        whole.passed += suite.passed
        whole.failed += suite.failed
        whole.skipped += suite.skipped
        whole.left_out = whole.left_out or suite.left_out
        whole.seconds += suite.seconds
        whole.failures += suite.failures
        whole.repeated += suite.repeated
        whole.parts |= suite.parts
    return list(found.values())


@cache
def pair(venv: Path) -> str:
    """Python 3.11, ansible-core 2.19.14"""
    script = (
        "import sys, ansible.release as a; print('Python {}.{}, ansible-core'.format(*sys.version_info), a.__version__)"
    )
    return answer([venv / "bin" / "python", "-c", script])


def count(suite: Suite, name: str, code: int, log: Path) -> None:
    """One program of a suite ended with exit code ``code``; it printed ``log``."""
    if code:
        suite.failed += 1
        suite.failures.append(f"{name} - exit code {code}: {last_words(log)}")
    else:
        suite.passed += 1


def last_words(log: Path) -> str:
    """What a program printed before it gave up, in one line. Molecule cleans up after that, so its end says little."""
    text = _COLOURS_AND_FRAMES.sub("", log.read_text(errors="replace")) if log.is_file() else ""
    return " ".join(text.partition("Ansible return code was")[0][-TOLD_OF_PROGRAM:].split())


def pytest(suite: Suite, venv: Path, what: Sequence[str], env: Mapping[str, str], log: Path) -> Suite:
    """One run of pytest, counted into ``suite`` from its report; a run without a report has failed."""
    report = REPORTS / f"{re.sub('[^a-z0-9]+', '-', log.stem)}.xml"
    REPORTS.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    python = str(venv / "bin" / "python")
    argv = [python, "-m", "pytest", "-q", *what, f"--junitxml={report}", "-p", "no:cacheprovider", "--durations=15"]
    before = suite.failed
    code = run(argv, env=environment(env, venv), check=False, log=log)
    count_report(suite, report)
    if code not in (0, 1) or (code and suite.failed == before):
        suite.failed += 1
        suite.failures.append(f"{' '.join(what)[:TOLD_LAST]}: exit code {code}")
    return suite


def repeat(suite: Suite, run_again: Callable[[list[str]], Suite]) -> None:
    """Run the failed tests of a suite, where they are few, once more when the machine may be less busy.

    What fails twice has failed; what passes then has passed, and is told with what it failed with.
    """
    failed = [failure.partition(" - ")[0] for failure in suite.failures]
    if not 0 < len(failed) == suite.failed <= REPEATED_AT_MOST:
        return
    again = run_again(failed)
    if again.wrong or again.passed != len(failed):
        suite.failures.extend(again.failures)
        return
    suite.failed, suite.failures, suite.repeated = 0, [], suite.failures
    suite.passed += again.passed


def count_report(suite: Suite, report: Path) -> None:
    if not report.is_file():
        return
    for counted in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 - pytest has just written it
        bad = int(counted.get("failures", 0)) + int(counted.get("errors", 0))
        skipped = int(counted.get("skipped", 0))
        suite.failed += bad
        suite.skipped += skipped
        suite.passed += int(counted.get("tests", 0)) - bad - skipped
        suite.failures.extend(failed_tests(counted))
        for case in counted.iter("testcase"):
            file = test_id(case).partition("::")[0]
            suite.parts[file] = suite.parts.get(file, 0.0) + float(case.get("time", 0))


def failed_tests(counted: ElementTree.Element) -> Iterator[str]:
    for case in counted.iter("testcase"):
        for wrong in (*case.iter("failure"), *case.iter("error")):
            yield f"{test_id(case)} - {shortened(' '.join(wrong.get('message', '').split()))}"


def test_id(case: ElementTree.Element) -> str:
    """tests/lab/test_ping.py::test_name, as pytest takes it."""
    return f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"


def shortened(text: str) -> str:
    if len(text) <= TOLD_FIRST + TOLD_LAST:
        return text
    return f"{text[:TOLD_FIRST]} [...] {text[-TOLD_LAST:]}"
