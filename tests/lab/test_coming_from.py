# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers that were made in another way, as the peers make them, are taken over as they are, whatever they have."""

from __future__ import annotations

from typing import Any

from container_place import APP, NAME, Place, actions, at_places, places

__all__ = ["places"]  # a fixture

# What somebody else has asked the engine for, and the task that asks for the same. Podman reports neither sysctls nor
# the options of a log driver nor a mode of user namespaces.
MADE = (
    "--env A=1 --env DB_PASSWORD=hunter2 --label team=shop --volume lab-volume:/data --volume /srv:/srv:ro "
    "--tmpfs /run:size=1m --memory 64m --restart always --cap-add NET_ADMIN --cap-drop MKNOD "
    "--add-host db:10.0.0.9 --dns 10.0.0.1 --user 1:1 --workdir /tmp --hostname moved --log-driver json-file "
    "--log-opt max-size=1m --stop-timeout 1 --health-cmd true --health-interval 30s --sysctl net.ipv4.ip_forward=1 "
    "--read-only --network lab-front --network-alias web"
)
ASKED: dict[str, Any] = {
    "image": APP, "command": ["sleep", "1000"], "env": {"A": "1", "DB_PASSWORD": "hunter2"}, "labels": {"team": "shop"},
    "volumes": ["lab-volume:/data", "/srv:/srv:ro"], "tmpfs": ["/run:size=1m"], "memory": "64M",
    "restart_policy": "always", "capabilities": ["NET_ADMIN"], "cap_drop": ["MKNOD"],
    "etc_hosts": {"db": "10.0.0.9"}, "dns_servers": ["10.0.0.1"], "user": "1:1", "working_dir": "/tmp",
    "hostname": "moved", "log_driver": "json-file", "log_options": {"max-size": "1m"}, "stop_timeout": 1,
    "healthcheck": {"test": "true", "interval": "30s"}, "sysctls": {"net.ipv4.ip_forward": "1"}, "read_only": True,
    "networks": [{"name": "lab-front", "aliases": ["web"]}],
}  # fmt: skip


def test_a_container_of_others_is_taken_over_as_it_is(places: list[Place]) -> None:
    def examine(place: Place) -> None:
        place.clear()
        ports = ["--publish", f"{place.port}:80", "--publish", f"127.0.0.1:{place.port + 1}:81/udp"]
        place.cli("run", "-d", "--name", NAME, *MADE.split(), *ports, APP, "sleep", "1000")
        there = place.client.containers.inspect(NAME)
        task = {**ASKED, "published_ports": [f"{place.port}:80", f"127.0.0.1:{place.port + 1}:81/udp"]}
        for check in (True, False):
            taken = place.run(check=check, **task)
            assert not taken.get("changed") and not taken.get("failed"), taken
        seen = place.client.containers.inspect(NAME)
        assert there and seen and there["Id"] == seen["Id"] and not taken["container"]["created_by_us"]
        other = place.run(check=True, **{**task, "env": {"A": "2"}})
        assert actions(other) == ["recreate"] and other["diff"]["after"] == {"env": {"A": "2"}}, other

    at_places(examine, places)
