# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects on one engine, for tests of remote_containers: short names for what they make and for what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from engine_cases import IMAGE
from resource_world import PREFIX, World

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

PROJECT = f"{PREFIX}shop"
NET = f"{PREFIX}net"
IN_NET = {"networks": [{"name": NET}]}
HEALTHY = {"healthcheck": {"test": "true", "interval": "1s"}}


def container(name: str, on: Any = None, **more: Any) -> dict[str, Any]:
    """A container that sleeps; ``on`` are the short names that it depends on."""
    depends_on = {
        PREFIX + other: how
        for other, how in (dict.fromkeys(on, "started") if isinstance(on, list) else on or {}).items()
    }
    return {
        "name": PREFIX + name, "image": IMAGE, "command": "sleep 600", "stop_timeout": 0, "keep_volumes": False,
        "depends_on": depends_on, **more,
    }  # fmt: skip


def ending(name: str, code: int, on: Any = None, **more: Any) -> dict[str, Any]:
    """One that ends at once with a status."""
    return container(name, on, **{"command": ["sh", "-c", f"exit {code}"], **more})


def run(world: World, *containers: dict[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
    """What remote_containers does with them."""
    return world.run("containers", check=check, **{"name": PROJECT, "containers": list(containers), **more})


def both(world: World, *containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Check mode, then the run, which has to do what that said; then a second run, which changes nothing."""
    said = run(world, *containers, check=True, **more)
    done = run(world, *containers, **more)
    assert sorted(actions(said)) == sorted(actions(done))
    assert (said["changed"], said["diff"], outcomes(said)) == (done["changed"], done["diff"], outcomes(done))
    again = run(world, *containers, **more)
    assert not again["changed"] and again["actions"] == [], again["actions"]
    assert set(outcomes(again).values()) <= {"unchanged"}
    return done


def failing(world: World, *containers: dict[str, Any], **more: Any) -> tuple[EngineError, dict[str, Any]]:
    """The error of a run in which something fails, and its result."""
    with pytest.raises(EngineError) as caught:
        run(world, *containers, **more)
    return caught.value, dict(caught.value.beside)


def actions(result: Mapping[str, Any]) -> list[str]:
    """["container db: create", ...] with short names, in the order of the result."""
    return [f"{one['resource']}: {one['action']}".replace(PREFIX, "") for one in result["actions"]]


def outcomes(result: Mapping[str, Any]) -> dict[str, str]:
    """What became of each container, network and volume, by short name; of a network with its kind."""
    kinds = {"containers": "", "networks": "network ", "volumes": "volume "}
    return {
        f"{before}{one['name'].removeprefix(PREFIX)}": one["outcome"]
        for kind, before in kinds.items()
        for one in result[kind]
    }


def ids(world: World, *names: str) -> list[str]:
    """The IDs of containers that have to be there and to run."""
    found = [world.client.containers.inspect(PREFIX + name) for name in names]
    assert all(one and one["State"]["Running"] for one in found), names
    return [str(one["Id"]) for one in found if one]


def there(world: World) -> set[str]:
    """The short names of all containers of the tests, those that were put aside among them."""
    names = (entry["Names"][0].lstrip("/") for entry in world.client.containers.list(all=True))
    return {name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)}
