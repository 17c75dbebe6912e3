# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request that makes a pod."""

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.body import body
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.pod.options import ARGUMENT_SPEC, parse

GIVEN = {name: rule.get("default") for name, rule in ARGUMENT_SPEC.items()}


def made(**given: Any) -> dict[str, Any]:
    found = body(parse({**GIVEN, "name": "shop", **given}))
    labels = found.pop("labels")
    assert labels.pop("sshfleet.containers.created") == "true"
    labels.pop("sshfleet.containers.applied", None)
    return {**found, **({"labels": labels} if labels else {})}


def test_a_plain_pod() -> None:
    assert made() == {"name": "shop"} and made(infra=False) == {"name": "shop", "no_infra": True}


def test_what_is_said_in_podmans_words() -> None:
    assert made(
        published_ports=["127.0.0.1:8080:80", "81/udp", "[::1]:82:82"], networks=["b", "a"], share=["none"],
        etc_hosts={"db": "192.0.2.7"}, volumes=["data:/data:ro", "/srv:/srv:z"], labels={"a": "b"}, hostname="x",
        dns_servers=["192.0.2.53"], sysctls={"net.a": 1}, restart_policy="on-failure", restart_retries=0,
    ) == {
        "name": "shop", "labels": {"a": "b"}, "hostname": "x", "dns_server": ["192.0.2.53"], "sysctl": {"net.a": "1"},
        "restart_policy": "on-failure", "restart_tries": 0, "shared_namespaces": ["none"], "hostadd": ["db:192.0.2.7"],
        "portmappings": [
            {"container_port": 80, "protocol": "tcp", "host_ip": "127.0.0.1", "host_port": 8080},
            {"container_port": 81, "protocol": "udp"},
            {"container_port": 82, "protocol": "tcp", "host_ip": "::1", "host_port": 82},
        ],
        "netns": {"nsmode": "bridge"}, "Networks": {"a": {}, "b": {}},
        "volumes": [{"Name": "data", "Dest": "/data", "Options": ["ro"]}],
        "mounts": [{"destination": "/srv", "source": "/srv", "type": "bind", "options": ["rbind", "rw", "z"]}],
    }  # fmt: skip


def test_the_ways_without_a_network_of_a_name() -> None:
    for mode in ("bridge", "host", "none"):
        assert made(networks=[mode]) == {"name": "shop", "netns": {"nsmode": mode}}
    assert made(networks=[]) == {"name": "shop"}
