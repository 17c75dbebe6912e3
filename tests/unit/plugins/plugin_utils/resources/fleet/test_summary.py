# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a container or an image that was only listed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet import summary
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.options import Filter

ID = "a" * 64
LISTED: dict[str, Any] = {
    "Id": ID, "Names": ["/other/app", "/app"], "Image": "localhost/app:1", "ImageID": "b" * 64,
    "Command": "serve --password=hunter2", "Created": 1767225600, "State": "running",
    "Status": "Up 2 minutes (healthy)", "Labels": {"tier": "web", "api_token": "hunter22"},
    "Ports": [
        {"PrivatePort": 80, "PublicPort": 8080, "Type": "tcp", "IP": "127.0.0.1"},
        {"PrivatePort": 80, "PublicPort": 8081, "Type": "tcp"}, {"PrivatePort": 53, "Type": "udp"},
    ],
    "NetworkSettings": {"Networks": {"shop": {"IPAddress": "10.1.2.3"}, "none": None}},
}  # fmt: skip


def test_a_container_has_the_shape_of_one_and_no_secrets() -> None:
    assert summary.container(LISTED, {}) == {
        "id": ID, "name": "app", "image": "localhost/app:1", "image_id": f"sha256:{'b' * 64}",
        "command": "serve --password=********", "labels": {"tier": "web", "api_token": "********"},
        "status": "running", "running": True, "health": "healthy", "said": "Up 2 minutes (healthy)",
        "created_at": "2026-01-01T00:00:00.000000Z",
        "ports": {
            "53/udp": [],
            "80/tcp": [
                {"host_ip": "127.0.0.1", "host_port": 8080},
                {"host_ip": "0.0.0.0", "host_port": 8081},  # noqa: S104 - told, not bound to
            ],
        },
        "networks": {"none": {"ipv4_address": None}, "shop": {"ipv4_address": "10.1.2.3"}},
    }  # fmt: skip


def test_a_container_of_which_little_is_told() -> None:
    told = summary.container({"Id": ID, "Status": None, "Names": None}, {})
    assert (told["name"], told["status"], told["running"], told["health"], told["created_at"]) == (
        "", "", False, None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "elsewhere", "health"),
    [
        ("Up 2 minutes (healthy)", {}, "healthy"), ("Up 2 minutes (unhealthy)", {}, "unhealthy"),
        ("Up 1 second (health: starting)", {}, "starting"), ("Up 2 minutes (Paused)", {}, None),
        ("Up 2 minutes", {ID: "unhealthy"}, "unhealthy"), ("Exited (0) 1 second ago", {}, None),
    ],
)  # fmt: skip
def test_health_is_read_where_the_engine_tells_it(status: str, elsewhere: dict[str, str], health: str | None) -> None:
    assert summary.container({**LISTED, "Status": status}, elsewhere)["health"] == health


def test_an_image_says_how_many_containers_use_it() -> None:
    listed = {
        "Id": f"sha256:{'b' * 64}", "RepoTags": ["localhost/app:1", "<none>:<none>"], "Created": 1767225600,
        "Size": 5, "Labels": {"secret": "abcdefgh"},
    }  # fmt: skip
    assert summary.image(listed, summary.uses([LISTED, LISTED, {"Id": "c"}])) == {
        "id": listed["Id"], "tags": ["localhost/app:1"], "created_at": "2026-01-01T00:00:00.000000Z", "size": 5,
        "labels": {"secret": "********"}, "containers": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Filter(), True),
        (Filter(names=("ap*", "x")), True), (Filter(names=("APP",)), False), (Filter(names=("a",)), False),
        (Filter(images=("*/app:*",)), True), (Filter(images=("app",)), False),
        (Filter(labels={"tier": ""}), True), (Filter(labels={"tier": "db"}), False),
        (Filter(states=("running", "dead")), True), (Filter(states=("exited",)), False),
        (Filter(healths=("healthy",)), True), (Filter(healths=("none",)), False),
        (Filter(names=("app",), states=("exited",)), False),
    ],
)  # fmt: skip
def test_which_containers_are_wanted(wanted: Filter, fits: bool) -> None:
    assert summary.fits(summary.container(LISTED, {}), wanted) is fits


def test_those_without_a_health_check_are_wanted_as_none() -> None:
    plain = summary.container({**LISTED, "Status": "Up"}, {})
    assert summary.fits(plain, Filter(healths=("none",))) and not summary.fits(plain, Filter(healths=("healthy",)))
