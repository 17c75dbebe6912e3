# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what the engine is removing already, and connections that an engine writes down and does not make."""

from __future__ import annotations

import itertools

import pytest
from dict_engine import Engine, done, run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.removal import (
    STATE_CHANGED,
    TRIES,
    discard,
    kill,
)

IN_PROGRESS = EngineError("removal of container app is already in progress", 409)
MISSING = EngineError("no such container", 404, kind="container_missing")
# The removal's error, the looks after which the container is gone, how often it is looked at, and whether it stays.
REMOVALS: dict[str, tuple[EngineError | None, int, int, bool]] = {
    "removed": (None, 0, 0, False),
    "gone": (MISSING, 0, 0, False),
    "goes": (IN_PROGRESS, 3, 4, False),
    "stays": (IN_PROGRESS, 1000, 50, True),
    "refused": (EngineError("has dependent containers", 500, kind="dependents"), 0, 0, True),
}


@pytest.mark.parametrize("case", REMOVALS)
def test_what_the_engine_removes_already_is_waited_for(case: str) -> None:
    error, gone_after, looks, stays = REMOVALS[case]
    engine = Engine()
    run(engine)
    engine.calls.clear()
    if error:
        engine.fail["containers.remove"] = error
        counted = itertools.count()
        engine.containers_inspect = lambda name: {} if next(counted) < gone_after else None  # type: ignore
    if stays:
        with pytest.raises(EngineError) as raised:
            discard(engine, "app", False, lambda _seconds: None)
        assert raised.value is error
    else:
        discard(engine, "app", False, lambda _seconds: None)
    assert engine.requests().count("containers.inspect") == looks


@pytest.mark.parametrize("refusals", [1, TRIES - 1, TRIES])
def test_a_removal_meets_a_container_that_its_restart_policy_starts_over_and_over(refusals: int) -> None:
    """Podman 4.3: it has just ended when the removal comes to kill it."""
    engine = Engine()
    run(engine)
    (identity,) = engine.container_dicts
    left = iter(range(refusals))
    remove = engine.containers_remove
    slept: list[float] = []

    def restless(name: str, force: bool, volumes: bool) -> None:
        for _one in left:
            message = f"cannot remove container {name} as it could not be stopped: {STATE_CHANGED}: stopped"
            raise EngineError(message, 500)
        remove(name, force=force, volumes=volumes)

    engine.containers_remove = restless  # type: ignore[method-assign]
    if refusals < TRIES:
        discard(engine, identity, False, slept.append)
    else:
        with pytest.raises(EngineError, match=STATE_CHANGED):
            discard(engine, identity, False, slept.append)
    assert (len(slept), bool(engine.container_dicts)) == (min(refusals, TRIES - 1), refusals == TRIES)


def test_a_container_that_has_just_ended_needs_no_kill() -> None:
    engine = Engine()
    run(engine)
    engine.fail["containers.kill"] = EngineError(f"can only kill running containers: {STATE_CHANGED}", 409)
    kill(engine, "app")
    engine.fail["containers.kill"] = EngineError("permission denied", 500)
    with pytest.raises(EngineError, match="denied"):
        kill(engine, "app")


def test_a_container_that_its_engine_removes_can_be_absent() -> None:
    engine = Engine()
    run(engine, auto_remove=True)
    stop = engine.containers_stop

    def stops(name: str, timeout: int | None = None) -> None:
        stop(name)
        del engine.container_dicts[engine.find(name)["Id"]]

    def gone(name: str, force: bool, volumes: bool) -> None:
        raise MISSING

    engine.containers_stop = stops  # type: ignore[method-assign]
    engine.containers_remove = gone  # type: ignore[method-assign]
    assert done(run(engine, state="absent")) == ["remove"] and not engine.container_dicts


@pytest.mark.parametrize(("name", "sent"), [("podman", ["networks.connect", "networks.disconnect"]),
                                            ("docker", ["networks.connect"])])  # fmt: skip
def test_podman_is_made_to_forget_a_connection_that_failed(name: str, sent: list[str]) -> None:
    """It would answer no request about any container until then."""
    engine = Engine(name, "5.4.2")
    run(engine)
    engine.changes()
    engine.fail["networks.connect"] = EngineError("no such subnet", 500)
    engine.fail["networks.disconnect"] = EngineError("no such device", 500)
    with pytest.raises(EngineError, match=r"connected to the network back: no such subnet") as failed:
        run(engine, networks=[{"name": "back"}])
    assert engine.changes() == sent and failed.value.status == 500
