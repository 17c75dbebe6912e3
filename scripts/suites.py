# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the test suites and say what ran. Sets up all that they need, and takes its own lab down again.

    python3 scripts/suites.py                  all suites
    python3 scripts/suites.py lint unit        some: lint, unit, package, browser, lab, molecule
    python3 scripts/suites.py --strict         a suite that is left out is a failure, as on a CI machine

The last line is "N passed, N failed, N skipped". Exit code 0: all suites that could run have run, and passed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import bootstrap
import checks
import lab
from common import CHECKOUT, VENV, VENV_SECOND, StepError, environment, is_root, run, say
from lanes import EXPECTED, MEASURED, Job, expected, in_lanes, log_of
from pytest_suite import REPORTS, Suite, count, merged, pair, pytest, repeat

PLAN = REPORTS / "plan.json"
PAIRS = ("first", "second")
# Two cores: what runs in a lab mostly waits for engines, what runs without one mostly computes.
LABS, OTHERS = 3, 1
SHORT, BUNDLE = 20.0, 40.0  # seconds: files up to the first share a job of somewhat more than the second
WITHOUT_LAB = 2  # lanes, where no lab is asked for
# A user has 128 inotify instances where nobody has raised that; each host takes about ten of root's, and without one
# systemd does not come up in it.
INOTIFY, ENOUGH = Path("/proc/sys/fs/inotify/max_user_instances"), 1024


@cache
def venvs() -> dict[str, Path]:
    """The virtual environment of each pair of Python and ansible-core that is there."""
    folders = zip(PAIRS, (VENV, VENV_SECOND), strict=True)
    return {name: folder for name, folder in folders if (folder / "bin" / "python").exists()}


@contextmanager
def inotify_for_all_hosts() -> Iterator[None]:
    """Raise the kernel's limit for as long as this runs; where that is not allowed, a host that lacks one says so."""
    before = int(INOTIFY.read_text())
    if before >= ENOUGH or not is_root():
        yield
        return
    try:
        INOTIFY.write_text(str(ENOUGH))
    except OSError as error:
        say(f"{INOTIFY} stays {before}: {error}")
        yield
        return
    say(f"{INOTIFY} is {ENOUGH} instead of {before} until the end.")
    try:
        yield
    finally:
        INOTIFY.write_text(str(before))


# The suites ---------------------------------------------------------------------------------------------------------


def program(check: checks.Check, _env: Mapping[str, str], log: Path) -> Suite:
    suite = Suite("lint")
    count(suite, check.name, run(check.argv, cwd=check.cwd, env=environment(check.env), check=False, log=log), log)
    return suite


def lint() -> Iterator[Job]:
    checks.stage()
    for check in checks.checks():
        yield Job("lint", check.name, partial(program, check))
    yield tests_job("lint", VENV, ["tests/checks"])


def tests_job(suite: str, venv: Path, files: Sequence[str], *options: str, in_lab: bool = False) -> Job:
    """One run of pytest on these files, or folders."""

    def work(env: Mapping[str, str], log: Path) -> Suite:
        return pytest(Suite(suite), venv, [*files, *options], env, log)

    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    own_hosts = any(file.startswith("tests/lab") for file in files) and not in_lab
    return Job(suite, f"{files[0]}{more}", work, in_lab, tuple(files), own_hosts)


def unit() -> Iterator[Job]:
    for name, venv in venvs().items():
        yield tests_job(f"unit ({pair(venv)})", venv, ["tests/unit"], f"--pair={name}")


def scenarios() -> list[str]:
    return sorted(path.parent.name for path in CHECKOUT.glob("extensions/molecule/*/molecule.yml"))


def molecule() -> Iterator[Job]:
    """Each scenario, on the newest pair; they make LXC hosts of their own."""
    for scenario in scenarios():
        work = partial(run_scenario, scenario)
        yield Job(molecule_suite(), scenario, work, makes_hosts=True)


def molecule_suite() -> str:
    return f"molecule ({pair(list(venvs().values())[-1])})"


def run_scenario(scenario: str, _env: Mapping[str, str], log: Path) -> Suite:
    venv = list(venvs().values())[-1]
    env = environment({"ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".dev")}, venv)
    code = run([venv / "bin" / "molecule", "test", "-s", scenario], env=env, check=False, log=log)
    count(made := Suite(molecule_suite()), scenario, code, log)
    return made


def lab_tests() -> Iterator[Job]:
    """A job per file of lab tests and pair, or per few short files, by the marks of the tests."""
    plan = planned(PLAN)
    for name, venv in venvs().items():
        suite, files = lab_suite(venv), files_of(plan, name)
        for in_lab in (True, False):
            for some in bundles(suite, [file for file in files if files[file] == in_lab]):
                yield tests_job(suite, venv, some, f"--pair={name}", in_lab=in_lab)


def bundles(suite: str, files: Iterable[str]) -> Iterator[list[str]]:
    """Each file by itself, but short ones together: starting pytest, and the first tunnels, takes seconds, too."""
    waiting: list[str] = []
    seconds = 0.0
    for file in files:
        if (taken := expected(suite, file)) > SHORT:
            yield [file]
            continue
        waiting.append(file)
        seconds += taken
        if seconds > BUNDLE:
            yield waiting
            waiting, seconds = [], 0.0
    if waiting:
        yield waiting


def lab_suite(venv: Path) -> str:
    return f"lab ({pair(venv)})"


def planned(path: Path) -> list[dict[str, object]]:
    """What ``--plan`` says of every lab test: which it is, on which pairs it runs, whether it needs no lab."""
    path.parent.mkdir(parents=True, exist_ok=True)
    argv: list[str | Path] = [
        VENV / "bin" / "python",
        "-m",
        "pytest",
        "-qq",
        "tests/lab",
        "--collect-only",
        f"--plan={path}",
    ]
    run(argv, env=environment(), log=path.with_suffix(".log"))
    plan: list[dict[str, object]] = json.loads(path.read_text())
    return plan


def files_of(plan: Iterable[Mapping[str, object]], name: str) -> dict[str, bool]:
    """The files of which a pair runs any test, and whether that takes a lab."""
    found: dict[str, bool] = {}
    for test in plan:
        pairs = test["pairs"]
        if isinstance(pairs, list) and name in pairs:
            file = str(test["test"]).partition("::")[0]
            found[file] = found.get(file, False) or not test["own_hosts"]
    return found


def no_browser() -> str:
    """Why there is no Chromium that a test can drive, or ''; installs it where that can be done."""
    try:
        bootstrap.packages(bootstrap.BROWSER_PACKAGES)
    except StepError as error:
        return str(error)
    return ""


def no_lab() -> str:
    """Why no lab can be made here, or ''."""
    if not is_root():
        return "making LXC hosts needs root"
    if not Path("/usr/bin/apt-get").exists():
        return "LXC hosts are made on Debian or Ubuntu only"
    return ""


# Running and telling ------------------------------------------------------------------------------------------------


def selected(wanted: set[str]) -> tuple[list[Job], list[Suite]]:
    """The jobs of the suites that are asked for, and the suites that are left out."""
    jobs: list[Job] = []
    left_out: list[Suite] = []
    missing = bootstrap.second_venv()
    if missing and wanted & {"unit", "lab"}:
        left_out.append(Suite("unit and lab (Python 3.13, newest ansible-core)", left_out=missing))
    if "lint" in wanted:
        jobs.extend(lint())
    if "unit" in wanted:
        jobs.extend(unit())
    if "package" in wanted:
        jobs.append(tests_job(f"package ({pair(VENV)})", VENV, ["tests/package"]))
    if "browser" in wanted:
        if reason := no_browser():
            left_out.append(Suite("browser", left_out=reason))
        else:
            jobs.append(tests_job(f"browser ({pair(VENV)})", VENV, ["tests/browser"]))
    hosts = {"lab": lab_tests, "molecule": molecule}
    if reason := no_lab():
        left_out.extend(Suite(name, left_out=reason) for name in hosts if name in wanted)
        return jobs, left_out
    if wanted & set(hosts):
        bootstrap.packages(bootstrap.TEST_PACKAGES)
        bootstrap.peers()
        lab.prepare()
    for name in sorted(wanted & set(hosts)):
        jobs.extend(hosts[name]())
    return jobs, left_out


def once_more(env: Mapping[str, str], suites: list[Suite]) -> list[Suite]:
    """The suites as wholes; of lab tests and scenarios, the few that failed have run once more."""
    told = merged(suites)
    labs = {lab_suite(venv): venv for venv in venvs().values()}
    for suite in told:
        if suite.name in labs:
            repeat(suite, partial(run_again, suite.name, labs[suite.name], env))
        elif suite.name == molecule_suite():
            repeat(suite, run_scenarios_again)
    return told


def run_scenarios_again(failed: list[str]) -> Suite:
    log = log_of(Job("molecule", "again", partial(run_scenario, "")))
    ran = []
    for scenario in failed:
        ran.append(run_scenario(scenario, {}, log))
        say(log.read_text(errors="replace"))
    return merged(ran)[0]


def run_again(name: str, venv: Path, env: Mapping[str, str], failed: list[str]) -> Suite:
    log = log_of(tests_job(name, venv, ["again"]))
    suite = pytest(Suite(f"{name} again"), venv, failed, env, log)
    say(log.read_text(errors="replace"))
    return suite


def table(suites: list[Suite]) -> str:
    rows: list[tuple[str, ...]] = [("suite", "passed", "failed", "skipped", "repeated", "seconds", "")]
    for suite in suites:
        remark = (
            f"LEFT OUT: {suite.left_out}"
            if suite.left_out
            else "RAN NO TESTS"
            if not suite.passed + suite.failed
            else ""
        )
        numbers = (suite.passed, suite.failed, suite.skipped, len(suite.repeated))
        counts = ["-"] * len(numbers) if suite.left_out else [str(number) for number in numbers]
        rows.append((suite.name, *counts, f"{suite.seconds:.0f}", remark))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows
    )


def main() -> int:
    every = ["lint", "unit", "package", "browser", "lab", "molecule"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"some of: {', '.join(every)}; without, all of them")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--labs", type=int, default=LABS, help=f"how many labs there are at once (default {LABS})")
    parser.add_argument("--record", action="store_true", help=f"keep how long each job took in {EXPECTED.name}")
    given = parser.parse_args()
    if unknown := set(given.suites) - set(every):
        parser.error(f"there is no suite {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the labs are taken down then too
    began = time.monotonic()
    suites: list[Suite] = []
    try:
        bootstrap.prepare("test")
        bootstrap.fetch_reference()
        jobs, left_out = selected(set(given.suites or every))
        others = OTHERS if any(job.in_lab for job in jobs) else WITHOUT_LAB
        with inotify_for_all_hosts():
            suites = [*left_out, *in_lanes(jobs, given.labs, others, once_more)]
    except StepError as error:
        say(f"ERROR: {error}")
        suites.append(Suite("everything after this error", failed=1))
    if given.record:
        shutil.copyfile(MEASURED, EXPECTED)
    tell(suites)
    say(f"\n{table(suites)}\n\nAll of it, side by side, took {time.monotonic() - began:.0f} s.")
    say("{} passed, {} failed, {} skipped".format(*totals(suites)))
    return int(any(suite.wrong or (given.strict and suite.left_out) for suite in suites) or not suites)


def tell(suites: Iterable[Suite]) -> None:
    for suite in suites:
        for failure in suite.repeated:
            say(f"PASSED ONLY WHEN REPEATED  {suite.name}  {failure}")
        for failure in suite.failures:
            say(f"FAILED  {suite.name}  {failure}")


def totals(suites: list[Suite]) -> tuple[int, int, int]:
    """A suite that ran no tests counts as a failure, one that was left out as skipped."""
    failed = sum(suite.failed or int(suite.wrong) for suite in suites)
    return sum(suite.passed for suite in suites), failed, sum(suite.skipped + bool(suite.left_out) for suite in suites)


if __name__ == "__main__":
    sys.exit(main())
