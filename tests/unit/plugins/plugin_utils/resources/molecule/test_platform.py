# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule.platform import Platform, platform
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule.scenario import Scenario

SCENARIO = Scenario("default", "me@desk", "desk", "/src/role", "/tmp/ephemeral")
OWN = SCENARIO.project


def made(**entry: Any) -> Platform:
    return platform({"name": "one", "image": "debian:trixie", **entry}, SCENARIO, "web1")


def test_a_platform_of_two_lines() -> None:
    one = made()
    options = dict(one.options)
    assert (one.host, one.engine, one.container) == ("web1", "", f"{OWN}-one")
    assert options.pop("labels") == {
        "sshfleet.molecule.scenario": "default", "sshfleet.molecule.owner": "me@desk",
        "sshfleet.molecule.directory": "/src/role", "sshfleet.molecule.platform": "one",
    }  # fmt: skip
    assert options.pop("entrypoint") == ["/bin/sh", "-c"] and "TERM" in options.pop("command")[0]
    assert options == {
        "name": f"{OWN}-one", "image": "debian:trixie", "hostname": "one", "keep_volumes": False, "stop_timeout": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "has", "lacks"),
    [
        ({"command": "sleep 9"}, {"command": "sleep 9"}, {"entrypoint"}),
        ({"command": ""}, {}, {"command", "entrypoint"}),
        ({"override_command": False}, {}, {"command", "entrypoint"}),
        ({"hostname": False}, {}, {"hostname"}),
        ({"hostname": "db"}, {"hostname": "db"}, set()),
        ({"network_mode": "host"}, {"network_mode": "host"}, {"hostname"}),
        ({"pre_build_image": True, "groups": ["db"]}, {}, {"groups"}),
        ({"environment": {"A": "1"}}, {"env": {"A": "1"}}, {"environment"}),
        ({"ports": ["80"]}, {"published_ports": ["80"]}, {"ports"}),
        ({"stop_timeout": 60}, {"stop_timeout": 60}, set()),
    ],
)
def test_what_a_platform_says(entry: dict[str, Any], has: dict[str, Any], lacks: set[str]) -> None:
    options = made(**entry).options
    assert has.items() <= options.items() and not lacks & options.keys()


def test_volumes_get_names_of_the_scenario_and_paths_stay() -> None:
    one = made(volumes=["data:/data:ro", "/srv:/srv", "/anonymous", "data:/again"])
    data = f"{OWN}-data"
    assert one.options["volumes"] == [f"{data}:/data:ro", "/srv:/srv", "/anonymous", f"{data}:/again"]
    assert one.volumes == (data,)


def test_networks_get_names_of_the_scenario_and_their_own_options() -> None:
    given = [
        {"name": "front", "internal": True, "ipv4_address": "10.9.0.2"},
        {"name": "theirs", "external": True, "aliases": ["x"]},
    ]
    one = made(networks=given)
    assert one.options["networks"] == [
        {"aliases": ["one"], "name": f"{OWN}-front", "ipv4_address": "10.9.0.2"},
        {"aliases": ["x"], "name": "theirs"},
    ]
    assert one.networks == {f"{OWN}-front": {"internal": True}, "theirs": {"external": True}}


@pytest.mark.parametrize(
    ("entry", "option", "words"),
    [
        ({"imgae": 1}, "imgae", "Write image"),
        ({"xyzzy": 1}, "xyzzy", "Leave it out"),
        ({"image": ""}, "image", "Name one"),
        ({"image": None}, "image", "Name one"),
        ({"name": "a b"}, "name", "Use letters"),
        ({"host": 5}, "host", "SSHFLEET_MOLECULE_HOST"),
        ({"engine": "lxc"}, "engine", "docker or podman"),
        ({"systemd": "yes"}, "systemd", "Use true or false"),
        ({"pre_build_image": False}, "pre_build_image", "remote_image"),
        ({"dockerfile": "Dockerfile"}, "dockerfile", "remote_image"),
        ({"docker_host": "ssh://x"}, "docker_host", "name the host"),
        ({"state": "absent"}, "state", "Leave it out"),
        ({"volumes": "data:/data"}, "volumes", "Write a list"),
        ({"volumes": ["a b:/data"]}, "volumes", "Use letters"),
        ({"networks": ["front"]}, "networks", "{name: NAME}"),
        ({"networks": [{"name": "n", "subnet": "x"}]}, "networks.subnet", "remote_network"),
        ({"labels": ["a"]}, "labels", "{key: value}"),
    ],
)
def test_what_can_not_be_used_is_refused(entry: dict[str, Any], option: str, words: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        made(**entry)
    assert f"Option {option!r} has the value" in caught.value.message and words in caught.value.hint


def test_systemd_gets_what_it_needs_on_each_engine() -> None:
    one = made(systemd=True, tmpfs=["/run:size=1m"], volumes=["/sys/fs/cgroup:/sys/fs/cgroup:ro"], env={"A": "1"})
    assert not {"command", "entrypoint", "systemd"} & one.options.keys()
    podman, docker = one.options_on("podman"), one.options_on("docker")
    assert podman["command"] == docker["command"] == ["/sbin/init"]
    assert podman["stop_signal"] == docker["stop_signal"] == "SIGRTMIN+3"
    assert "cgroupns_mode" not in podman and docker["cgroupns_mode"] == "host"
    assert docker["tmpfs"] == ["/run:size=1m", "/run/lock", "/tmp:exec,mode=1777"]
    assert docker["volumes"] == ["/sys/fs/cgroup:/sys/fs/cgroup:ro"]
    assert docker["env"] == {"container": "docker", "A": "1"} and podman["env"] == {"A": "1"}
    assert made(systemd=True).options_on("docker")["volumes"] == ["/sys/fs/cgroup:/sys/fs/cgroup:rw"]
    assert made(systemd=True, command="/usr/lib/systemd/systemd").options_on("podman")["command"].endswith("/systemd")
