# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects in which something fails, is killed or is done twice at once: what becomes of the rest and of the next."""

from __future__ import annotations

import os
import signal
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from project_world import (
    HEALTHY,
    IN_NET,
    NET,
    actions,
    both,
    container,
    ending,
    failing,
    ids,
    outcomes,
    run,
    there,
)
from recreate_place import Faulty
from resource_world import PREFIX, World, on_every_engine
from two_runs import at_once, killed, no_marks, owners

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import Owners

NOPE = {"command": ["/nope"]}


@pytest.mark.fault("A part of a project fails")
@on_every_engine
def test_who_waits_for_what_fails_is_skipped_and_the_others_go_on(world: World) -> None:
    ill = {"healthcheck": {"test": "false", "interval": "1s", "retries": 1}, "healthy_wait_timeout": 3}
    own = (
        ending("fill", 3),
        container("sick", **ill),
        container("web", {"fill": "completed"}),
        container("cache", {"sick": "healthy"}),
        container("top", ["web"]),
        container("alone"),
    )
    error, result = failing(world, *own)
    assert outcomes(result) == {
        "fill": "failed", "sick": "failed", "web": "skipped", "cache": "skipped", "top": "skipped", "alone": "created",
    }  # fmt: skip
    words = (f"{PREFIX}fill", "completed", "3", f"{PREFIX}sick", "healthy", f"container {PREFIX}top", "2 parts failed")
    assert [word for word in words if word not in error.message] == [], error.message
    ids(world, "alone", "sick")
    told = {one["name"]: one for one in result["containers"]}
    assert told[f"{PREFIX}fill"]["error"]["kind"] == "container_ended", told[f"{PREFIX}fill"]["error"]
    assert told[f"{PREFIX}web"]["changed"] is False
    mended = run(world, ending("fill", 0), container("sick", **HEALTHY), *own[2:])
    assert outcomes(mended)["alone"] == "unchanged"
    ids(world, "web", "cache", "top", "alone", "sick")


@pytest.mark.fault("A part of a project fails")
@on_every_engine
def test_what_comes_back(world: World) -> None:
    own = [container("db"), container("web", ["db"]), container("top", ["web"])]
    run(world, *own)
    before = ids(world, "db", "web", "top")
    changed = [{**one, "env": {"A": "1"}} for one in own]
    error, result = failing(world, changed[0], {**own[1], **NOPE}, changed[2], container("job", ["db"]))
    assert outcomes(result) == {"db": "recreated", "web": "failed", "top": "skipped", "job": "created"}
    assert error.kind in ("container_failed", "command_not_found", "bad_command") or "nope" in error.message
    now = ids(world, "db", "web", "top")
    assert now[0] != before[0] and now[1:] == before[1:] and there(world) == {"db", "web", "top", "job"}
    old = ids(world, "db", "web", "top", "job")
    whole: dict[str, Any] = {"rollback": "project", "networks": [{"name": NET}]}
    again = [{**one, "env": {"A": "2"}} for one in own]
    _error, result = failing(world, again[0], again[1], {**own[2], **NOPE}, container("new", **IN_NET), **whole)
    assert outcomes(result) == {
        "db": "rolled back", "web": "rolled back", "top": "failed", "new": "rolled back", "network net": "created",
    }  # fmt: skip
    assert ids(world, "db", "web", "top", "job") == old and there(world) == {"db", "web", "top", "job"}
    done = both(world, *again, rollback="project")
    assert actions(done)[-1] == "container top: drop_old" and there(world) == {"db", "web", "top", "job"}


@pytest.mark.fault("A project is killed after any request")
@on_every_engine
def test_runs_that_are_killed_anywhere_are_finished_by_the_next(world: World) -> None:
    """One step after the other, so that the number of a request says where; rollback=project has the longest way."""

    def dies(number: int, shop: list[dict[str, Any]], client: EngineClient, own: Owners) -> dict[str, Any]:
        faulty: Any = Faulty(client, number, lambda: os.kill(os.getpid(), signal.SIGKILL))
        return run(world.with_client(faulty, own), *shop, parallel=1, rollback="project", networks=[{"name": NET}])

    with tempfile.TemporaryDirectory() as folder:
        for round, number in enumerate((2, 5, 8, 10)):
            shop = [
                container("db", env={"A": str(round)}, **IN_NET),
                container("side", ["db"], network_mode=f"container:{PREFIX}db"),
                container(f"new{round}", ["side"]),
            ]
            killed(world.client.wire.socket_path, Path(folder), partial(dies, number, shop))
            mine = world.with_client(world.client, owners(world.client, Path(folder), []))
            run(mine, *shop, networks=[{"name": NET}], purge=True)
            assert there(world) == {"db", "side", f"new{round}"}, number
            ids(world, "db", "side", f"new{round}")
            assert not run(world, *shop, networks=[{"name": NET}])["changed"]
            assert no_marks(world.client)


@pytest.mark.fault("Two runs change one project")
@on_every_engine
def test_two_runs_at_once(world: World) -> None:
    def with_value(value: str, client: EngineClient, own: Owners) -> dict[str, Any]:
        shop = [container(name, env={"VALUE": value}, **IN_NET) for name in ("a", "b", "c")]
        done = run(world.with_client(client, own), *shop, networks=[{"name": NET}], parallel=4)
        return {"value": value, "changed": done["changed"], "outcomes": outcomes(done)}

    def both(folder: str, one: str, other: str, number: int) -> bool:
        """Two runs, each with a value of its own; whether one had to wait for the other."""
        runs = [
            (Path(folder) / one, partial(with_value, f"{other}{number}1")),
            (Path(folder) / other, partial(with_value, f"{other}{number}2")),
        ]
        done = at_once(world.client.wire.socket_path, runs)
        for name in ("a", "b", "c"):
            inspect = world.client.containers.inspect(f"{PREFIX}{name}")
            assert inspect and inspect["State"]["Running"] and f"VALUE={done[-1]['value']}" in inspect["Config"]["Env"]
        assert done[-1]["changed"]
        return any("is being changed by" in line for line in done[-1]["log"])

    with tempfile.TemporaryDirectory() as folder:
        for one, other in (("here", "here"), ("here", "there")):
            # On a busy machine, one of them may be through before the other looks.
            assert any(both(folder, one, other, number) for number in range(3)), "they never met"
            assert there(world) == {"a", "b", "c"} and no_marks(world.client)
