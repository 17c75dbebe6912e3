# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Podman leaves out of an inspect in Docker's words, filled in."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.dockers_words import (
    in_dockers_words,
)

PODMAN, DOCKER = Engine("podman", (4, 3, 1)), Engine("docker", (26, 1, 5))


def inspect(mode: str, *networks: str) -> dict[str, Any]:
    return {"HostConfig": {"NetworkMode": mode}, "NetworkSettings": {"Networks": {name: {} for name in networks}}}


@pytest.mark.parametrize(
    ("engine", "said", "mode"),
    [
        (PODMAN, inspect("bridge", "shop"), "shop"),
        (PODMAN, inspect("bridge", "shop", "back"), "bridge"),  # nobody tells which came first
        (PODMAN, inspect("bridge", "podman"), "bridge"),
        (PODMAN, inspect("bridge"), "bridge"),
        (PODMAN, inspect("host"), "host"),
        (DOCKER, inspect("bridge", "bridge", "shop"), "bridge"),
    ],
)
def test_the_network_mode_is_the_networks_name(engine: Engine, said: dict[str, Any], mode: str) -> None:
    assert in_dockers_words(said, engine)["HostConfig"]["NetworkMode"] == mode


def test_the_engines_own_network_has_dockers_name() -> None:
    found = in_dockers_words(inspect("bridge", "podman", "shop"), PODMAN)
    assert list(found["NetworkSettings"]["Networks"]) == ["bridge", "shop"]
    assert list(in_dockers_words(inspect("bridge", "podman"), DOCKER)["NetworkSettings"]["Networks"]) == ["podman"]


def test_addresses_that_are_known_are_told_where_the_engine_does_not() -> None:
    said, given = inspect("bridge", "shop", "back"), {"shop": {"IPv4Address": "10.0.0.2"}}
    assert in_dockers_words(said, PODMAN, given)["NetworkSettings"]["Networks"] == {
        "shop": {"IPAMConfig": {"IPv4Address": "10.0.0.2"}}, "back": {},
    }  # fmt: skip
    said["NetworkSettings"]["Networks"]["shop"] = {"IPAMConfig": {"IPv4Address": "10.0.0.9"}}
    assert in_dockers_words(said, DOCKER, given)["NetworkSettings"] == said["NetworkSettings"]


def test_states_and_addresses_have_dockers_words() -> None:
    ports = {"80/tcp": [{"HostIp": "", "HostPort": "8080"}], "81/tcp": None}
    found = in_dockers_words({"State": {"Status": "stopped"}, "NetworkSettings": {"Ports": ports}}, PODMAN)
    assert found["State"] == {"Status": "exited"}
    assert found["NetworkSettings"]["Ports"] == {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "81/tcp": None}  # noqa: S104


def test_what_docker_says_stays_and_nothing_comes_that_was_not_there() -> None:
    said = {
        "State": {"Status": "exited"},
        "HostConfig": {"NetworkMode": "bridge"},
        "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "::", "HostPort": "80"}]}, "Networks": {}},
    }
    assert in_dockers_words(said, DOCKER) == said
    assert in_dockers_words({"Id": "x"}, PODMAN) == {"Id": "x"}
