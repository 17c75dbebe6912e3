# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at containers, and reading their logs, with an engine that answers from a list."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.usage import observe
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.options import ARGUMENT_SPEC, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.work.run import read_logs

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
TITLES = ["PID", "COMMAND"]


class Engine(FakeClient):
    """``gone`` maps an ID to the error that every look at it meets."""

    def __init__(self, name: str = "docker", **gone: EngineError) -> None:
        super().__init__(name)
        self.gone = gone
        self.asked: list[tuple[str, ...]] = []

    def _look(self, *asked: str) -> None:
        self.asked.append(asked)
        if asked[1] in self.gone:
            raise self.gone[asked[1]]

    def containers_stats(self, name: str) -> dict[str, Any]:
        self._look("stats", name)
        return {"pids_stats": {"current": 3}}

    def containers_top(self, name: str, ps_args: str) -> dict[str, Any]:
        self._look("top", name, ps_args)
        return {"Titles": TITLES, "Processes": [["7", "db --pw hunter2"]]}

    def containers_changes(self, name: str) -> list[dict[str, Any]]:
        self._look("changes", name)
        return [{"Path": "/x", "Kind": 1}]


def container(identity: str, running: bool = True) -> dict[str, Any]:
    return {"Id": identity, "State": {"Running": running}, "Config": {"Env": ["DB_PASSWORD=hunter2"]}}


def looked(engine: Engine, *containers: dict[str, Any], looks: tuple[str, ...], mask: bool = True) -> dict[str, Any]:
    slept: list[float] = []
    found = observe(engine, containers, {"looks": looks, "mask_env": mask}, slept.append)
    assert len(slept) == ("stats" in looks and any(one["State"]["Running"] for one in containers))
    return found


def test_only_what_is_asked_for() -> None:
    engine = Engine()
    assert looked(engine, container("a"), looks=()) == {"a": {}} and engine.asked == []
    found = looked(engine, container("a"), looks=("changes",))
    assert found == {"a": {"changes": [{"path": "/x", "kind": "added"}]}}


def test_one_that_does_not_run_is_asked_for_its_changes_only() -> None:
    engine = Engine()
    found = looked(engine, container("a", running=False), looks=("stats", "top", "changes"))["a"]
    assert (found["stats"], found["top"], len(found["changes"])) == (None, None, 1)
    assert engine.asked == [("changes", "a")]


def test_stats_take_two_looks() -> None:
    engine = Engine()
    found = looked(engine, container("a"), container("b"), looks=("stats",))
    assert [found[name]["stats"]["pids"] for name in "ab"] == [3, 3]
    assert sorted(engine.asked[:2]) == sorted(engine.asked[2:]) == [("stats", "a"), ("stats", "b")]


def test_all_are_looked_at_at_once() -> None:
    """Docker 20.10 takes a second for each request: who asked one after the other would wait for the sum."""
    together = threading.Barrier(10)

    class Ticking(Engine):
        def containers_stats(self, name: str) -> dict[str, Any]:
            together.wait(60)
            return super().containers_stats(name)

    assert len(looked(Ticking(), *map(container, "abcdefghij"), looks=("stats",))) == 10


@pytest.mark.parametrize(("mask", "shown"), [(True, "db --pw ********"), (False, "db --pw hunter2")])
def test_command_lines_are_masked(mask: bool, shown: str) -> None:
    found = looked(Engine(), container("a"), looks=("top",), mask=mask)
    assert found["a"]["top"][0]["command"] == shown


@pytest.mark.parametrize(("name", "argument"), [("docker", "-eo pid,"), ("podman", "pid,")])
def test_each_engine_is_asked_in_its_own_way(name: str, argument: str) -> None:
    """Podman would run the container's own ps for an option, which may be another one, or none."""
    engine = Engine(name)
    looked(engine, container("a"), looks=("top",))
    assert engine.asked[0][2].startswith(argument)


@pytest.mark.parametrize("status", [404, 409])
def test_one_that_goes_meanwhile_is_no_failure(status: int) -> None:
    engine = Engine(a=EngineError("gone", status))
    found = looked(engine, container("a"), container("b"), looks=("stats", "top", "changes"))
    assert found["a"] == {"stats": None, "top": None, "changes": []}
    assert found["b"]["stats"]["pids"] == 3


def test_any_other_failure_is_one() -> None:
    with pytest.raises(EngineError, match="broken"):
        looked(Engine(a=EngineError("broken", 500)), container("a"), looks=("stats",))


class Logger(FakeClient):
    """An engine with one container; ``says`` is its log, or why that can't be read."""

    def __init__(self, says: Any, tty: bool = False) -> None:
        super().__init__()
        self.says = says
        self.tty = tty
        self.query: dict[str, Any] = {}

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        config = {"Tty": self.tty, "Env": ["DB_PASSWORD=hunter2"]}
        host = {"LogConfig": {"Type": "none"}}
        return {**container("1" * 64), "Name": "/app", "Config": config, "HostConfig": host} if name == "app" else None

    def system_now(self) -> float:
        return 1000.0

    def containers_logs(
        self, name: str, query: Mapping[str, Any], output: Callable[[int, bytes, bool], None], *, tty: bool
    ) -> None:
        assert tty is self.tty
        self.query = dict(query)
        if isinstance(self.says, Exception):
            raise self.says
        for data in self.says:
            output(1, data, not tty)


def read(engine: Logger, **given: Any) -> dict[str, Any]:
    return read_logs(engine, parse({**DEFAULTS, "container": "app", **given}))


@pytest.mark.parametrize("tty", [False, True])
def test_a_log(tty: bool) -> None:
    engine = Logger([b"one\npass", b"word hunter2\nlast"], tty)
    found = read(engine, since="10s")
    assert found["lines"] == ["one", "password ********", "last"] and found["running"] is True
    assert engine.query["since"] == "990.000000000"
    assert read(engine, mask_env=False)["lines"][1] == "password hunter2"


HINTS = [
    (EngineError("not readable", 500), "The container's log driver is none."),
    (EngineError("not readable", 500, "Read it elsewhere."), "Read it elsewhere."),
    (EngineError("cut off", kind="no_answer"), ""),
]


@pytest.mark.parametrize(("error", "hint"), HINTS)
def test_a_log_that_cannot_be_read_names_its_driver(error: EngineError, hint: str) -> None:
    with pytest.raises(EngineError) as caught:
        read(Logger(error))
    assert caught.value.hint == hint


def test_the_log_of_a_container_that_is_not_there() -> None:
    with pytest.raises(EngineError) as caught:
        read(Logger([]), container="nobody")
    assert caught.value.kind == "container_missing"
