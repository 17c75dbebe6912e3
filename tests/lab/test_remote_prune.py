# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_prune on every engine of the lab: what check mode lists is what goes, and nothing else does.

The engine's other things are kept out of it by labels, so that these tests can run beside others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE
from lab_hosts import Lab
from resource_world import World, on_every_engine
from tasks import through_ansible

OURS = {"sshfleet.containers.created": "true"}
MINE = {"rw-prune": "yes"}
FILTER = {"label": "rw-prune"}
NET = "rw-net"


def names(result: dict[str, Any], kind: str) -> list[str]:
    return [step["name"] for step in result["actions"] if step["kind"] == kind]


def kept(world: World) -> dict[str, set[str]]:
    """What is there, by kind."""
    client = world.client
    return {
        "containers": {entry["Names"][0] for entry in client.containers.list(all=True)},
        "images": {image["Id"] for image in client.images.list(all=True)},
        "networks": {network.get("Name") or network["name"] for network in client.networks.list_native()},
        "volumes": {volume["Name"] for volume in client.volumes.list()},
    }


@on_every_engine
def test_containers_networks_and_volumes_of_ours_go_in_the_right_order(world: World) -> None:
    for name, labels in ((NET, MINE), ("rw-used", MINE), ("rw-stopped", MINE)):
        world.run("network", name=name, labels=labels)
    world.run("volume", name="rw-free", labels=MINE)
    world.run("volume", name="rw-kept", labels={**MINE, "keep": "1"})
    world.container("runs", "rw-used", Labels={**MINE, **OURS})
    world.container("stays", "rw-stopped", start=False, Labels=MINE)  # not ours, and its network stays with it
    bind = {"Binds": ["rw-free:/data"]}
    world.container("goes", NET, start=False, Labels={**MINE, **OURS}, HostConfig=bind)
    before = kept(world)
    done = world.both(
        "prune", containers=True, containers_filters=FILTER, networks=True, networks_filters=FILTER,
        volumes=True, volumes_filters={**FILTER, "all": True, "label!": ["keep", "other"]},
    )  # fmt: skip
    assert names(done, "containers") == ["rw-goes"] and len(done["containers"][0]) == 64
    assert names(done, "networks") == done["networks"] == [NET]
    assert names(done, "volumes") == done["volumes"] == ["rw-free"]
    after = kept(world)
    gone = {kind: before[kind] - after[kind] for kind in before}
    assert gone == {"containers": {"/rw-goes"}, "images": set(), "networks": {NET}, "volumes": {"rw-free"}}
    assert done["foreign"] == {"containers": 1, "networks": 0, "volumes": 0}
    assert "containers: 1" in done["warnings"][0]
    assert not world.run("prune", containers=True, containers_filters=FILTER, only_ours=True)["warnings"]
    everything = world.both("prune", containers=True, containers_filters=FILTER, only_ours=False, networks=True,
                            networks_filters=FILTER)  # fmt: skip
    assert names(everything, "containers") == ["rw-stays"] and names(everything, "networks") == ["rw-stopped"]
    world.client.containers.start("rw-runs")


@on_every_engine
def test_a_volume_with_a_made_up_name_goes_without_all(world: World) -> None:
    world.client.volumes.create({"Name": "rw-named", "Labels": MINE})
    before = {volume["Name"] for volume in world.client.volumes.list()}
    world.container("a", Volumes={"/data": {}}, start=False)
    (made_up,) = {volume["Name"] for volume in world.client.volumes.list()} - before
    used = world.run("prune", check=True, volumes=True, only_ours=False)
    assert made_up not in used["volumes"] and "rw-named" not in used["volumes"]
    world.client.containers.remove("rw-a")
    assert made_up not in world.run("prune", check=True, volumes=True)["volumes"]
    free = world.run("prune", check=True, volumes=True, only_ours=False)
    assert made_up in free["volumes"] and "rw-named" not in free["volumes"]
    world.client.volumes.remove(made_up)
    every = world.both("prune", volumes=True, volumes_filters={**FILTER, "all": True}, only_ours=False)
    assert every["volumes"] == ["rw-named"]


def image(world: World, base: str, name: str = "", labels: dict[str, str] | None = None) -> str:
    """An image on top of another one, by commit: the base is its parent."""
    quiet = "-q" if world.podman else ""
    changes = " ".join(f"--change 'LABEL {key}={value}'" for key, value in (labels or MINE).items())
    words = "\n".join([
        "set -e",
        f"id=$({world.engine} run -d {base} sh -c 'dd if=/dev/zero of=/f bs=1k count=64 2>/dev/null; echo $$ > /g')",
        f"{world.engine} wait $id >/dev/null",
        f"{world.engine} commit {quiet} {changes} $id {name}",
        f"{world.engine} rm $id >/dev/null",
    ])  # fmt: skip
    out = world.lab.ssh(world.host, "sh", "-s", input=words)
    return out.strip().splitlines()[-1].removeprefix("sha256:")


def bare(images: list[str]) -> list[str]:
    return [one.removeprefix("sha256:") for one in images]


@on_every_engine
def test_images_go_with_those_that_they_were_made_from(world: World) -> None:
    parent = image(world, IMAGE)
    child = image(world, parent)
    named = image(world, IMAGE, "localhost/rw-named:1")
    world.lab.ssh(world.host, world.engine, "tag", "localhost/rw-named:1", "localhost/rw-named:2")
    used = image(world, IMAGE)
    world.container("user", Image=used, start=False, Labels=OURS)
    before = kept(world)["images"]
    done = world.both("prune", images=True, images_filters=FILTER)
    assert bare(done["images"]) == [child, parent]
    assert done["images_space_reclaimed"] > 0 and done["space_reclaimed"] == done["images_space_reclaimed"]
    assert {one.removeprefix("sha256:") for one in before - kept(world)["images"]} == {child, parent}
    every = {"images": True, "images_filters": {**FILTER, "dangling": False}}
    said = world.run("prune", check=True, containers=True, **every)
    assert sorted(bare(said["images"])) == sorted([named, used])  # the user's container goes first
    done = world.both("prune", **every)
    assert bare(done["images"]) == [named]
    world.client.containers.remove("rw-user")
    assert bare(world.both("prune", **every)["images"]) == [used]


@on_every_engine
def test_filters_of_time_and_label(world: World) -> None:
    world.container("old", start=False, Labels={**MINE, **OURS, "tier": "a"})
    world.container("new", start=False, Labels={**MINE, **OURS, "tier": "b"})

    def found(**filters: Any) -> list[str]:
        said = world.run("prune", check=True, containers=True, containers_filters={**FILTER, **filters})
        return names(said, "containers")

    assert found() == ["rw-new", "rw-old"]
    assert found(until="24h") == [] and found(until="2020-01-31") == [] and found(until="4102444800") == found()
    assert found(label=["rw-prune=yes", "tier=a"]) == ["rw-old"]
    assert found(**{"label!": "tier=a"}) == ["rw-new"] and found(**{"label!": ["tier=a", "tier=b"]}) == []


@on_every_engine
def test_what_a_recreation_has_put_aside_and_what_others_need_stays(world: World) -> None:
    identity = world.container("aside", start=False, Labels={**MINE, **OURS})
    world.client.containers.rename(identity, f"rw-aside.sshfleet-old-{identity[:12]}.stopped.no.0")
    owner = world.container("owner", "podman" if world.podman else "bridge", Labels={**MINE, **OURS})
    world.container("user", Labels=MINE, HostConfig={"NetworkMode": f"container:{owner}"})
    world.stop("rw-owner")
    done = world.both("prune", containers=True, containers_filters=FILTER)
    assert names(done, "containers") == ([] if world.podman else ["rw-owner"])
    world.client.containers.remove("rw-user", force=True)
    assert names(world.both("prune", containers=True, containers_filters=FILTER), "containers") == (
        ["rw-owner"] if world.podman else []
    )


BUILD = """
set -e
folder=$(mktemp -d)
printf 'FROM localhost/busybox:latest\\nRUN echo rw-one > /one\\nRUN echo rw-two > /two\\n' > $folder/Dockerfile
docker rmi $(DOCKER_BUILDKIT=1 docker build -q $folder) >/dev/null
rm -r $folder
"""


@on_every_engine
def test_the_build_cache(world: World) -> None:
    if world.podman:
        done = world.both("prune", builder_cache=True, builder_cache_all=True)
        assert (done["changed"], done["builder_cache_caches_deleted"]) == (False, [])
        return
    if world.host == "bookworm1":  # Docker 26's command line has BuildKit in a plugin, which Debian does not package
        world.lab.ssh(world.host, "sh", "-s", input=BUILD)
    nothing = world.run("prune", check=True, builder_cache=True, builder_cache_filters={"until": "24h"})
    assert nothing["builder_cache_caches_deleted"] == []
    assert not world.run("prune", check=True, builder_cache=True, builder_cache_keep_storage="10G")["changed"]
    said = world.run("prune", check=True, builder_cache=True, builder_cache_all=True)
    assert said["changed"] == (world.host == "bookworm1")
    done = world.run("prune", builder_cache=True, builder_cache_all=True)
    for key in ("builder_cache_caches_deleted", "actions", "diff", "builder_cache_space_reclaimed"):
        assert said[key] == done[key], key
    assert not world.run("prune", builder_cache=True, builder_cache_all=True)["changed"]


@pytest.mark.pairs("both")
def test_through_ansible_with_check_and_diff(lab: Lab, tmp_path: Path) -> None:
    asked = {"containers": True, "containers_filters": {"label": "rw-prune"}}
    made = {"name": "rw-goes", "image": IMAGE, "state": "present", "command": "true", "labels": MINE}
    tasks: list[dict[str, Any]] = [
        {"remote_container": made},
        {"remote_prune": asked, "check_mode": True},
        {"remote_prune": asked},
        {"remote_prune": asked},
        {"remote_prune": {"images": True, "only_ours": True}, "ignore_errors": True},
    ]
    told = through_ansible(lab, tmp_path, lambda _engine: tasks, diff=True)
    for _made, said, done, again, refused in told.results.values():
        expected = {"before": {"containers": ["rw-goes"]}, "after": {"containers": []}}
        assert said["changed"] and said["diff"] == done["diff"] == expected
        assert said["containers"] == done["containers"] and not again["changed"]
        assert refused["error"]["option"] == "only_ours"


@on_every_engine
def test_nothing_that_others_have_made_goes_by_itself(world: World) -> None:
    world.container("foreign", start=False)
    world.client.networks.create({"Name": NET, "Driver": "bridge"})
    world.client.volumes.create({"Name": "rw-foreign"})
    said = world.run("prune", check=True, containers=True, networks=True, volumes=True, volumes_filters={"all": True})
    assert not [step["name"] for step in said["actions"] if step["name"].startswith("rw-")]
    assert all(count >= 1 for count in said["foreign"].values()) and len(said["foreign"]) == 3
