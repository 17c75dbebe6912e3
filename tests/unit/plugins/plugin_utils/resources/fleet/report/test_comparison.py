# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What appeared, vanished and changed between two snapshots, and what nobody can say."""

from __future__ import annotations

import copy
from typing import Any

from fleet_snapshots import container, failed, fleet, host, identity, snapshot

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.comparison import compared


def names(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["host"], row["engine"], row["name"]) for row in rows]


def test_nothing_is_different_from_itself() -> None:
    taken = fleet(30, 5)
    found = compared(taken, copy.deepcopy(taken))
    assert [part for part in found if part != "not_compared" for rows in found[part].values() if rows] == []
    assert found["not_compared"] == [one["host"] for one in taken["failed_hosts"]]


def test_containers_appear_vanish_and_change() -> None:
    before = snapshot(host("a", [container("stays"), container("goes"), container("moves")]))
    moved = container("moves", status="exited", health="unhealthy", labels={"v": "2"}, said="Exited (1)")
    after = snapshot(host("a", [container("stays", said="Up 6 minutes", stats={}), container("comes"), moved]))
    found = compared(before, after)["containers"]
    assert found["appeared"] == [
        {"host": "a", "engine": "podman", "name": "comes", "image": "localhost/app:1", "status": "running"}
    ]
    assert names(found["vanished"]) == [("a", "podman", "goes")]
    (changed,) = found["changed"]
    assert {change["field"]: (change["before"], change["after"]) for change in changed["changes"]} == {
        "status": ("running", "exited"),
        "health": ("", "unhealthy"),
        "label v": ("", "2"),
    }


def test_each_field_that_people_care_for_is_compared() -> None:
    others = {
        "id": "other",
        "image": "localhost/app:2",
        "image_id": "sha256:other",
        "command": "other",
        "ports": {"80/tcp": [{"host_ip": "", "host_port": "80"}]},
        "networks": {"other": {}},
        "status": "paused",
        "health": "healthy",
    }
    for field, value in others.items():
        after = snapshot(host("a", [container("app") | {field: value}]))
        (row,) = compared(snapshot(host("a", [container("app")])), after)["containers"]["changed"]
        assert [change["field"] for change in row["changes"]] == [field]


def test_a_container_that_was_inspected_compares_with_one_that_was_not() -> None:
    listed, inspected = container("app", command="sh -c serve"), container("app", command=["-c", "serve"])
    before = snapshot(host("a", [listed]))
    assert compared(before, snapshot(host("a", [inspected])))["containers"]["changed"] == []
    other = snapshot(host("a", [container("app", command=["-c", "wait"])]))
    (row,) = compared(snapshot(host("a", [inspected])), other)["containers"]["changed"]
    assert row["changes"] == [{"field": "command", "before": "-c serve", "after": "-c wait"}]


def test_the_same_name_under_another_engine_is_another_container() -> None:
    docker = host("a", [container("app")])
    docker["engines"][0]["engine"]["name"] = "docker"
    found = compared(snapshot(host("a", [container("app")])), snapshot(docker))["containers"]
    assert (names(found["appeared"]), names(found["vanished"])) == ([("a", "docker", "app")], [("a", "podman", "app")])


def test_of_a_host_that_was_not_read_nothing_vanishes_and_nothing_is_new() -> None:
    whole, lost = snapshot(host("a", [container("app")])), snapshot(failed("a"))
    for before, after in ((whole, lost), (lost, whole)):
        found = compared(before, after)
        assert found["not_compared"] == ["a"]
        assert found["containers"] == {"appeared": [], "vanished": [], "changed": []}
        assert found["images"] == {"appeared": [], "vanished": [], "changed": []}
    assert compared(whole, lost)["hosts"]["changed"] == [
        {"host": "a", "field": "state", "before": "read", "after": "not reached"}
    ]


def test_a_host_that_was_read_in_part_can_still_change() -> None:
    part = snapshot(host("a", [container("app", status="exited")]) | {"complete": False})
    found = compared(snapshot(host("a", [container("app"), container("more")])), part)
    assert [row["name"] for row in found["containers"]["changed"]] == ["app"]
    assert found["containers"]["vanished"] == []


def test_hosts_appear_and_vanish_with_their_containers() -> None:
    found = compared(snapshot(host("a", [container("app")])), snapshot(host("b", [container("app")])))
    assert (found["hosts"]["appeared"], found["hosts"]["vanished"]) == (["b"], ["a"])
    assert names(found["containers"]["appeared"]) == [("b", "podman", "app")]
    assert names(found["containers"]["vanished"]) == [("a", "podman", "app")]


def test_an_engine_that_was_updated_and_other_groups_are_told() -> None:
    after = host("a", groups=["db"])
    after["engines"][0]["engine"]["version"] = "6.0"
    changed = compared(snapshot(host("a")), snapshot(after))["hosts"]["changed"]
    assert [(row["field"], row["before"], row["after"]) for row in changed] == [
        ("groups", "web", "db"),
        ("engines", "podman 5.4.2", "podman 6.0"),
    ]


def test_images_appear_vanish_and_change() -> None:
    before = snapshot(host("a", [container("one"), container("two", "localhost/old:1")]))
    new = [container("one", version="2"), container("two", "localhost/new:1"), container("three", version="2")]
    found = compared(before, snapshot(host("a", new)))["images"]
    assert (found["appeared"], found["vanished"]) == (["localhost/new:1"], ["localhost/old:1"])
    assert found["changed"] == [
        {
            "image": "localhost/app:1",
            "appeared": [{"id": identity("localhost/app:1 2"), "hosts": ["a"]}],
            "vanished": [{"id": identity("localhost/app:1 1"), "hosts": ["a"]}],
        }
    ]
