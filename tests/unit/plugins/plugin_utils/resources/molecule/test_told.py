# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shlex

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule import plan, told
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.molecule.scenario import Scenario

SCENARIO = Scenario("default", "me@desk", "desk", "/src/role", "/tmp/ephemeral")
WANTED = plan.platforms(
    [
        {"name": "a", "image": "x", "host": "web1", "engine": "docker"},
        {"name": "b", "image": "x", "host": "web2"},
    ],
    SCENARIO,
    "",
)


def test_the_inventory_names_containers_and_where_their_hosts_stand() -> None:
    places = plan.to_create(WANTED, SCENARIO, {"web1": ("hosts.json",), "web2": ("web2,",)})
    hosts = told.inventory(WANTED, places)["all"]["hosts"]
    assert hosts["a"] == {
        "ansible_connection": "sshfleet.containers.container",
        "sshfleet_container": f"{SCENARIO.project}-a",
        "sshfleet_container_host": "web1",
        "sshfleet_container_host_inventory": ["hosts.json"],
        "sshfleet_container_engine": "docker",
    }
    assert (
        hosts["b"]["sshfleet_container_host_inventory"] == ["web2,"] and "sshfleet_container_engine" not in hosts["b"]
    )


def test_molecules_file_has_a_way_to_log_in() -> None:
    logins = {(one.host, one.container): f"ssh {one.name}" for one in WANTED}
    assert told.instance_config(WANTED, logins)[0] == {
        "instance": "a", "connection": "sshfleet.containers.container", "address": f"{SCENARIO.project}-a",
        "host": "web1", "login": "ssh a",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "socket", "become", "words"),
    [
        ("docker", "/var/run/docker.sock", [], ["docker"]),
        ("docker", "/run/user/1000/docker.sock", [], ["docker", "--host", "unix:///run/user/1000/docker.sock"]),
        ("docker", "/srv/d.sock", [], ["docker", "--host", "unix:///srv/d.sock"]),
        ("podman", "/run/podman/podman.sock", ["sudo", "-u", "root"], ["sudo", "-u", "root", "podman"]),
        ("podman", "/run/user/1000/podman/podman.sock", [], ["podman"]),
        ("podman", "/srv/p.sock", [], ["podman", "--url", "unix:///srv/p.sock"]),
    ],
)
def test_a_shell_in_a_container(engine: str, socket: str, become: list[str], words: list[str]) -> None:
    line = shlex.split(told.shell_in("box", {"name": engine, "socket": socket}, become))
    assert line[:-1] == [*words, "exec", "-it", "box", "sh", "-c"] and "exec sh -l" in line[-1]
