# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Snapshots of parts of a fleet become the one that a single reading of all hosts would have been."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from fleet_snapshots import EVERYWHERE, container, failed, fleet, host, snapshot

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.merging import (
    Part,
    merged,
    unlike,
    whole,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.page import page
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.shape import checked
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.totals import totals

PORTS = {"80/tcp": [{"host_ip": EVERYWHERE, "host_port": "8080"}]}
WEB1, WEB3 = (host(name, [container("app", ports=PORTS, health="healthy")]) for name in ("web1", "web3"))
WEB2 = host("web2", [container("app", version="2"), container("old", status="exited")])


def read(*hosts: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """As a task's result is: with its own totals, which merging may not take."""
    told = {**snapshot(*hosts), "changed": False, "totals": totals(hosts)}
    return {**told, "asked": asked} if asked else told


def test_two_slices_are_what_one_reading_of_all_would_be() -> None:
    both = merged([read(WEB1, WEB3, name=["app"]), read(WEB2, name=["app"])])
    assert both == {key: value for key, value in read(WEB1, WEB2, WEB3, name=["app"]).items() if key != "changed"}
    assert (
        both["totals"]["containers"] | {"all": 4, "running": 3, "exited": 1, "healthy": 2}
        == both["totals"]["containers"]
    )
    assert [len(image["versions"]) for image in both["totals"]["images"]] == [2] and len(both["totals"]["ports"]) == 2


def test_the_order_of_the_snapshots_does_not_matter() -> None:
    whole_fleet = fleet(30, 4)
    parts = [read(*whole_fleet["hosts"][number::3]) for number in range(3)]
    pages = {page(merged(order), title="x", made_at="now") for order in itertools.permutations(parts)}
    assert len(pages) == 1


def test_it_is_complete_where_all_are() -> None:
    lost = failed("web2")
    told = merged([read(WEB1), read(lost)])
    assert not told["complete"] and [one["host"] for one in told["failed_hosts"]] == ["web2"]
    assert told["totals"]["hosts"] == {"all": 2, "reached": 1, "failed": 1}
    assert not merged([read(WEB1) | {"complete": False}, read(WEB2)])["complete"]
    assert merged([{"hosts": [WEB1], "totals": {}}, read(WEB2)])["complete"]


def test_what_a_snapshot_need_not_tell_is_not_asked_for() -> None:
    bare = {"name": "x", "id": "1", "image": None, "image_id": None, "status": "running"}
    odd = {**bare, "name": "y", "ports": {"80/tcp": None, "81/tcp": [{"host_port": 81}, {}], "82/tcp": []}}
    given = {"hosts": [host("a", [bare, odd, {**bare, "ports": None}])], "totals": {}}
    told = merged([checked(given, "snapshot"), read(WEB1)])
    checked(told, "snapshot")
    assert [one["host_port"] for one in told["totals"]["ports"]] == [81, "8080"]
    assert told["totals"]["images"][0]["versions"] == [{"id": "", "hosts": ["a"], "containers": 3}]


def test_what_was_asked_for_is_told_where_it_is_the_same() -> None:
    one, other, silent = read(WEB1, read=["disk"], name=[]), read(WEB2, read=["reach"], name=[]), read(WEB3)
    assert unlike([one, copy.deepcopy(one), silent]) == [] and unlike([one, silent, other]) == ["read"]
    assert merged([one, silent])["asked"] == {"read": ["disk"], "name": []} and "asked" not in merged([one, other])


def test_one_snapshot_stays_as_it_is() -> None:
    given = read(WEB1)
    assert whole([Part("", given)], "snapshot") is given


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "Option 'before' has the value []: there is no snapshot in it"),
        ([("a.json", read(WEB1)), ("b.json", {"hosts": 3})], "no snapshot of a fleet: in b.json, hosts must be a list"),
        ([("a.json", [read(WEB1)])], "in a.json, it must be a mapping"),
        (
            [("a.json", read(WEB1, WEB2)), ("b.json", read(WEB2)), ("c.json", read(failed("web1")))],
            "'c.json']: some hosts are in two of the snapshots: web1 (a.json, c.json), web2 (a.json, b.json).",
        ),
    ],
)
def test_what_can_not_be_merged_is_refused(parts: list[tuple[str, Any]], words: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        whole([Part(*part) for part in parts], "before")
    assert words in refused.value.message and refused.value.option == "before" and refused.value.hint
