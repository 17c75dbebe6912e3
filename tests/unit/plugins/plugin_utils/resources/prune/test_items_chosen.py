# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would go, from the engines' lists."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.actual import Network, network
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune import cache, items
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.filters import Filters, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.images import images
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.items import Chosen, Item
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.plan import of_kind, plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.result import result, sized, warnings

NOW = 1_800_000_000.0
OURS = {"sshfleet.containers.created": "true"}
NO_FILTERS = Filters()
DOCKER, PODMAN = Engine("docker", (26, 1)), Engine("podman", (5, 4))


def container(name: str, state: str = "exited", **more: Any) -> dict[str, Any]:
    return {"Id": (name * 64)[:64], "Names": [f"/{name}"], "State": state, "Created": NOW - 100, "Labels": OURS, **more}


def names(chosen: Chosen) -> list[str]:
    return [item.name for item in chosen.items]


STATES = [
    ("created", True), ("configured", True), ("exited", True), ("stopped", True), ("dead", True),
    ("running", False), ("paused", False), ("restarting", False), ("removing", False),
]  # fmt: skip


@pytest.mark.parametrize(("state", "goes"), STATES)
def test_containers_that_do_not_run_go(state: str, goes: bool) -> None:
    assert bool(items.containers([container("a", state)], NO_FILTERS, True, NOW, {}).items) is goes


def test_plans_as_text(golden: Any) -> None:
    kinds = dict.fromkeys(("containers", "images", "networks", "volumes", "builder_cache"), NO_FILTERS)
    chosen = {
        "containers": Chosen((Item("1", "web"), Item("2", "db"))),
        "images": Chosen((Item("3", "<none>"), Item("4", "<none>"))),
        "networks": Chosen((Item("5", "back"),)),
        "volumes": Chosen((Item("data", "data"),)),
        "builder_cache": Chosen((Item("6", "6"), Item("7", "7"))),
    }
    everything = plan(Options(kinds, only_ours=False), chosen)
    golden("plans.txt", {"everything": everything, "nothing": plan(Options(kinds, only_ours=False), {})})
    assert [step.resource.name for step in of_kind(everything, "images")] == ["<none>", "<none>"]
    assert len(of_kind(everything, "builder_cache")) == 1


def test_others_containers_are_counted_only() -> None:
    listed = [container("b"), container("a"), container("c", Labels={}), container("d", Labels=None)]
    chosen = items.containers(listed, NO_FILTERS, True, NOW, {})
    assert names(chosen) == ["a", "b"] and chosen.foreign == 2
    everything = items.containers(listed, NO_FILTERS, False, NOW, {})
    assert names(everything) == ["a", "b", "c", "d"] and everything.foreign == 0


def test_what_a_recreation_has_put_aside_stays() -> None:
    aside = container("a", Names=["/web.sshfleet-old-aaaaaaaaaaaa.stopped.no.0"])
    failed = container("b", Names=["/web.sshfleet-new-cccccccccccc.stopped.no.0"])
    failed["Labels"] = {**OURS, "sshfleet.containers.replaces": "c" * 64}
    alike = container("d", Names=["/web.sshfleet-old-xxxxxxxxxxxx.stopped.no.0"])
    assert len(items.containers([aside, failed, alike], NO_FILTERS, True, NOW, {}).items) == 1


def test_what_others_need_stays_with_them() -> None:
    listed = [container("a"), container("b"), container("c"), container("d", "running")]
    a, b, c, d = (one["Id"] for one in listed)
    assert names(items.containers(listed, NO_FILTERS, True, NOW, {b: {a}, d: {b}})) == ["c"]
    assert names(items.containers(listed, NO_FILTERS, True, NOW, {b: {a}, c: {b}})) == ["a", "b", "c"]


def net(name: str, **more: Any) -> Network:
    return network({"Name": name, "Id": (name * 64)[:64], "Driver": "bridge", "Scope": "local", "Labels": OURS,
                    "Created": "2026-11-21T12:00:00Z", **more}, DOCKER)  # fmt: skip


def test_networks_that_nobody_is_in_go() -> None:
    inside = {"NetworkSettings": {"Networks": {"used": {"NetworkID": ""}}}}
    found = [net("b"), net("a"), net("used"), net("bridge"), net("conf", ConfigOnly=True), net("wide", Scope="swarm"),
             net("other", Labels={})]  # fmt: skip
    chosen = items.networks(found, [container("x", **inside)], NO_FILTERS, True, NOW, DOCKER)
    assert names(chosen) == ["a", "b"] and chosen.foreign == 1
    assert chosen.items[0].id == "a" * 64
    gone = items.networks(found, [], parse("x", "networks", {"until": "2026-11-22"}), True, NOW, DOCKER)
    assert names(gone) == ["a", "b", "used"]
    assert not items.networks(found, [], parse("x", "networks", {"until": "2026-11-20"}), True, NOW, DOCKER).items


def volume(name: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Labels": OURS, "CreatedAt": "2026-11-21T12:00:00Z", **more}


MADE_UP = "0123456789abcdef" * 4


def test_volumes_with_a_made_up_name_go_and_all_of_them_if_asked_for() -> None:
    labelled = {"Labels": {"com.docker.volume.anonymous": ""}}
    found = [
        volume("named"),
        volume(MADE_UP),
        volume("marked", **labelled),
        volume("used"),
        volume("foreign", Labels={}),
    ]
    left = [container("x", Mounts=[{"Type": "volume", "Name": "used"}])]
    assert names(items.volumes(found, left, NO_FILTERS, False, NOW)) == [MADE_UP, "marked"]
    everything = parse("x", "volumes", {"all": True})
    assert names(items.volumes(found, left, everything, False, NOW)) == [MADE_UP, "foreign", "marked", "named"]
    ours = items.volumes(found, left, everything, True, NOW)
    assert names(ours) == [MADE_UP, "named"] and ours.foreign == 2


def image(name: str, parent: str = "", *tags: str, **more: Any) -> dict[str, Any]:
    identity, made_from = (name * 64)[:64], f"sha256:{(parent * 64)[:64]}" if parent else ""
    return {"Id": f"sha256:{identity}", "ParentId": made_from, "Created": NOW - 100, "RepoTags": list(tags),
            "Labels": {}, "Containers": -1, "Size": 10, **more}  # fmt: skip


def ids(chosen: Chosen) -> list[str]:
    return [item.id[-1] for item in chosen.items]


def used_by(name: str) -> list[dict[str, Any]]:
    return [container("x", ImageID=f"sha256:{(name * 64)[:64]}")]


DANGLING, EVERY = NO_FILTERS, parse("x", "images", {"dangling": False})
CHAIN = [image("a"), image("b", "a"), image("c", "b"), image("d", "", "app:1", "app:2")]
# images, filters, who uses which, what goes in which order
IMAGES: list[tuple[list[dict[str, Any]], Filters, str, list[str]]] = [
    (CHAIN, DANGLING, "", ["c", "b", "a"]),
    (CHAIN, DANGLING, "c", []),
    (CHAIN, DANGLING, "b", ["c"]),
    (CHAIN, EVERY, "", ["c", "d", "b", "a"]),
    (CHAIN, EVERY, "d", ["c", "b", "a"]),
    ([image("a", "", "base:1"), image("b", "a")], DANGLING, "", ["b"]),
    ([image("a", "", "base:1"), image("b", "a")], EVERY, "", ["b", "a"]),
    ([image("a"), image("b", "a", "app:1")], DANGLING, "", []),
    ([image("a", RepoTags=["<none>:<none>"]), image("b", RepoTags=None)], DANGLING, "", ["a", "b"]),
    ([image("a", RepoTags=["app@sha256:1"])], DANGLING, "", []),
    ([image("a", Containers=1)], DANGLING, "", []),
    ([image("a", Labels={"keep": "1"}), image("b", "a")], parse("x", "images", {"label!": "keep"}), "", ["b"]),
    ([image("a", Created=NOW - 10), image("b")], parse("x", "images", {"until": "60s"}), "", ["b"]),
]


@pytest.mark.parametrize(("listed", "filters", "used", "gone"), IMAGES)
def test_images_that_nothing_uses_go_children_first(listed: Any, filters: Any, used: str, gone: list[str]) -> None:
    assert ids(images(listed, used_by(used) if used else [], [], filters, NOW)) == gone


def test_images_of_containers_that_go_are_unused() -> None:
    listed = [image("a", Containers=1), image("b", Containers=2)]
    assert ids(images(listed, [], [*used_by("a"), *used_by("b")], DANGLING, NOW)) == ["a"]


def test_an_image_goes_by_all_its_names() -> None:
    (item,) = images([image("d", "", "app:2", "app:1")], [], [], EVERY, NOW).items
    assert (item.name, item.names) == ("app:1", ("app:1", "app:2"))


def test_parents_go_along_where_the_engine_takes_them() -> None:
    listed = [image("a", Labels={"keep": "1"}), image("b", "a"), image("c", Labels={"keep": "1"})]
    filters = parse("x", "images", {"label!": "keep"})
    assert ids(images(listed, [], [], filters, NOW, parents_go_along=True)) == ["b", "a"]


def record(name: str, parent: str = "", size: int = 10, age: int = 100, **more: Any) -> dict[str, Any]:
    used = "2027-01-15T08:00:00Z" if age == 0 else "2027-01-01T00:00:00Z"
    return {"ID": name, "Parent": parent, "Type": "regular", "Size": size, "InUse": False, "Shared": False,
            "LastUsedAt": used, "CreatedAt": used, "Description": f"step {name}", **more}  # fmt: skip


# records, filters, everything, keep, what goes
CACHE: list[tuple[list[dict[str, Any]], dict[str, Any], bool, int | None, list[str]]] = [
    ([record("a"), record("b", "a")], {}, False, None, ["b", "a"]),
    ([record("a"), record("b", "a", InUse=True)], {}, True, None, []),
    ([record("a", Type="frontend"), record("b", Type="internal"), record("c", Shared=True)], {}, False, None, []),
    ([record("a", Type="frontend"), record("b", Type="internal"), record("c", Shared=True)], {}, True, None,
     ["a", "b", "c"]),
    ([record("a"), record("b")], {}, False, 10, ["a"]),
    ([record("a"), record("b")], {}, False, 20, []),
    ([record("a"), record("b", age=0)], {"until": "24h"}, False, None, ["a"]),
    ([record("ab"), record("b"), record("c")], {"id": "b"}, False, None, ["ab", "b"]),
    ([record("a"), record("b", Type="source.local")], {"type": "source.local"}, False, None, ["b"]),
    ([record("a"), record("b", Shared=True)], {"private": True}, True, None, ["a"]),
    ([record("a", Parents=["p"]), record("b")], {"parent": "p"}, False, None, ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(("records", "given", "everything", "keep", "gone"), CACHE)
def test_the_build_cache_goes_by_buildkits_rules(
    records: Any, given: Any, everything: Any, keep: Any, gone: Any
) -> None:
    filters = parse("x", "builder_cache", given)
    assert [item.id for item in cache.cache(records, filters, NOW, everything=everything, keep=keep)] == gone


def test_the_request_for_the_build_cache() -> None:
    filters = parse("x", "builder_cache", {"until": "24h", "inuse": False})
    asked = cache.query(filters, everything=True, keep=5)
    texts = {"until": {"24h": True}, "inuse": {"false": True}}
    assert asked == {"filters": texts, "all": "true", "keep-storage": 5, "reserved-space": 5}
    assert cache.query(NO_FILTERS, everything=False, keep=None) == {}


def test_the_result_has_the_peers_names_and_the_space() -> None:
    usage = {
        "Containers": [{"Id": "c1", "SizeRw": 5}, {"ID": "c2", "SizeRw": 7}],
        "Images": [{"Id": "i1", "Size": 100, "SharedSize": 30}, {"Id": "sha256:i2", "Size": 50, "SharedSize": -1}],
        "Volumes": [{"Name": "v1", "UsageData": {"Size": 9}}, {"Name": "v2", "UsageData": {"Size": -1}}],
    }
    options = Options({"containers": NO_FILTERS, "images": NO_FILTERS, "networks": NO_FILTERS, "volumes": NO_FILTERS})
    chosen = sized({
        "containers": Chosen((Item("c1", "web"), Item("c2", "db")), 3),
        "images": Chosen((Item("sha256:i1", "app:1"), Item("sha256:i2", "i2"))),
        "networks": Chosen((Item("n" * 64, "net"),)),
        "volumes": Chosen((Item("v1", "v1"), Item("v2", "v2"))),
    }, usage)  # fmt: skip
    told = result(options, chosen)
    assert (told["containers"], told["containers_space_reclaimed"]) == (["c1", "c2"], 12)
    assert (told["images"], told["images_space_reclaimed"]) == (["sha256:i1", "sha256:i2"], 120)
    assert told["networks"] == ["net"] and "networks_space_reclaimed" not in told
    assert told["volumes_space_reclaimed"] == 9 and told["space_reclaimed"] == 141
    assert told["changed"] and told["foreign"] == {"containers": 3, "networks": 0, "volumes": 0}
    assert told["diff"]["before"]["containers"] == ["web", "db"] and told["diff"]["after"]["containers"] == []
    assert [(one["kind"], one["name"]) for one in told["actions"]][:2] == [("containers", "web"), ("containers", "db")]


def test_a_task_that_says_nothing_is_told_of_what_was_left() -> None:
    chosen = {"containers": Chosen((), 3), "images": Chosen()}
    assert "containers: 3" in warnings(Options({}), chosen)[0]
    for only_ours in (True, False):
        assert warnings(Options({}, only_ours=only_ours), chosen) == []
    assert not result(Options({}), {})["changed"]
