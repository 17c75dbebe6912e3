# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a suite's run counts as, when some of its tests failed and ran again (scripts/pytest_suite.py)."""

from __future__ import annotations

import copy
import sys
from pathlib import Path

import pytest
from checkout import CHECKOUT

sys.path.insert(0, str(CHECKOUT / "scripts"))

import pytest_suite
from pytest_suite import Suite

A, B = ("tests/lab/test_a.py::test_1[x: y]", "tests/lab/test_a.py::test_2")
MANY = [f"tests/lab/test_b.py::test_{number}" for number in range(pytest_suite.REPEATED_AT_MOST)]


def suite(passed: int, *failed: str) -> Suite:
    return Suite("lab", passed=passed, failed=len(failed), failures=[f"{test} - it broke: so" for test in failed])


# the first run, the second one, (passed, failed, repeated) in the end
RUNS: list[tuple[Suite, Suite | None, tuple[int, int, int]]] = [
    (suite(9), None, (9, 0, 0)),
    (suite(8, A), suite(1), (9, 0, 1)),
    (suite(7, A, B), suite(2), (9, 0, 2)),
    (suite(7, A, B), suite(1, B), (7, 2, 0)),
    (suite(7, A, B), suite(1), (7, 2, 0)),
    (suite(7, A), suite(0), (7, 1, 0)),
    (suite(2, *MANY), suite(len(MANY)), (2 + len(MANY), 0, len(MANY))),
    (suite(2, A, *MANY), None, (2, 1 + len(MANY), 0)),
    (Suite("lab", passed=7, failed=1), None, (7, 1, 0)),
]


@pytest.mark.parametrize(("first", "second", "counts"), RUNS)
def test_what_fails_once_is_told_and_what_fails_twice_has_failed(
    first: Suite, second: Suite | None, counts: tuple[int, int, int]
) -> None:
    ran: list[list[str]] = []
    told, done = list(first.failures), copy.deepcopy(first)

    def run_again(failed: list[str]) -> Suite:
        ran.append(failed)
        assert second is not None, "it ran again"
        return second

    pytest_suite.repeat(done, run_again)
    assert (done.passed, done.failed, len(done.repeated)) == counts
    assert ran == ([[failure.partition(" - ")[0] for failure in told]] if second else [])
    assert not done.repeated or done.repeated == told


def test_suites_of_one_name_are_one_suite() -> None:
    parts = [suite(3, A), Suite("unit", passed=5, skipped=1), suite(2)]
    parts[2].seconds = 7.0
    whole, other = pytest_suite.merged(parts)
    assert (whole.name, whole.passed, whole.failed, whole.seconds) == ("lab", 5, 1, 7.0)
    assert whole.failures == suite(0, A).failures
    assert (other.name, other.passed, other.skipped) == ("unit", 5, 1)


def test_a_long_message_keeps_its_end() -> None:
    told = pytest_suite.shortened(f"begin {'x' * 2000} the reason")
    assert told.startswith("begin") and told.endswith("the reason") and len(told) < 700


def test_of_a_program_that_fails_the_last_words_are_told(tmp_path: Path) -> None:
    log, told = tmp_path / "log", Suite("molecule")
    log.write_text(
        f"{'x' * 5000}\n  \x1b[2m│\x1b[0m fatal: [web]: no\n  │  room\nAnsible return code was 2\n{'clean up ' * 999}"
    )
    pytest_suite.count(told, "default", 2, log)
    pytest_suite.count(told, "cripple", 0, log)
    pytest_suite.count(told, "ruff", 1, tmp_path / "nothing printed")
    assert (told.passed, told.failed) == (1, 2)
    assert told.failures[0].startswith("default - exit code 2: xxx") and told.failures[0].endswith(
        " fatal: [web]: no room"
    )
    assert told.failures[1] == "ruff - exit code 1: "
