# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_fleet_info returns has the shape that the report asks for, whether containers were inspected or not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.facts import disk_usage
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.result import (
    container_result,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet import summary
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.options import Filter, Wanted
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.page import page
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.report.shape import checked
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.result import entry, result

ID = "a" * 64
LISTED: dict[str, Any] = {
    "Id": ID,
    "Names": ["/app"],
    "Image": "localhost/app:1",
    "ImageID": "b" * 64,
    "Command": "sleep 600",
    "State": "running",
    "Status": "Up 2 minutes",
    "Ports": [{"PrivatePort": 80, "PublicPort": 8080, "Type": "tcp", "IP": "127.0.0.1"}, {"PrivatePort": 53}],
    "NetworkSettings": {"Networks": {"shop": None}},
}
INSPECTED: dict[str, Any] = {
    "Id": ID,
    "Name": "app",
    "Image": "sha256:" + "b" * 64,
    "Config": {"Image": "localhost/app:1", "Cmd": ["sleep", "600"], "ExposedPorts": {"53/tcp": {}}},
    "HostConfig": {"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}},
    "NetworkSettings": {"Networks": {"shop": {}}},
    "State": {"Status": "running", "Running": True},
}
UNREACHABLE = {"kind": "unreachable", "message": "No way.", "hint": "Look."}


def taken(inspect: bool) -> dict[str, Any]:
    listed = summary.container(LISTED, {})
    found = listed | (container_result(INSPECTED, Engine("podman", (5, 4, 2))) if inspect else {})
    engine = {"name": "podman", "version": "5.4.2", "api_version": "1.41", "socket": "/run/podman/podman.sock"}
    read = {"engine": engine, "containers": [found], "disk": disk_usage({})}
    nothing = {"engine": engine}
    hosts = [
        entry("a", ["web"], [read], reached=True),
        entry("b", ["web"], [nothing], {}, reached=True),
        entry("c", [], [], UNREACHABLE, reached=False),
    ]
    wanted = Wanted(frozenset({"containers", "disk"}), Filter(), inspect, False, 50, True, None, False)
    told: dict[str, Any] = json.loads(json.dumps(result(hosts, wanted) | {"changed": False}))
    return told


@pytest.mark.parametrize("inspect", [False, True])
def test_what_is_read_is_a_snapshot(inspect: bool) -> None:
    assert (
        "127.0.0.1:8080→80/tcp" in json.loads(page_data(page(checked(taken(inspect), "snapshot"), **TITLES)))["texts"]
    )


@pytest.mark.parametrize("inspect", [False, True])
def test_the_same_container_has_not_changed_because_it_was_inspected(inspect: bool) -> None:
    text = page(taken(inspect), taken(not inspect), **TITLES)
    assert "Containers: 0 appeared, 0 vanished, 0 changed." in text


TITLES = {"title": "Fleet", "made_at": "today"}


def page_data(text: str) -> str:
    return text.partition('id="data">')[2].partition("</script>")[0]
