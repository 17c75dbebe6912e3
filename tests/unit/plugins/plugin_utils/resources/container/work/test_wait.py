# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task waits for, over the engine of dicts and a clock that goes on while somebody sleeps."""

from __future__ import annotations

from typing import Any

import pytest
from dict_engine import Engine, done, run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container


@pytest.fixture(params=["podman", "docker"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return Engine(request.param, "5.4.2" if request.param == "podman" else "26.1.5")


class Clock:
    def __init__(self) -> None:
        self.time = 0.0
        self.events: list[tuple[float, Any]] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        for moment, event in [one for one in self.events if one[0] <= self.time]:
            event()
            self.events.remove((moment, event))


def waiting_run(engine: Engine, clock: Clock, listeners: Any = None, **params: Any) -> dict[str, Any]:
    options = parse({"name": "app", "image": "app:1", **params})
    return run_container(engine, options, sleep=clock.sleep, now=clock.now, listeners=listeners)


def test_healthy_is_waited_for_and_a_replacement_that_does_not_become_it_gives_way(engine: Engine) -> None:
    clock = Clock()
    run(engine)

    def set_health(status: str) -> None:
        engine.find("app")["State"]["Health"] = {"Status": status}

    create = engine.containers_create

    def created(name: str, body: dict[str, Any]) -> str:
        identity = create(name, body)
        engine.container_dicts[identity]["State"]["Health"] = {"Status": "starting"}
        return identity

    engine.containers_create = created  # type: ignore[method-assign]
    clock.events = [(3.0, lambda: set_health("unhealthy"))]
    with pytest.raises(EngineError, match=r"healthy \(it is unhealthy\).*is back and is running") as failed:
        waiting_run(engine, clock, state="healthy", command="x", healthy_wait_timeout=10)
    assert (failed.value.kind, len(engine.container_dicts)) == ("not_in_time", 1)
    assert 10 <= clock.time < 15
    clock.events = [(clock.time + 5, lambda: set_health("healthy"))]
    result = waiting_run(engine, clock, state="healthy", command="x")
    assert (done(result), result["container"]["health"]) == (["recreate"], "healthy")


def test_waiting_ends_at_once_when_the_container_ends(engine: Engine) -> None:
    clock = Clock()
    engine.log = "last words"
    clock.events = [(1.0, lambda: engine.find("app")["State"].update(Running=False, Status="exited", ExitCode=4))]
    with pytest.raises(EngineError, match="it ended with exit code 4") as failed:
        waiting_run(engine, clock, wait_for={"port": 80}, listeners=lambda inspect: ("", ""))
    assert "last words" in failed.value.message and clock.time < 3
    assert failed.value.kind == "container_ended"
