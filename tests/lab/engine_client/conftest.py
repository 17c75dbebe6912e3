# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine client on real engines: Podman and Docker of two Debian releases, each through a forwarded socket."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_cases import MAKE_IMAGE, Case, Forward, Make, open_forward
from on_every_engine import making

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient


@pytest.fixture(scope="session")
def forward(session_lab: Any) -> Iterator[Callable[[str], Forward]]:
    """The forward of a host, with the test image on both of its engines."""
    with tempfile.TemporaryDirectory(prefix="sshfleet-") as short:  # a Unix socket's path is short
        opened: list[Forward] = []

        @functools.cache
        def get(host: str) -> Forward:
            (directory := Path(short) / host).mkdir()
            session_lab.ssh(host, "sh", "-s", input=MAKE_IMAGE)
            opened.append(open_forward(session_lab, host, directory))
            return opened[-1]

        yield get
        for one in opened:
            one.process.terminate()
            one.process.wait()


@pytest.fixture
def case(one_engine: tuple[str, str], session_lab: Any, forward: Callable[[str], Forward]) -> Iterator[Case]:
    host, engine = one_engine
    with EngineClient(forward(host).socket(engine)) as client:
        yield Case(session_lab, host, engine, client)


@pytest.fixture
def make(case: Case) -> Iterator[Make]:
    """Create a container that ends with the test; gives its name. Options are fields of the API's create body."""
    with making(case.client) as make:
        yield make
