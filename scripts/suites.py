# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the test suites and say what ran. Sets up all that they need, and takes its own lab down again.

    python3 scripts/suites.py                  all suites
    python3 scripts/suites.py lint unit        some: lint, unit, package, lab, molecule
    python3 scripts/suites.py --strict         a suite that is left out is a failure, as on a CI machine

The last line is "N passed, N failed, N skipped". Exit code 0: all suites that could run have run, and passed.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import bootstrap
import checks
import lab
from common import (
    CACHE,
    CHECKOUT,
    VENV,
    VENV_SECOND,
    StepError,
    environment,
    headline,
    is_root,
    run,
    say,
)
from pytest_suite import REPORTS, Suite, count, pair, pytest, repeating, timed

LAB = CACHE / "lab-test"  # not the demo's: both can be there at the same time
LAB_BESIDE = CACHE / "lab-beside"
LOGS = (REPORTS / "lab-beside.log", REPORTS / "molecule.log")

# The lab tests in which Ansible itself takes part run on both pairs, the others on the first only. Molecule runs the
# roles on the second.
BOTH_PAIRS = (
    "test_errors.py",
    "test_image_ship.py::test_through_ansible",
    "test_info_modules.py",
    "test_inside_containers.py::test_inside",
    "test_inventory.py",
    "test_inventory_lookup.py",
    "test_package.py",
    "test_ping.py",
    "test_readme.py",
    "test_remote_container.py",
    "test_remote_image.py::test_through_ansible",
    "test_remote_network.py::test_through_ansible_with_check_diff_and_query",
    "test_remote_prune.py::test_through_ansible_with_check_and_diff",
    "test_remote_volume.py::test_through_ansible_with_check_diff_and_query",
    "test_secrets.py",
    "test_ssh_settings.py",
    "test_sudo.py",
    "jump/test_jump_ansible.py",
)
# The part of the first pair's lab tests that runs beside the others, so that all take equally long.
BESIDE = (
    "engine_client",
    "jump",
    "test_image_ship.py",
    "test_inside_containers.py",
    "test_registry.py",
    "test_remote_image.py",
    "tunnel",
)
# The part that makes LXC hosts of its own, and so can follow Molecule, whose scenarios take two thirds of the time.
OWN_HOSTS = ("test_lxc_host.py", "test_lxc_host_network.py")
# What takes minutes on each engine and depends on no Python is left to the first pair, too; of the four engines, the
# oldest and the newest are enough.
LEFT_TO_FIRST = ("bookworm1-docker", "trixie1-podman", "from_every_state")
SECOND_PAIR = ["-k", " and ".join(f"not {name}" for name in LEFT_TO_FIRST)]


def venvs() -> list[Path]:
    return [folder for folder in (VENV, VENV_SECOND) if (folder / "bin" / "python").exists()]


# The suites ---------------------------------------------------------------------------------------------------------


def lint() -> Suite:
    suite = Suite("lint")
    checks.stage()
    for check in checks.checks():
        headline(f"lint: {check.name}")
        code = run(check.argv, cwd=check.cwd, env=environment(check.env), check=False)
        count(suite, check.name, code)
    return suite


def scenarios() -> list[str]:
    return sorted(path.parent.name for path in CHECKOUT.glob("extensions/molecule/*/molecule.yml"))


def molecule(venv: Path, log: Path) -> Suite:
    """All scenarios, one after the other."""
    suite = Suite(f"molecule ({pair(venv)})")
    env = environment({"ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".dev")}, venv)
    for scenario in scenarios():
        code = run([venv / "bin" / "molecule", "test", "-s", scenario], env=env, check=False, log=log)
        count(suite, scenario, code)
    return suite


def lab_suites() -> Iterator[Suite]:
    """The lab tests on every pair and Molecule; between making the labs and taking them down."""
    if reason := no_lab():
        yield from (Suite(name, left_out=reason) for name in ("lab", "molecule"))
        return
    try:
        yield from in_the_lab()
    finally:
        lab.down(LAB)


def in_the_lab() -> Iterator[Suite]:
    """The first pair runs everything. The part ``BESIDE`` of it with the second pair, and Molecule with the part
    ``OWN_HOSTS``, run at the same time on hosts of their own, because all of them mostly wait.
    """
    try:
        bootstrap.packages(bootstrap.TEST_PACKAGES)
        lab.up(LAB)
    except StepError as error:
        say(f"ERROR: {error}")
        yield Suite("lab (could not be made)", failed=1)
        return
    first, *second = venvs()
    REPORTS.mkdir(parents=True, exist_ok=True)
    for log in LOGS:
        log.unlink(missing_ok=True)
    with ThreadPoolExecutor(2) as executor:
        lanes = [
            executor.submit(lambda: list(beside(second, first))),
            executor.submit(lambda: list(own_hosts(([*second, first])[0], first))),
        ]
        without = [f"--ignore=tests/lab/{name}" for name in (*BESIDE, *OWN_HOSTS)]
        yield timed(partial(repeating, "lab", first, ["tests/lab", *without], {"SSHFLEET_LAB": str(LAB)}))
        headline("Waiting for the other lab tests and Molecule; what they print comes when they end")
        suites = [suite for lane in lanes for suite in lane.result()]
    for log in LOGS:
        say(log.read_text(errors="replace") if log.exists() else "")
    yield from suites


def beside(second: Sequence[Path], first: Path) -> Iterator[Suite]:
    """The rest of the first pair's lab tests, then the second pair's, in a lab of their own; told in a file."""
    env = {"SSHFLEET_LAB": str(LAB_BESIDE)}
    program: list[str | Path] = [sys.executable, CHECKOUT / "scripts" / "lab.py"]
    try:
        run([*program, "up"], env=environment(env), log=LOGS[0])
        rest = [f"tests/lab/{name}" for name in BESIDE]
        yield timed(partial(repeating, "lab beside", first, rest, env, LOGS[0]))
        for venv in second:
            files = [f"tests/lab/{name}" for name in BOTH_PAIRS]
            yield timed(partial(repeating, "lab", venv, [*files, *SECOND_PAIR], env, LOGS[0]))
    except StepError as error:
        yield Suite(f"lab beside (could not be made: {error})", failed=1)
    finally:
        run([*program, "down"], env=environment(env), log=LOGS[0], check=False)


def own_hosts(newest: Path, first: Path) -> Iterator[Suite]:
    """Molecule, then the lab tests that make hosts of their own; told in a file."""
    yield timed(partial(molecule, newest, LOGS[1]))
    files = [f"tests/lab/{name}" for name in OWN_HOSTS]
    yield timed(partial(repeating, "lab own hosts", first, files, {"SSHFLEET_LAB": str(LAB)}, LOGS[1]))


def no_lab() -> str:
    """Why no lab can be made here, or ''."""
    if not is_root():
        return "making LXC hosts needs root"
    if not Path("/usr/bin/apt-get").exists():
        return "LXC hosts are made on Debian or Ubuntu only"
    return ""


# Running and telling ------------------------------------------------------------------------------------------------


def selected(names: Iterable[str]) -> Iterator[Suite]:
    wanted = set(names)
    missing = bootstrap.second_venv()
    if "lint" in wanted:
        yield timed(lint)
    if "unit" in wanted:
        yield from (timed(partial(pytest, "unit", venv, ["tests/unit"])) for venv in venvs())
    if missing and wanted & {"unit", "lab"}:
        yield Suite("unit and lab (Python 3.13, newest ansible-core)", left_out=missing)
    if "package" in wanted:
        checks.stage()
        yield timed(partial(pytest, "package", VENV, ["tests/package"]))
    if wanted & {"lab", "molecule"}:
        yield from lab_suites()


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
    every = ["lint", "unit", "package", "lab", "molecule"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"some of: {', '.join(every)}; without, all of them")
    parser.add_argument("--strict", action="store_true")
    given = parser.parse_args()
    if unknown := set(given.suites) - set(every):
        parser.error(f"there is no suite {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the lab is taken down then too
    suites: list[Suite] = []
    try:
        bootstrap.prepare("test")
        suites.extend(selected(given.suites or every))
    except StepError as error:
        say(f"ERROR: {error}")
        suites.append(Suite("everything after this error", failed=1))
    for suite in suites:
        for failure in suite.repeated:
            say(f"PASSED ONLY WHEN REPEATED  {suite.name}  {failure}")
        for failure in suite.failures:
            say(f"FAILED  {suite.name}  {failure}")
    say("\n" + table(suites) + "\n")
    say("{} passed, {} failed, {} skipped".format(*totals(suites)))
    return int(any(suite.wrong or (given.strict and suite.left_out) for suite in suites) or not suites)


def totals(suites: list[Suite]) -> tuple[int, int, int]:
    """A suite that ran no tests counts as a failure, one that was left out as skipped."""
    failed = sum(suite.failed or int(suite.wrong) for suite in suites)
    return sum(suite.passed for suite in suites), failed, sum(suite.skipped + bool(suite.left_out) for suite in suites)


if __name__ == "__main__":
    sys.exit(main())
