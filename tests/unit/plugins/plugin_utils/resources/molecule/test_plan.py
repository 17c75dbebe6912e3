# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule import plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule.plan import Place
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule.scenario import Scenario

SCENARIO = Scenario("default", "me@desk", "desk", "/src/role", "/tmp/ephemeral")
OWN = SCENARIO.project
INVENTORY = {"web1": ("hosts.json",), "web2": ("hosts.json",)}


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "image": "debian:trixie", "host": "web1", **more}


def places(*given: dict[str, Any]) -> list[Place]:
    return plan.to_create(plan.platforms(given, SCENARIO, ""), SCENARIO, INVENTORY)


def test_scenarios_that_differ_in_anything_have_other_names() -> None:
    others = ["name", "owner", "controller", "directory", "ephemeral", "run"]
    names = {OWN, *(replace(SCENARIO, **{field: "other"}).project for field in others)}
    assert len(names) == 1 + len(others)
    assert SCENARIO.project == replace(SCENARIO).project


def test_one_project_for_each_engine_of_each_host() -> None:
    one, two, three = places(
        entry("a", networks=[{"name": "n", "internal": True}], volumes=["v:/v"]),
        entry("b", networks=[{"name": "n"}]),
        entry("c", host="web2", engine="docker"),
        entry("d", engine="podman"),
    )
    assert [place.key for place in (one, two, three)] == [("web1", ""), ("web2", "docker"), ("web1", "podman")]
    assert sorted(one.projects) == ["docker", "podman"] and sorted(two.projects) == ["docker"]
    project = one.projects["docker"]
    assert [container["name"] for container in project["containers"]] == [f"{OWN}-a", f"{OWN}-b"]
    assert project["networks"] == [{"name": f"{OWN}-n", "internal": True, "labels": SCENARIO.labels}]
    assert project["volumes"] == [{"name": f"{OWN}-v", "labels": SCENARIO.labels}]
    assert plan.shown([one, two, three], ["web2"]) == ["web1", "host-web2", "web1-podman"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidOptions) as caught:
        places(entry("a", imgae=1), entry("b"), entry("b"), {"image": "x"}, entry("c", host=None))
    lines = caught.value.message.split("\n")
    assert [line.partition(":")[0] for line in lines] == [
        "Platform a", "Platform b", "platforms[3] has no name. Give it one.", "Platform c",
    ]  # fmt: skip
    assert "another platform has it" in lines[1]


def test_two_platforms_want_one_network_alike() -> None:
    with pytest.raises(InvalidOptions, match=r"Platform b.*networks.driver.*the network n the value 'macvlan'"):
        places(
            entry("a", networks=[{"name": "n", "driver": "macvlan"}]),
            entry("b", networks=[{"name": "n", "driver": "bridge"}]),
        )


def test_what_is_made_by_others_is_neither_made_nor_removed() -> None:
    (one,) = places(entry("a", networks=[{"name": "theirs", "external": True}]))
    assert one.projects["docker"]["networks"] == [{"name": "theirs", "external": True}]


def test_a_destroy_goes_where_things_are_and_where_they_were() -> None:
    earlier = [Place("web2", "docker", ("old.json",)), Place("web1", "", ("old.json",))]
    given = [entry("a"), entry("b", imgae=1), {"image": "x"}, "nonsense", entry("c", engine="lxc")]
    found = plan.to_destroy(given, SCENARIO, "", earlier, [f"{OWN}-gone"])
    assert [(place.key, place.inventory) for place in found] == [
        (("web2", "docker"), ("old.json",)), (("web1", ""), ("old.json",)),
    ]  # fmt: skip
    assert found[0].projects == {
        "docker": {
            "name": OWN, "state": "absent", "purge": True, "remove_volumes": True,
            "containers": [{"name": f"{OWN}-{name}", "keep_volumes": False} for name in ("gone", "a", "b")],
        }
    }  # fmt: skip
    assert plan.to_destroy([{"name": "a"}], SCENARIO, "", [], []) == []
    assert [place.key for place in plan.to_destroy([{"name": "a"}], SCENARIO, "web1", [], [])] == [("web1", "")]
