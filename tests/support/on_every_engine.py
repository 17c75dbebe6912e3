# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test of one engine, run on all at once."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from engine_cases import IMAGE, Case, Forward, Make, engines_of
from everywhere import everywhere
from lab_hosts import Lab

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient

# What a test of one engine gets, other than fixtures.
GIVEN = ("case", "make")


@contextmanager
def making(client: EngineClient) -> Iterator[Make]:
    """Create containers that end with this; a call gives a container's name. Options are fields of the API's body."""
    names: list[str] = []

    def make(*cmd: str, start: bool = True, **config: Any) -> str:
        names.append(name := f"engine-test-{uuid.uuid4().hex[:8]}")
        client.containers.create(name, {"Image": IMAGE, "Cmd": list(cmd or ["sleep", "600"]), **config})
        if start:
            client.containers.start(name)
        return name

    try:
        yield make
    finally:
        for name in reversed(names):
            if client.containers.inspect(name) is not None:
                client.containers.remove(name, force=True, volumes=True)


def on_every_engine(test: Callable[..., None]) -> Callable[..., None]:
    """``test(case, make, fixtures…)`` on every engine, each in a process of its own; ``tmp_path`` is one's own, too."""
    parameters = inspect.signature(test).parameters
    fixtures = [name for name in parameters if name not in GIVEN]

    def run(session_lab: Lab, forward: Callable[[str], Forward], request: pytest.FixtureRequest, **given: Any) -> None:
        engines = engines_of(request.node)
        if not engines:
            pytest.skip("none of the engines that were named is on a host with limits")
        sockets = {one: forward(one[0]).socket(one[1]) for one in engines}
        known = {**given, "forward": forward, "session_lab": session_lab}

        def examine(host: str, engine: str) -> None:
            wanted = {name: known[name] for name in fixtures}
            if "tmp_path" in wanted:
                wanted["tmp_path"] = wanted["tmp_path"] / f"{host}-{engine}"
                wanted["tmp_path"].mkdir()
            with EngineClient(sockets[host, engine]) as client, making(client) as make:
                own = {"case": Case(session_lab, host, engine, client), "make": make}
                test(**wanted, **{name: own[name] for name in GIVEN if name in parameters})

        everywhere(examine, engines)

    run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
    own = ("session_lab", "forward", "request")
    names = [*own, *(name for name in fixtures if name not in own)]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    )
    return run
