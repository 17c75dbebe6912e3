# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are killed before or after any request, and what the next run makes of it; over the engine of dicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from dict_engine import Engine, done, run
from fake_client import changes_something

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption

ENGINES = [("podman", "4.3.1"), ("podman", "5.4.2"), ("docker", "26.1.5")]
MOST_REQUESTS = 20


class Killed(BaseException):
    """As SIGKILL: nothing is caught, nothing is put back."""


class Mortal(Engine):
    """Dies before or after the n-th request that changes something; the bad command never starts."""

    def __init__(self, name: str, version: str) -> None:
        super().__init__(name, version)
        self.dies_at: int | None = None
        self.before = False

    def ask(self, request: str, *args: Any, **kwargs: Any) -> Any:
        changes = changes_something(request)
        if changes and self.dies_at is not None:
            self.dies_at -= 1
        dies = changes and self.dies_at == 0
        if dies and self.before:
            raise Killed
        result = super().ask(request, *args, **kwargs)
        if dies:
            raise Killed
        return result

    def containers_start(self, name: str) -> None:
        if self.find(name)["Config"].get("Cmd") == ["bad"]:
            raise EngineError("no such program", 400)
        super().containers_start(name)


@pytest.fixture(params=ENGINES, ids=["-".join(engine) for engine in ENGINES])
def engine(request: pytest.FixtureRequest) -> Mortal:
    return Mortal(*request.param)


def moments(engine: Mortal, **params: Any) -> Iterator[None]:
    """Once for each moment at which the run can be killed, each time on the same container."""
    for before in (True, False):
        for number in range(1, MOST_REQUESTS):
            engine.container_dicts.clear()
            run(engine, restart_policy="always", state=params.get("first", "started"))
            engine.dies_at, engine.before = number, before
            try:
                run(engine, restart_policy="always", state=params["state"], command=params["command"])
            except Killed:
                engine.dies_at = None
                yield
                continue
            except EngineError:
                pass
            engine.dies_at = None
            break
        else:
            raise AssertionError("the run never ended")


FIRSTS = [("started", "started"), ("started", "present"), ("paused", "present"), ("stopped", "present"),
          ("started", "stopped"), ("paused", "paused"), ("stopped", "started")]  # fmt: skip


def expect(engine: Mortal, first: str, state: str, command: list[str] | None) -> None:
    (container,) = engine.container_dicts.values()
    assert container["Name"] == "/app"
    assert container["HostConfig"]["RestartPolicy"]["Name"] == "always"
    assert container["Config"].get("Cmd") == command
    running = first != "stopped" if state == "present" else state != "stopped"
    assert container["State"]["Running"] is running


@pytest.mark.parametrize(("first", "state"), FIRSTS)
def test_the_next_run_converges_whenever_a_recreation_is_killed(engine: Mortal, first: str, state: str) -> None:
    count = 0
    for _moment in moments(engine, first=first, state=state, command="good"):
        count += 1
        engine.calls.clear()
        options = {"restart_policy": "always", "state": state, "command": "good"}
        predicted = run(engine, check_mode=True, **options)
        assert engine.changes() == []
        happened = run(engine, **options)
        for key in ("changed", "actions", "diff"):
            assert predicted[key] == happened[key]
        expect(engine, first, state, ["good"])
        assert run(engine, **options)["changed"] is False
    assert count >= 5


# A new one that is not started can't fail.
STARTING = [way for way in FIRSTS if way not in (("started", "stopped"), ("stopped", "present"))]


@pytest.mark.parametrize(("first", "state"), STARTING)
def test_the_next_run_converges_whenever_a_rollback_is_killed(engine: Mortal, first: str, state: str) -> None:
    for _moment in moments(engine, first=first, state=state, command="bad"):
        engine.calls.clear()
        # What is in the playbook again is what ran before.
        options: dict[str, Any] = {"restart_policy": "always", "state": state}
        predicted = run(engine, check_mode=True, **options)
        happened = run(engine, **options)
        for key in ("changed", "actions", "diff"):
            assert predicted[key] == happened[key]
        (container,) = engine.container_dicts.values()
        assert container["Name"] == "/app" and container["State"]["Running"] == (state != "stopped")
        assert container["HostConfig"]["RestartPolicy"]["Name"] == "always"


def test_absent_removes_what_is_left_at_any_moment(engine: Mortal) -> None:
    for _moment in moments(engine, state="started", command="good"):
        predicted = run(engine, check_mode=True, state="absent")
        assert predicted["changed"] and engine.container_dicts
        assert run(engine, state="absent")["actions"] == predicted["actions"]
        assert engine.container_dicts == {}


def aside(engine: Mortal) -> str:
    """An interrupted recreation: the old one is aside, and nothing has its name."""
    run(engine)
    engine.dies_at, engine.before = 2, True
    with pytest.raises(Killed):
        run(engine, command="good")
    engine.dies_at = None
    (container,) = engine.container_dicts.values()
    return str(container["Name"]).lstrip("/")


def test_a_container_that_somebody_made_in_the_meantime_is_not_taken_for_the_new_one(engine: Mortal) -> None:
    aside(engine)
    engine.containers_create("app", {"Image": "app:1", "HostConfig": {}, "Cmd": ["theirs"]})
    engine.find("app")["State"].update(Running=True, Status="running")
    result = run(engine, command="good")
    assert done(result) == ["remove_leftover", "recreate"]
    assert [c["Config"]["Cmd"] for c in engine.container_dicts.values()] == [["good"]]


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "somebody's"])
def test_a_creation_that_a_killed_run_asked_for_comes_late(
    engine: Mortal, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    run(engine)
    create = engine.containers_create

    def late(name: str, body: dict[str, Any]) -> str:
        monkeypatch.setattr(engine, "containers_create", create)
        create(name, body if ours else {**body, "Labels": {}})
        raise EngineError(f"The container name {name} is already in use", 409, kind="name_in_use")

    monkeypatch.setattr(engine, "containers_create", late, raising=False)
    if ours:
        assert done(run(engine, command="new")) == ["recreate"]
        assert engine.find("app")["Config"]["Cmd"] == ["new"] and len(engine.container_dicts) == 1
        return
    with pytest.raises(EngineError, match="already in use"):
        run(engine, command="new")
    assert len(engine.container_dicts) == 2, "neither the old one nor somebody's is removed"


def test_a_name_that_only_looks_like_ours_is_left_alone(engine: Mortal) -> None:
    run(engine)
    for name in ("app.sshfleet-old-0123456789ab.running.always.0", "app.sshfleet-old-x", "xapp.sshfleet-old-1"):
        engine.containers.create(name, {"Image": "app:1", "HostConfig": {}})
    run(engine, command="good")
    run(engine, state="absent")
    assert len(engine.container_dicts) == 3


def test_a_container_put_aside_is_found_by_its_id(engine: Mortal) -> None:
    aside(engine)
    (identity,) = engine.container_dicts
    result = run(engine, name=identity, command="good")
    assert done(result) == ["restore", "recreate"]
    assert [c["Name"] for c in engine.container_dicts.values()] == ["/app"]


def test_an_unchanged_container_costs_no_request_more_and_one_that_was_recreated_one(engine: Mortal) -> None:
    run(engine)
    engine.calls.clear()
    run(engine)
    assert engine.requests() == ["containers.inspect", "images.inspect"]
    run(engine, command="good")
    engine.calls.clear()
    run(engine, command="good")
    assert engine.requests() == ["containers.inspect", "containers.inspect", "images.inspect"]


def test_an_engine_that_comes_back_gets_everything_put_back(engine: Mortal) -> None:
    run(engine)
    engine.fail["containers.create"] = EngineError("gone", kind="no_answer")
    with pytest.raises(EngineError, match="is back and is running again") as failed:
        run(engine, command="x")
    assert failed.value.kind == "engine_error"


def test_an_engine_that_goes_again_when_all_is_put_back_is_told_with_what_to_do(engine: Mortal) -> None:
    """Docker that was killed and starts twice answers in between; the last look is the one that tells how it went."""
    run(engine)

    def fails(match: str) -> None:
        engine.fail["containers.create"] = EngineError("gone", kind="no_answer")
        with pytest.raises(EngineError, match=match):
            run(engine, command="x")

    fails("is back and is running again")
    looked: list[str] = []
    look, goes_at = engine.containers_inspect, 0

    def goes_at_the_last(name: str) -> Any:
        looked.append(name)
        if len(looked) == goes_at:
            raise EngineError("No answer to inspect container app: closed", kind="no_answer")
        return look(name)

    engine.containers_inspect = goes_at_the_last  # type: ignore[method-assign]
    fails("is back and is running again")
    goes_at = 2 * len(looked)
    fails("could not be brought back: .*closed. Run the task again")


USES = [
    ({"NetworkMode": "container:ID"}, "network_mode"),
    ({"IpcMode": "container:app"}, "ipc_mode"),
    ({"PidMode": "container:ID"}, "pid_mode"),
    ({"UTSMode": "container:ID"}, "uts"),
    ({"VolumesFrom": ["app:ro"]}, "volumes_from"),
]


@pytest.mark.parametrize(("body", "option"), USES)
def test_dependents_are_refused_by_name_before_anything_is_touched(
    engine: Mortal, body: dict[str, Any], option: str
) -> None:
    run(engine)
    (identity,) = engine.container_dicts
    host = json.loads(json.dumps(body).replace("ID", identity))
    engine.containers.create("sidecar", {"Image": "app:1", "HostConfig": host})
    engine.changes()
    for check_mode in (True, False):
        with pytest.raises(EngineError, match=rf"sidecar \({option}\)") as refused:
            run(engine, check_mode=check_mode, command="x")
        assert refused.value.kind == "dependents"
    assert engine.changes() == []
    assert run(engine)["changed"] is False
    if engine.identity.name == "podman":
        with pytest.raises(EngineError, match="sidecar"):
            run(engine, state="absent")
        assert engine.changes() == []


def test_a_container_of_others_is_adopted_or_refused(engine: Mortal) -> None:
    run(engine)
    (container,) = engine.container_dicts.values()
    container["Config"]["Labels"] = {}
    assert run(engine)["changed"] is False
    engine.changes()
    for state in ("started", "present", "absent", "stopped"):
        with pytest.raises(InvalidOption, match="was not created by this collection"):
            run(engine, adopt=False, state=state)
    assert engine.changes() == []
    container["Config"]["Labels"] = {"sshfleet.containers.created": "true"}
    assert run(engine, adopt=False, command="x")["changed"] is True
    assert run(engine, adopt=False, command="x")["changed"] is False


def test_the_volumes_of_one_that_never_served_are_nobodys(engine: Mortal) -> None:
    """Also with keep_volumes: a failed new container whose old one somebody has removed."""
    run(engine)
    name = "app.sshfleet-new-0123456789ab.running.no.0"
    labels = {"sshfleet.containers.replaces": "0123456789ab" + "c" * 52}
    engine.containers.create(name, {"Image": "app:1", "HostConfig": {}, "Labels": labels})
    engine.calls.clear()
    assert done(run(engine, state="absent", keep_volumes=True)) == ["remove", "remove_leftover"]
    assert [call[-1] for call in engine.calls if call[0] == "containers.remove"] == [False, True]
