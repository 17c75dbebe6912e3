# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of a container in a quadlet. What a container gets of that is tested on hosts (tests/lab)."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import behaviour, preset
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
    CONTROL_SPEC,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet.translation import keys, translate

VALIDATOR = ArgumentSpecValidator(ARGUMENT_SPEC)


def lines(boot: str = "", sections: Any = None, **options: Any) -> list[str]:
    validated = VALIDATOR.validate({"name": "web", "image": "busybox", **options})
    assert not validated.error_messages, validated.error_messages
    return translate.text(parse(validated.validated_parameters), boot, sections).split("\n")[3:-1]


CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"command": "sleep 10"}, ["Exec=sleep 10"]),
    ({"command": ["sh", "-c", "echo $HOME; 100%"]}, ['Exec=sh -c "echo $$HOME; 100%%"']),
    ({"entrypoint": ["/a b", "c"]}, [r'PodmanArgs="--entrypoint=[\"/a b\", \"c\"]"']),
    ({"env": {"A": "1", "B": "x y"}}, ["Environment=A=1", 'Environment="B=x y"']),
    ({"published_ports": ["8080:80", "127.0.0.1:81:81/udp", "82", "[::1]:83:83"]},
     ["PublishPort=8080:80/tcp", "PublishPort=127.0.0.1:81:81/udp", "PublishPort=82/tcp",
      "PublishPort=[::1]:83:83/tcp"]),
    ({"volumes": ["/a:/b", "data:/c:ro,z", "/d", "shop.volume:/e"]},
     ["Volume=/a:/b", "Volume=data:/c:ro,z", "Volume=/d", "Volume=shop.volume:/e"]),
    ({"mounts": [{"target": "/x", "source": "/y,z", "type": "bind", "read_only": True}]},
     [r'Mount="type=bind,\"source=/y,z\",destination=/x,ro=true"']),
    ({"network_mode": "host"}, ["Network=host"]),
    ({"network_mode": "container:db"}, ["Network=container:db"]),
    ({"networks": [{"name": "shop.network", "ipv4_address": "10.0.0.9", "aliases": ["b", "a"]}, {"name": "bridge"}]},
     ["Network=shop.network:ip=10.0.0.9,alias=a,alias=b", "Network=podman"]),
    ({"network_mode": "default", "networks": [{"name": "n"}]}, ["Network=n"]),
    ({"security_opts": ["no-new-privileges:true", "label=disable"]},
     ["NoNewPrivileges=true", "PodmanArgs=--security-opt=label=disable"]),
    ({"healthcheck": {"test": "curl -f localhost", "interval": "90s", "timeout": "1500ms", "retries": 3}},
     ["HealthCmd=curl -f localhost", "HealthInterval=90s", "HealthTimeout=1500ms", "HealthRetries=3"]),
    ({"healthcheck": {"test": ["CMD", "a", "b c"]}}, [r'PodmanArgs="--health-cmd=[\"a\", \"b c\"]"']),
    ({"healthcheck": {"test": ["CMD", "/bin/true"]}}, ["HealthCmd=CMD /bin/true"]),
    ({"healthcheck": {"test": "[ -e /x ]"}}, [r'PodmanArgs="--health-cmd=[\"CMD-SHELL\", \"[ -e /x ]\"]"']),
    ({"healthcheck": {"test": "NONE"}}, ["HealthCmd=none"]),
    ({"cpus": 0.5, "memory": "64M"}, ["PodmanArgs=--memory=67108864", "PodmanArgs=--cpus=0.5"]),
    ({"hostname": "web", "tty": True, "init": False}, ["HostName=web", "RunInit=false", "PodmanArgs=--tty=true"]),
    ({"pull": "always", "platform": "linux/arm64"}, ["Pull=always", "PodmanArgs=--platform=linux/arm64"]),
    ({"restart_policy": "unless-stopped"}, ["", "[Service]", "Restart=always"]),
    ({"device_requests": [{"driver": "cdi", "device_ids": ["nvidia.com/gpu=all"]}]}, ["AddDevice=nvidia.com/gpu=all"]),
]  # fmt: skip


@pytest.mark.parametrize(("options", "expected"), CASES)
def test_options(options: dict[str, Any], expected: list[str]) -> None:
    assert lines(**options) == ["ContainerName=web", "Image=busybox", *expected]


def test_sections_come_where_they_belong() -> None:
    more = {"Unit": {"After": ["a.service", "b.service"]}, "Container": {"AutoUpdate": "registry"}, "Service": {"X": 1}}
    assert translate.text(
        parse(VALIDATOR.validate({"name": "w", "image": "i", "restart_policy": "always"}).validated_parameters),
        "m.target",
        more,
    ) == (
        translate.HEADER + "\n[Unit]\nAfter=a.service\nAfter=b.service\n\n[Container]\nContainerName=w\nImage=i\n"
        "AutoUpdate=registry\n\n[Service]\nRestart=always\nX=1\n\n[Install]\nWantedBy=m.target\n"
    )


@pytest.mark.parametrize("bad", [
    {"Unit": "x"}, {"Un]it": {"A": "b"}}, {"Unit": {"A\n": "b"}}, {"Unit": {"A": "b\n[Service]"}}, {"Unit": {"A": {}}},
    {"Unit": {"A": "b\\"}},
])  # fmt: skip
def test_sections_are_lines(bad: Any) -> None:
    with pytest.raises(InvalidOption):
        lines(sections=bad)


@pytest.mark.parametrize(("options", "word"), [
    ({"auto_remove": True}, "auto_remove"), ({"links": ["a"]}, "links"), ({"published_ports": ["auto:80"]}, "number"),
    ({"mounts": [{"target": "/x", "type": "volume", "labels": {"a": "b"}}]}, "mounts.labels"),
    ({"mounts": [{"target": "/x", "type": "npipe", "source": "x"}]}, "npipe"),
    ({"networks": [{"name": "n", "gw_priority": 1}]}, "gw_priority"), ({"command": ["a", ""]}, "empty word"),
    ({"sdnotify": "ignore"}, "sdnotify"), ({"sdnotify": "healthy"}, "Notify: healthy"),
    ({"healthcheck": {"test": "x", "start_interval": "1s"}}, "start_interval"), ({"command": ["a", ";"]}, "separator"),
    ({"device_requests": [{"driver": "nvidia"}]}, "cdi"), ({"image": None}, "image"),
])  # fmt: skip
def test_what_no_quadlet_has_is_refused_by_name(options: dict[str, Any], word: str) -> None:
    with pytest.raises(InvalidOption, match=word):
        lines(**options)


def test_the_table_has_a_word_for_every_option() -> None:
    known = {row.option for row in keys.ROWS} | keys.OWN | set(keys.REFUSED)
    assert known == set(BY_NAME), "each option of remote_container is in translation/keys.py: as a row or refused"
    about_the_task = {*CONTROL_SPEC, *behaviour.SPEC, *preset.SPEC} - keys.WITHOUT_MEANING
    heeded = {"command_handling", "default_host_ip", "env_file", "image", "name",
              "networks_cli_compatible", "platform", "preset", "pull"}  # fmt: skip
    assert about_the_task == heeded


def test_another_name_of_an_option_is_that_option() -> None:
    with pytest.raises(InvalidOption, match=r"container\.force_kill"):
        translate.require_meaning({"forcekill": True})


@pytest.mark.parametrize("name", sorted(keys.WITHOUT_MEANING | set(keys.REFUSED)))
def test_what_a_task_may_not_name(name: str) -> None:
    with pytest.raises(InvalidOption, match=f"container.{name}"):
        translate.require_meaning({name: "x"})
    translate.require_meaning({name: None, "image": "x", "ports": ["80"]})
