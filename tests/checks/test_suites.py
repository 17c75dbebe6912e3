# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every lab test runs on exactly the pairs that it is marked for, in a job of ``make test`` (scripts/suites.py)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT

sys.path.insert(0, str(CHECKOUT / "scripts"))

import lanes
import suites
from common import StepError
from pytest_suite import Suite

pytestmark = pytest.mark.pairs("first")
LAB = CHECKOUT / "tests" / "lab"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only"]


def collected(*options: str) -> set[str]:
    """The lab tests that pytest would run with these options."""
    done = subprocess.run([*PYTEST, *options], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return {line for line in done.stdout.splitlines() if line.startswith("tests/lab/")}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return suites.planned(tmp_path_factory.mktemp("plan") / "plan.json")


def jobs(plan: list[dict[str, Any]], pair: str, monkeypatch: pytest.MonkeyPatch) -> list[lanes.Job]:
    """The jobs of the lab tests on a machine with this pair only."""
    monkeypatch.setattr(suites, "venvs", lambda: {pair: Path(f"/{pair}")})
    monkeypatch.setattr(suites, "planned", lambda _path: plan)
    monkeypatch.setattr(suites, "pair", lambda venv: venv.name)
    return list(suites.lab_tests())


@pytest.mark.parametrize("pair", suites.PAIRS)
def test_the_jobs_of_a_pair_run_what_is_planned_for_it(
    plan: list[dict[str, Any]], pair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(suite: Suite, venv: Path, what: list[str], _env: Mapping[str, str], _log: Path) -> Suite:
        assert venv == Path(f"/{pair}")
        ran.append(what)
        return suite

    monkeypatch.setattr(suites, "pytest", run)
    for job in jobs(plan, pair, monkeypatch):
        job.work({}, Path())
    assert all(what[-1] == f"--pair={pair}" for what in ran)
    files = [file for what in ran for file in what[:-1]]
    assert len(files) == len(set(files))
    # As pytest itself finds them in these files, which have no part in the plan.
    planned = {test["test"] for test in plan if pair in test["pairs"]}
    assert collected(*files, f"--pair={pair}") == planned


def test_the_first_pair_runs_every_lab_test(plan: list[dict[str, Any]]) -> None:
    assert {test["test"] for test in plan if "first" in test["pairs"]} == {test["test"] for test in plan}
    files = {test["test"].partition("::")[0] for test in plan}
    assert files == {path.relative_to(CHECKOUT).as_posix() for path in LAB.rglob("test_*.py")}


def test_the_second_pair_runs_what_is_marked_for_both(plan: list[dict[str, Any]]) -> None:
    assert {test["test"] for test in plan if "second" in test["pairs"]} == collected("tests/lab", "-m", "pairs")


def test_only_files_that_need_no_host_or_make_their_own_run_without_a_lab(
    plan: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {file for job in jobs(plan, "first", monkeypatch) if not job.in_lab for file in job.parts}
    own = {"test_lxc_host.py", "test_lxc_host_network.py", "test_server_setup_bare.py", "test_remote_compose_info.py"}
    assert without == {f"tests/lab/{name}" for name in own}


def job(name: str, ran: list[str], in_lab: bool = False) -> lanes.Job:
    def work(env: Mapping[str, str], _log: Path) -> Suite:
        assert ("SSHFLEET_LAB" in env) >= in_lab
        ran.append(name)
        return Suite("suite", passed=1)

    return lanes.Job("suite", name, work, in_lab)


@pytest.fixture
def own_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lanes, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(lanes, "MEASURED", tmp_path / "seconds.json")
    return tmp_path


def lab_program(monkeypatch: pytest.MonkeyPatch, fails: set[str]) -> list[tuple[str, str]]:
    """Stands for scripts/lab.py, which makes LXC hosts; tells what it was asked to do with which lab."""
    asked: list[tuple[str, str]] = []

    def run(argv: list[Any], *, env: Mapping[str, str], check: bool = True, **_more: Any) -> int:
        name, command = Path(env["SSHFLEET_LAB"]).name, str(argv[-1])
        asked.append((name, command))
        if command == "up" and name in fails:
            raise lanes.StepError("no room")
        return 0

    monkeypatch.setattr(lanes, "run", run)
    return asked


@pytest.mark.parametrize("fails", [set(), {"lab-2"}, {"lab-1", "lab-2"}], ids=["none", "one", "all"])
def test_every_job_runs_once_or_is_told_as_failed(
    own_reports: Path, monkeypatch: pytest.MonkeyPatch, fails: set[str]
) -> None:
    asked = lab_program(monkeypatch, fails)
    ran: list[str] = []
    names = [f"{kind}{number}" for kind in ("in a lab ", "without ") for number in range(9)]
    work = [job(name, ran, in_lab=name.startswith("in")) for name in names]
    told = lanes.in_lanes(work, 2, 1, lambda _env, suites: suites)
    done = [name for name in names if len(fails) < 2 or name.startswith("without")]
    assert sorted(ran) == sorted(done)
    assert sum(suite.passed for suite in told) == len(done)
    assert sum(suite.failed for suite in told) == len(names) - len(done) + len(fails)
    assert sorted(asked) == sorted((name, command) for name in ("lab-1", "lab-2") for command in ("up", "down"))


def test_the_longest_jobs_start_first(own_reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(lanes, "known", lambda: {"suite: short": 1, "suite: long": 500})
    lanes.in_lanes([job(name, ran) for name in ("short", "long", "unknown")], 3, 1, lambda _env, suites: suites)
    assert ran == ["long", "unknown", "short"]


def test_what_makes_hosts_comes_when_the_first_lab_is_there(own_reports: Path) -> None:
    waiting = [lanes.Job("suite", name, lambda _env, _log: Suite("suite"), makes_hosts="h" in name) for name in "hijh"]
    taken = lanes.Lanes(waiting, no_lab_yet=True)
    names = [job.name for job in (taken.take(False), taken.take(False)) if job]
    taken.no_lab_yet = False
    assert [*names, *(job.name for job in (taken.take(False), taken.take(False)) if job)] == ["i", "j", "h", "h"]


def test_short_files_share_a_job_and_each_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {"a": 5, "b": 90, "c": 20, "d": 19, "e": 1, "f": 300, "g": 2}
    monkeypatch.setattr(suites, "expected", lambda _suite, file: seconds[file])
    assert list(suites.bundles("lab", seconds)) == [["b"], ["a", "c", "d"], ["f"], ["e", "g"]]


def test_what_a_job_took_is_known_under_its_suite_and_its_files(own_reports: Path) -> None:
    def work(_env: Mapping[str, str], _log: Path) -> Suite:
        return Suite("lab (Python 3.11, ansible-core 2.19.14)", passed=2, parts={"a.py": 4.4, "b.py": 0.2})

    suite = "lab (Python 3.11, ansible-core 2.19.14)"
    lanes.in_lanes([lanes.Job(suite, "a.py and 1 more", work, parts=("a.py", "b.py"))], 0, 1, lambda _env, done: done)
    told = json.loads((own_reports / "seconds.json").read_text())
    assert told == {"lab (Python 3.11): a.py": 4, "lab (Python 3.11): b.py": 0}


def test_a_job_that_breaks_is_a_failure_and_the_others_run(own_reports: Path) -> None:
    ran: list[str] = []

    def broken(_env: Mapping[str, str], _log: Path) -> Suite:
        raise OSError("disk full")

    told = lanes.in_lanes([lanes.Job("suite", "broken", broken), job("other", ran)], 0, 1, lambda _env, suites: suites)
    assert ran == ["other"]
    assert [failure for suite in told for failure in suite.failures] == ["broken: disk full"]


def test_a_scenario_that_fails_runs_once_more_and_is_told(own_reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run_scenario(scenario: str, _env: Mapping[str, str], _log: Path) -> Suite:
        ran.append(scenario)
        return Suite("molecule", passed=1)

    (own_reports / "logs").mkdir()
    (own_reports / "logs" / "molecule-again.log").write_text("what it printed")
    monkeypatch.setattr(suites, "run_scenario", run_scenario)
    monkeypatch.setattr(suites, "molecule_suite", lambda: "molecule")
    first = [Suite("molecule", failed=1, failures=["cripple - exit code 1: why"]), Suite("molecule", passed=1)]
    (told,) = suites.once_more({}, first)
    assert (ran, told.passed, told.failed) == (["cripple"], 2, 0)
    assert told.repeated == ["cripple - exit code 1: why"]


def test_without_a_browser_its_suite_is_left_out_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def packages(wanted: dict[str, str]) -> None:
        raise StepError(f"Missing: {' '.join(wanted)}.")

    monkeypatch.setattr(suites.bootstrap, "packages", packages)
    jobs, (told,) = suites.selected({"browser"})
    assert (jobs, told.left_out) == ([], "Missing: chromium chromium-driver.")
    assert "LEFT OUT: Missing: chromium" in suites.table([told])


def test_with_a_browser_its_tests_are_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites.bootstrap, "packages", lambda _wanted: None)
    (one,), left_out = suites.selected({"browser"})
    assert (one.parts, one.in_lab, left_out) == (("tests/browser",), False, [])
