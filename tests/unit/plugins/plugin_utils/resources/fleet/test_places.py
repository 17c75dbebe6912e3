# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a container is, whether all of a host was seen, and how its ports are written."""

from __future__ import annotations

from typing import Any

import pytest
from fleet_snapshots import EVERYWHERE, container, failed, host

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.places import (
    Place,
    containers,
    published,
    short_id,
    whole,
)


def test_containers_of_both_engines_are_told_apart() -> None:
    both = host("web1", [container("app")])
    both["engines"].append({"engine": {"name": "docker"}, "containers": [container("app")]})
    both["engines"].append({"engine": {"name": "other"}})
    assert [place for place, _container in containers(both)] == [
        Place("web1", "podman", "app"),
        Place("web1", "docker", "app"),
    ]


def test_only_a_host_that_was_read_completely_is_whole() -> None:
    assert whole(host("web1"))
    assert not whole(failed("web1"))
    assert not whole(failed("web1", reached=True))
    assert not whole(host("web1") | {"complete": False})
    assert not whole(host("web1") | {"engines": []})
    assert not whole(host("web1") | {"engines": [{"engine": {"name": "podman"}}]})


@pytest.mark.parametrize(
    ("ports", "written"),
    [
        (None, ""),
        ({}, ""),
        ({"80/tcp": None, "81/tcp": []}, ""),
        ({"80/tcp": [{"host_ip": EVERYWHERE, "host_port": "8080"}]}, "8080→80/tcp"),
        ({"80/tcp": [{"host_ip": EVERYWHERE, "host_port": 80}, {"host_ip": "::", "host_port": 80}]}, "80→80/tcp"),
        ({"53/udp": [{"host_ip": "127.0.0.1", "host_port": "53"}]}, "127.0.0.1:53→53/udp"),
        ({"53/udp": [{"host_ip": "fe80::1", "host_port": "53"}]}, "[fe80::1]:53→53/udp"),
        ({"53/udp": [{}]}, "?→53/udp"),
    ],
)
def test_ports_are_written_as_people_do(ports: Any, written: str) -> None:
    assert published({"ports": ports}) == written


def test_an_id_is_short() -> None:
    assert short_id("sha256:0123456789abcdef") == "0123456789ab"
    assert short_id(None) == ""
