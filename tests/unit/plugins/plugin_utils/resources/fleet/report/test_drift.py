# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which containers are not the same on all hosts of a group."""

from __future__ import annotations

from typing import Any

from fleet_snapshots import container, failed, host, identity, snapshot

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.drift import drift

IMAGE = "localhost/app:1"


def version(hosts: list[str], number: str = "1", image: str = IMAGE) -> dict[str, Any]:
    return {"image": image, "image_id": identity(f"{image} {number}"), "hosts": hosts}


def test_hosts_that_are_alike_do_not_drift() -> None:
    assert drift(snapshot(host("a", [container("app")]), host("b", [container("app")]), failed("c"))) == []
    assert drift(snapshot(host("a", [container("app")]))) == []
    assert drift(snapshot()) == []


def test_another_image_of_the_same_name_is_drift_with_the_common_one_first() -> None:
    hosts = [host(name, [container("app", version=number)]) for name, number in (("a", "2"), ("b", "1"), ("c", "1"))]
    (group,) = drift(snapshot(*hosts))
    assert (group["group"], group["hosts"]) == ("web", 3)
    (row,) = group["containers"]
    assert row == {
        "name": "app",
        "versions": [version(["b", "c"]), version(["a"], "2")],
        "missing_on": [],
        "rare": False,
    }


def test_another_name_of_the_same_image_is_drift() -> None:
    one, other = container("app"), container("app") | {"image": "localhost/app:latest"}
    (group,) = drift(snapshot(host("a", [one]), host("b", [other])))
    assert [found["image"] for found in group["containers"][0]["versions"]] == [IMAGE, "localhost/app:latest"]


def test_only_a_host_that_was_read_can_lack_a_container() -> None:
    part = host("d") | {"complete": False}
    hosts = [host("a", [container("app")]), host("b", [container("app")]), host("c"), failed("e"), part]
    (group,) = drift(snapshot(*hosts))
    assert group["hosts"] == 4
    assert group["containers"] == [
        {"name": "app", "versions": [version(["a", "b"])], "missing_on": ["c"], "rare": False}
    ]


def test_what_few_hosts_have_is_rare_unless_it_differs() -> None:
    hosts = [host("a", [container("app"), container("tool")]), host("b", [container("app", version="2")])]
    (group,) = drift(snapshot(*hosts, host("c"), host("d"), host("e")))
    assert {row["name"]: row["rare"] for row in group["containers"]} == {"app": False, "tool": True}
    (half,) = drift(snapshot(host("a", [container("tool")]), host("b")))
    assert [row["rare"] for row in half["containers"]] == [False]


def test_each_group_is_looked_at_by_itself_and_those_of_all_hosts_are_none() -> None:
    hosts = [
        host("a", [container("app")], ["all", "eu", "web"]),
        host("b", [container("app", version="2")], ["all", "us", "web"]),
        host("c", [container("app")], ["all", "ungrouped"]),
        host("d", [container("app", version="2")], ["all", "ungrouped"]),
    ]
    assert [group["group"] for group in drift(snapshot(*hosts))] == ["web"]


def test_the_engine_does_not_matter() -> None:
    docker = host("b", [container("app", version="2")])
    docker["engines"][0]["engine"]["name"] = "docker"
    (group,) = drift(snapshot(host("a", [container("app")]), docker))
    assert len(group["containers"][0]["versions"]) == 2
