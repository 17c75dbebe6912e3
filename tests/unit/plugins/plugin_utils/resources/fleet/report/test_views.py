# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sections show: states of hosts, totals, images, disk and ports."""

from __future__ import annotations

from typing import Any

import pytest
from fleet_snapshots import EVERYWHERE, container, failed, host, snapshot

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.views import (
    count,
    size,
    views,
)


def shown(*hosts: dict[str, Any]) -> dict[str, Any]:
    return views(snapshot(*hosts))


@pytest.mark.parametrize(
    ("taken", "state", "more"),
    [
        (failed("a"), "failed", ""),
        (failed("a", reached=True), "partial", ""),
        (host("a", [container("x", status="exited")]), "idle", "0/1 running"),
        (host("a"), "idle", "no containers"),
        (host("a", [container("x"), container("y", status="exited")]), "well", "1/2 running"),
        (host("a", [container("x", health="unhealthy")]), "trouble", "1/1 running · 1 in trouble"),
        (host("a", [container("x", status="restarting")]), "trouble", "0/1 running · 1 in trouble"),
        (host("a", [container("x", status="dead")]), "trouble", "0/1 running · 1 in trouble"),
        (host("a", [container("x", health="starting")]), "well", "1/1 running"),
    ],
)
def test_a_host_has_a_state(taken: dict[str, Any], state: str, more: str) -> None:
    (tile,) = shown(taken)["hosts"]
    assert (tile["state"], tile["more"]) == (state, more)


def test_where_no_containers_were_read_nothing_is_idle() -> None:
    taken = host("a")
    del taken["engines"][0]["containers"]
    assert views({"hosts": [taken], "totals": {}})["hosts"][0]["state"] == "well"


def test_the_legend_counts_what_there_is() -> None:
    legend = shown(failed("a"), host("b", [container("x")]), host("c", [container("x")]))["legend"]
    assert [(state, number) for state, _meaning, _mark, number in legend] == [("failed", 1), ("well", 2)]


def test_totals_are_those_of_the_snapshot_and_trouble_is_counted_once() -> None:
    both = container("x", status="restarting", health="unhealthy")
    tiles = {tile["what"]: tile for tile in shown(failed("a"), host("b", [both, container("y")]))["totals"]}
    assert (tiles["hosts"]["number"], tiles["hosts"]["more"], tiles["hosts"]["bad"]) == ("2", "1 failed", True)
    assert (tiles["containers"]["number"], tiles["containers"]["more"]) == ("2", "1 running")
    assert (tiles["in trouble"]["number"], tiles["in trouble"]["bad"]) == ("1", True)
    assert tiles["not running"]["number"] == "1"
    assert tiles["images in use"]["number"] == "1"


def test_what_was_not_read_is_not_counted() -> None:
    assert [tile["what"] for tile in views({"hosts": [], "totals": {"hosts": {"all": 0}}})["totals"]] == ["hosts"]


def test_images_in_several_versions_come_first_and_the_common_version() -> None:
    hosts = [
        host("a", [container("x", "localhost/z:1", version="2"), container("y", "localhost/a:1")]),
        host("b", [container("x", "localhost/z:1")]),
        host("c", [container("x", "localhost/z:1")]),
    ]
    images = shown(*hosts)["images"]
    assert [image["name"] for image in images] == ["localhost/z:1", "localhost/a:1"]
    assert [(version["hosts"], version["containers"]) for version in images[0]["versions"]] == [
        (["b", "c"], 2),
        (["a"], 1),
    ]


def test_the_fullest_disk_comes_first() -> None:
    hosts = [host("a"), host("b"), failed("c")]
    hosts[1]["engines"][0]["disk"] = {"images": {"size": 5_000_000_000}}
    disk = shown(*hosts)["disk"]
    assert [(row["host"], row["all"]) for row in disk["rows"]] == [("b", 5_000_000_000), ("a", 1_800_020_000)]
    assert disk["sums"] == [6_500_000_000, 20_000, 300_000_000, 0]
    assert (disk["all"], disk["most"]) == (6_800_020_000, 5_000_000_000)
    assert shown(failed("c"))["disk"] == {"rows": [], "sums": [], "all": 0, "most": 0}


def test_ports_are_in_order_of_their_numbers_with_the_hosts_of_each() -> None:
    def at(port: Any, address: str = EVERYWHERE, name: str = "web") -> dict[str, Any]:
        return container(name, ports={"80/tcp": [{"host_ip": address, "host_port": port}]})

    hosts = [host("a", [at("8080"), at("443", "127.0.0.1")]), host("b", [at("8080"), at("odd"), at(None)])]
    assert [(row["host_port"], row["address"], row["hosts"]) for row in shown(*hosts)["ports"]] == [
        (443, "127.0.0.1", ["a"]),
        (8080, "", ["a", "b"]),
        ("odd", "", ["b"]),
    ]


def test_failed_hosts_are_told_with_hints() -> None:
    (row,) = shown(failed("a"))["failed"]
    assert row == {
        "host": "a",
        "kind": "unreachable",
        "message": "a does not answer.",
        "hint": "Look whether it is up.",
    }


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_960, "1.0 MB"),
        (1_500_000_000, "1.5 GB"),
        (10**19, "10000.0 PB"),
    ],
)
def test_sizes_are_written_as_engines_do(number: int, written: str) -> None:
    assert size(number) == written


def test_counts_are_written_in_words() -> None:
    assert (count(1, "host"), count(1000, "host")) == ("1 host", "1,000 hosts")
