# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers as four real engines described them (recorded), and options as a task gives them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.plan import Observed

RECORDED = Path(__file__).parent / "fixtures"
VALIDATOR = ArgumentSpecValidator(ARGUMENT_SPEC)


@dataclass(frozen=True)
class Recorded:
    """One engine's recording: the image, and the containers ``full`` (made with FULL) and ``plain`` (by its CLI)."""

    engine: Engine
    image: dict[str, Any]
    full: dict[str, Any]
    plain: dict[str, Any]

    def observed(self, container: dict[str, Any] | None) -> Observed:
        return Observed(container, self.image)


# What API 1.52 leaves out of a container's network settings, and out of an image's configuration where it is empty.
GONE = (
    "Bridge", "HairpinMode", "LinkLocalIPv6Address", "LinkLocalIPv6PrefixLen", "SecondaryIPAddresses",
    "SecondaryIPv6Addresses", "EndpointID", "Gateway", "GlobalIPv6Address", "GlobalIPv6PrefixLen", "IPAddress",
    "IPPrefixLen", "IPv6Gateway", "MacAddress",
)  # fmt: skip
GONE_IF_EMPTY = ("Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "User", "Volumes", "WorkingDir")


def as_docker_29(document: dict[str, Any]) -> dict[str, Any]:
    """Docker 29 can't be had: what 26.1 said, without what is gone from API 1.52 by its history."""
    for container in (document["full"], document["plain"]):
        for key in GONE:
            container["NetworkSettings"].pop(key, None)
        if not container["Config"].get("OnBuild"):
            container["Config"].pop("OnBuild", None)
    kept = {
        key: value
        for key, value in document["image"]["Config"].items()
        if value or key not in (*GONE_IF_EMPTY, "Hostname", "Domainname", "Tty", "Image", "OpenStdin", "StdinOnce")
    }
    return {
        **document,
        "engine": {"name": "docker", "version": "29.1.0"},
        "image": {**document["image"], "Config": kept},
    }


def load(name: str) -> Recorded:
    document = json.loads((RECORDED / f"{name.replace('docker-29', 'docker-26.1')}.json").read_text())
    document = as_docker_29(document) if name == "docker-29" else document
    engine = Engine.of(SimpleNamespace(**document["engine"]))
    return Recorded(engine, document["image"], document["full"], document["plain"])


@pytest.fixture(params=["podman-4.3", "podman-5.4", "docker-20.10", "docker-26.1", "docker-29"])
def recorded(request: pytest.FixtureRequest) -> Recorded:
    return load(request.param)


@pytest.fixture
def recording() -> Callable[[str], Recorded]:
    return load


@pytest.fixture
def make() -> Callable[..., Options]:
    """Options from a task's parameters, through the argument spec as in an action."""

    def options(**params: Any) -> Options:
        validated = VALIDATOR.validate({"name": "full", **params})
        assert not validated.error_messages
        return parse(validated.validated_parameters)

    return options


@pytest.fixture
def full() -> dict[str, Any]:
    """The parameters that the container ``full`` of every recording was made with."""
    return {
        "name": "full",
        "image": "localhost/app:1",
        "stop_timeout": 3,
        "command": "sleep 999",
        "entrypoint": ["/bin/busybox"],
        "env": {"A": "1", "DB_PASSWORD": "recorded-secret"},
        "labels": {"l": "1"},
        "published_ports": ["18080:80", "127.0.0.1:18053:53/udp", "9000"],
        "volumes": ["named:/v", "/srv:/hs:ro", "/anon"],
        "restart_policy": "on-failure",
        "restart_retries": 3,
        "user": "web:web",
        "working_dir": "/tmp",
        "hostname": "h1",
        "memory": "64M",
        "cpus": 0.5,
        "capabilities": ["NET_ADMIN", "CHOWN"],
        "cap_drop": ["MKNOD", "KILL"],
        "read_only": True,
        "tmpfs": ["/scratch:size=1m,mode=1777"],
        "privileged": False,
        "networks": [{"name": "backend", "aliases": ["app"]}],
    }
