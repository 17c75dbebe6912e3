# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the hosts of a fleet come to, and when reading them has failed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.options import Filter, Wanted
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.result import entry, result

WANTED = Wanted(frozenset({"containers"}), Filter(), False, False, 50, True, None, False)
GONE = {"kind": "unreachable", "message": "No way.", "hint": "Look."}


def container(name: str, image: str = "app:1", version: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "name": name, "image": image, "image_id": version, "status": "running", "running": True, "health": None,
        "ports": {}, **more,
    }  # fmt: skip


def host(name: str, *containers: dict[str, Any], engine: str = "docker") -> dict[str, Any]:
    read = {"engine": {"name": engine}, "containers": list(containers)}
    return entry(name, ["web", "eu"], [read], reached=True, seconds=0.12345)


def test_an_entry() -> None:
    assert entry("a", ["web", "eu"], [], GONE, reached=False) == {
        "host": "a", "groups": ["eu", "web"], "reached": False, "complete": False, "seconds": 0.0, "engines": [],
        "error": GONE,
    }  # fmt: skip
    assert host("a")["seconds"] == 0.123 and "error" not in host("a")


def test_totals() -> None:
    published = {"80/tcp": [{"host_ip": "127.0.0.1", "host_port": 8080}, {"host_ip": "127.0.0.1", "host_port": None}]}
    told = result(
        [
            host("b", container("x", ports=published, health="unhealthy"), container("y", version="2")),
            host("a", container("x", version="2"), container("z", "db:1", status="exited", running=False)),
            host("a2", container("x", version="2", status="exited", running=False, ports=published), engine="podman"),
        ],
        WANTED,
    )
    assert [one["host"] for one in told["hosts"]] == ["b", "a", "a2"] and told["complete"] and "failed" not in told
    assert told["totals"] == {
        "hosts": {"all": 3, "reached": 3, "failed": 0},
        "containers": {
            "all": 5, "running": 3, "paused": 0, "restarting": 0, "exited": 2, "created": 0, "dead": 0,
            "healthy": 0, "unhealthy": 1,
        },
        "images": [
            {
                "image": "app:1",
                "versions": [
                    {"id": "2", "hosts": ["b", "a", "a2"], "containers": 3},
                    {"id": "1", "hosts": ["b"], "containers": 1},
                ],
            },
            {"image": "db:1", "versions": [{"id": "1", "hosts": ["a"], "containers": 1}]},
        ],
        "ports": [
            {
                "host": "b", "engine": "docker", "container": "x", "port": "80/tcp", "host_ip": "127.0.0.1",
                "host_port": 8080,
            },
        ],
    }  # fmt: skip


def test_some_that_failed_are_told_and_warned_of() -> None:
    told = result([host("a"), entry("b", [], [], GONE, reached=False)], WANTED)
    assert not told["complete"] and "failed" not in told
    assert told["failed_hosts"] == [{"host": "b", **GONE}]
    assert told["warnings"] == ["1 of 2 hosts could not be read completely:\nb: No way."]
    assert told["totals"]["hosts"] == {"all": 2, "reached": 1, "failed": 1}


def test_all_that_failed_are_a_failure_and_so_is_one_where_that_is_asked() -> None:
    gone = entry("b", [], [], GONE, reached=False)
    for hosts, wanted in (([gone], WANTED), ([host("a"), gone], replace(WANTED, require_complete=True))):
        told = result(hosts, wanted)
        assert told["failed"] and told["error"] == GONE and "b: No way." in told["msg"] and told["hosts"] == hosts


def test_a_host_that_was_reached_and_gave_only_a_part_is_no_failure_of_all() -> None:
    assert "failed" not in result([entry("b", [], [], GONE, reached=True)], WANTED)


def test_no_hosts() -> None:
    assert result([], WANTED)["complete"]
