# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab: real LXC hosts over real sshd, made by ``make lab``. Without a lab these tests fail, they don't skip."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from checkout import CHECKOUT, install_collection_finder
from lab_hosts import Lab, close_masters
from typist import Typist, typist_on

install_collection_finder()

from engine_cases import engines_of  # noqa: E402 - it imports from the collection

TOLD: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with this fixture runs on each engine, unless it says on which."""
    said = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "one_engine" in metafunc.fixturenames and "one_engine" not in said:
        engines = engines_of(metafunc.definition)
        metafunc.parametrize("one_engine", engines, ids="-".join, indirect=True)


@pytest.fixture
def one_engine(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The host and the name of the engine that a test of one engine runs on."""
    engine: tuple[str, str] = request.param
    return engine


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says a line at the end of pytest's output, whether the test passes or not."""
    return request.config.stash.setdefault(TOLD, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def lab_directory() -> Path:
    directory = Path(os.environ.get("SSHFLEET_LAB", CHECKOUT / ".lab")).absolute()
    if not (directory / "hosts.json").is_file():
        pytest.exit(f"There is no lab in {directory}: run 'make lab' first (as root).", returncode=3)
    return directory


@contextmanager
def lab_with_own_tunnels(directory: Path) -> Iterator[Lab]:
    """A lab whose tunnels live in a runtime directory of their own, with a short path, and end with it."""
    with tempfile.TemporaryDirectory(prefix="lab", dir="/tmp") as name:
        lab = Lab(directory, Path(name))
        try:
            yield lab
        finally:
            close_masters(lab.runtime)


@pytest.fixture(scope="session")
def session_lab(lab_directory: Path) -> Iterator[Lab]:
    """One runtime directory for a whole session: tunnels stay warm between tests."""
    with lab_with_own_tunnels(lab_directory) as lab:
        yield lab


@pytest.fixture
def lab(session_lab: Lab) -> Lab:
    return session_lab


@pytest.fixture(scope="module")
def typist(session_lab: Lab) -> Iterator[Typist]:
    """A user with a password on bookworm1, who may use Docker's socket."""
    with typist_on(session_lab, "bookworm1") as user:
        yield user


@pytest.fixture
def cold_lab(lab_directory: Path) -> Iterator[Lab]:
    """No tunnel is open yet, and what a test opens ends with it."""
    with lab_with_own_tunnels(lab_directory) as lab:
        yield lab
