# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a create body is in the words of Podman's own API."""

from __future__ import annotations

from typing import Any

import pytest
from container_walk import WALK, full

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import support
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.row import NATIVE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.create import (
    create_body,
    require_supported,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.native import native_body

ENGINES = (Engine("podman", (4, 3, 1)), Engine("podman", (5, 4, 2)), Engine("podman", (5, 8, 6)))
USUAL = {"name": "x", "image": "localhost/x:1"}
# What an option is refused without.
BESIDE: dict[str, dict[str, Any]] = {"log_options": {"log_driver": "json-file"}, "init_path": {"init": True}}


def native(engine: Engine, **given: Any) -> dict[str, Any]:
    options = parse({**USUAL, **{name: full(name, value) for name, value in given.items()}})
    return native_body("x", {NATIVE: {}, **create_body(options, engine)}, engine)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.title)
@pytest.mark.parametrize("option", WALK)
def test_every_option_that_podman_takes_can_be_said(option: str, engine: Engine) -> None:
    more = BESIDE.get(option, {})
    options = parse({**USUAL, "timezone": "UTC", **more, option: full(option, WALK[option][1])})
    try:
        require_supported(options, engine)
    except InvalidOption:
        return
    if support.without_usual(options.values, engine) != options.values:
        return
    plain, said = (native(engine, **more), native(engine, **more, **{option: WALK[option][1]}))
    given = WALK[option][1]
    assert said != plain or given in (False, "", "tmpfs") or option == "pid_mode"


def test_a_body_in_podmans_own_words() -> None:
    made = native(
        ENGINES[1], published_ports=["[::1]:80:80/udp", "81"], networks=[{"name": "n", "ipv4_address": "10.1.1.1"}],
        volumes=["/srv:/srv:ro", "v:/v", "/a"], memory="1m", memory_swappiness=0, ulimits=["core:-1"],
        secrets=["s,type=env", "s"], stop_signal="SIGRTMIN+3", log_driver="k8s-file", log_options={"max-size": "1.5k"},
        uidmap=["0:1:2"], annotations={"a": "b"}, userns_mode="",
    )  # fmt: skip
    assert made["portmappings"] == [
        {"container_port": 80, "protocol": "udp", "host_ip": "::1", "host_port": 80},
        {"container_port": 81, "protocol": "tcp"},
    ]
    assert made["expose"] == {"80": "udp", "81": "tcp"} and made["netns"] == {"nsmode": "bridge"}
    assert made["Networks"] == {"n": {"static_ips": ["10.1.1.1"]}}
    assert made["mounts"] == [{"destination": "/srv", "type": "bind", "source": "/srv", "options": ["ro"]}]
    assert made["volumes"] == [{"Name": "", "Dest": "/a"}, {"Name": "v", "Dest": "/v", "Options": ["rw"]}]
    assert made["resource_limits"] == {"memory": {"limit": 2**20, "swappiness": 0}}
    assert made["r_limits"] == [{"type": "core", "soft": 2**64 - 1, "hard": 2**64 - 1}]
    assert made["secret_env"] == {"s": "s"} and made["secrets"][0]["Target"] == "s" and made["stop_signal"] == 37
    assert made["log_configuration"] == {"driver": "k8s-file", "size": 1500, "options": {}}
    assert made["userns"] == {"nsmode": "private"} and made["annotations"] == {"a": "b"}
    assert made["idmappings"]["GIDMap"] == made["idmappings"]["UIDMap"] == [
        {"container_id": 0, "host_id": 1, "size": 2}
    ]  # fmt: skip


MODES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"netns": {"nsmode": "bridge"}, "Networks": {}}),
    ({"network_mode": "host"}, {"netns": {"nsmode": "host"}}),
    ({"network_mode": "container:a"}, {"netns": {"nsmode": "container", "value": "a"}}),
    ({"network_mode": "pasta:-t,80"}, {"netns": {"nsmode": "pasta"}, "network_options": {"pasta": ["-t", "80"]}}),
    ({"network_mode": "n"}, {"netns": {"nsmode": "bridge"}, "Networks": {"n": {}}}),
    ({"pod": "p"}, {"pod": "p"}),
    ({"pod": "p", "network_mode": "host"}, {"pod": "p", "netns": {"nsmode": "host"}}),
]


@pytest.mark.parametrize(("given", "expected"), MODES, ids=str)
def test_networks(given: dict[str, Any], expected: dict[str, Any]) -> None:
    made = native(ENGINES[1], **given)
    assert {key: made[key] for key in ("netns", "Networks", "network_options", "pod") if key in made} == expected


def test_old_podman_is_told_where_a_read_only_root_can_be_written_to() -> None:
    made = native(ENGINES[0], read_only=True, tmpfs=["/run:size=1m"])
    assert {one["destination"]: one["options"][0] for one in made["mounts"]} == {
        "/run": "size=1m", "/tmp": "rw", "/var/tmp": "rw",
    }  # fmt: skip
    assert "mounts" not in native(ENGINES[1], read_only=True)


REFUSED: list[tuple[str, Any]] = [
    ("security_opts", ["nonsense=1"]), ("log_options", {"max-size": "much"}), ("userns_mode", "auto:uidmapping=0:1:1"),
    ("mounts", [{"target": "/m", "source": "x", "type": "npipe"}]),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value"), REFUSED, ids=str)
def test_what_cannot_be_said_there_is_refused_when_it_is_planned(option: str, value: Any) -> None:
    more = BESIDE.get(option, {})
    options = parse({**USUAL, "timezone": "UTC", **more, option: full(option, value)})
    with pytest.raises(InvalidOption) as refused:
        create_body(options, ENGINES[1])
    assert refused.value.option.partition(".")[0] == option and refused.value.hint
    create_body(parse({**USUAL, **more, option: full(option, value)}), ENGINES[1])  # Docker's words are Podman's matter
