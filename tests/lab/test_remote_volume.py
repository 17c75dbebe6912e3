# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_volume and remote_volume_info on every engine of the lab."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab
from resource_world import World, on_every_engine
from tasks import through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

VOLUME = "rw-data"
IN_MEMORY = {"type": "tmpfs", "device": "tmpfs", "o": "noexec"}


def write(world: World, text: str) -> None:
    world.container("writer", HostConfig={"Binds": [f"{VOLUME}:/data"]})
    world.execute("rw-writer", "sh", "-c", f"'echo {text} > /data/file'")
    world.client.containers.remove("rw-writer", force=True)


def read(world: World) -> str:
    world.container("reader", HostConfig={"Binds": [f"{VOLUME}:/data"]})
    text = world.execute("rw-reader", "cat", "/data/file", check=False)
    world.client.containers.remove("rw-reader", force=True)
    return text


@on_every_engine
def test_a_volume_is_created_once_and_removed(world: World) -> None:
    done = world.both("volume", name=VOLUME, labels={"project": "shop"}, driver_options=IN_MEMORY)
    found = done["volume"]
    assert [step["action"] for step in done["actions"]] == ["create"]
    assert (found["name"], found["driver"], found["scope"], found["containers"]) == (VOLUME, "local", "local", [])
    assert found["driver_options"].items() >= IN_MEMORY.items() and found["created_by_us"] and found["mountpoint"]
    assert found["labels"] == {"project": "shop", "sshfleet.containers.created": "true"} and found["created_at"]
    assert world.both("volume", volume_name=VOLUME, state="absent")["volume"] is None


@on_every_engine
def test_a_volume_that_differs_is_left_alone_unless_the_task_says_otherwise(world: World) -> None:
    world.run("volume", name=VOLUME, labels={"a": "b"})
    write(world, "hello")
    for given in ({"labels": {"a": "c"}}, {"driver_options": IN_MEMORY}):
        left = world.both("volume", name=VOLUME, **given)
        assert not left["changed"] and left["drift"] == list(given) and "left alone" in left["warnings"][0]
    assert not world.both("volume", name=VOLUME, recreate="options-changed", labels={"a": "b"})["changed"]
    assert read(world) == "hello\n"
    done = world.both("volume", name=VOLUME, recreate="options-changed", labels={"a": "c"})
    assert [step["action"] for step in done["actions"]] == ["recreate"] and done["drift"] == []
    assert done["diff"]["before"] == {"labels": {"a": "b"}, "recreated": False}
    assert done["diff"]["after"] == {"labels": {"a": "c"}, "recreated": True}
    assert read(world) == ""
    assert world.both("volume", name=VOLUME, recreate="always")["changed"]


@on_every_engine
def test_the_same_options_in_other_words_cost_nothing(world: World) -> None:
    # Podman reports noquota elsewhere, and takes a size only where quotas are.
    first, again = (
        ("noexec,noquota", "rw,noquota,,noexec") if world.podman else ("noexec,size=1m", "rw,,size=1024k,noexec")
    )
    made = world.both("volume", name=VOLUME, driver_options={**IN_MEMORY, "o": first}, recreate="options-changed")
    same = world.both("volume", name=VOLUME, driver_options={**IN_MEMORY, "o": again}, recreate="options-changed")
    assert not same["changed"] and same["drift"] == [] and same["volume"] == made["volume"]
    other = {**IN_MEMORY, "o": f"{first},nosuid"}
    assert world.both("volume", name=VOLUME, driver_options=other, recreate="options-changed")["changed"]


@on_every_engine
def test_a_volume_in_use_is_neither_removed_nor_recreated(world: World) -> None:
    world.run("volume", name=VOLUME)
    write(world, "hello")
    world.container("b", HostConfig={"Binds": [f"{VOLUME}:/data"]}, start=False)
    world.container("a", HostConfig={"Binds": [f"{VOLUME}:/data"]})
    for given in ({"state": "absent"}, {"recreate": "always"},
                  {"recreate": "options-changed", "labels": {"a": "c"}}):  # fmt: skip
        for check in (True, False):
            with pytest.raises(EngineError, match=r"containers use it: rw-a, rw-b\. Nothing was changed") as refused:
                world.run("volume", check, name=VOLUME, **given)
            assert refused.value.kind == "dependents"
    found = world.run("volume", name=VOLUME)
    assert not found["changed"] and found["volume"]["containers"] == ["rw-a", "rw-b"]
    assert world.execute("rw-a", "cat", "/data/file") == "hello\n"


@on_every_engine
def test_what_the_engine_refuses_costs_nothing(world: World) -> None:
    world.run("volume", name=VOLUME)
    write(world, "hello")
    with pytest.raises(EngineError, match=r"recreate was refused.*Nothing was changed"):
        world.run("volume", name=VOLUME, recreate="options-changed", driver_options={"rw-no-such": "x"})
    assert read(world) == "hello\n"
    assert [one["Name"] for one in world.client.volumes.list() if one["Name"].startswith(VOLUME)] == [VOLUME]


@on_every_engine
def test_passwords_in_options_are_masked(world: World) -> None:
    secret = {"type": "cifs", "device": "//nas/share", "o": "addr=127.0.0.1,username=app,password=hunter2"}
    made = world.both("volume", name=VOLUME, driver_options=secret)
    assert made["volume"]["driver_options"]["o"] == "addr=127.0.0.1,username=app,password=********"
    other = {**secret, "o": secret["o"].replace("hunter2", "hunter3")}
    done = world.both("volume", name=VOLUME, driver_options=other, recreate="options-changed")
    assert "hunter" not in json.dumps([made, done]) + "".join(world.logged)
    assert done["diff"]["before"] != done["diff"]["after"]


@pytest.mark.pairs("both")
def test_through_ansible_with_check_diff_and_query(lab: Lab, tmp_path: Path) -> None:
    wanted = {"name": VOLUME, "labels": {"rw-tier": "b"}}
    tasks: list[dict[str, Any]] = [
        {"remote_volume": wanted, "check_mode": True},
        {"remote_volume": wanted},
        {"remote_volume_info": {"name": [VOLUME, "rw-none"], "query": "volumes[].name"}},
        {"remote_volume_info": {"labels": {"rw-tier": ""}, "query": "length(volumes)"}},
        {"remote_volume": {"name": VOLUME, "state": "absent"}},
    ]
    told = through_ansible(lab, tmp_path, lambda _engine: tasks, diff=True)
    for said, done, found, everything, gone in told.results.values():
        expected = {"before": {"exists": False}, "after": {"exists": True}}
        assert said["changed"] and said["diff"] == done["diff"] == expected
        assert (found["result"], found["missing"], found["exists"]) == ([VOLUME], ["rw-none"], True)
        assert everything["result"] == 1 and everything["volumes"] == found["volumes"] == [done["volume"]]
        assert gone["changed"]
