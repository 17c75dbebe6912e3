# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of keys: it has every key of the Compose Specification, and says what really becomes of it.

Each key that becomes options of a container has an example here, with what these are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from checkout import CHECKOUT
from compose_translated import params, refused

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.model.service import SERVICE_KEYS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.problems import Path
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.checking import (
    is_parent,
    row_of,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.compose.translation.keys import (
    CONTAINERS,
    IMAGES,
    KEYS,
    NETWORKS,
    VOLUMES,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.build import SPEC as BUILD
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import (
    ARGUMENT_SPEC as NETWORK,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.volume.options import (
    ARGUMENT_SPEC as VOLUME,
)

SCHEMA = json.loads((CHECKOUT / "plugins/plugin_utils/compose/data/compose-spec.json").read_text())
# What the resolver puts into other keys, so that no model has it.
RESOLVED = {"version", "include", "services.*.env_file", "services.*.label_file", "services.*.extends"}
SPECS = {CONTAINERS: ARGUMENT_SPEC, NETWORKS: NETWORK, VOLUMES: VOLUME, IMAGES: {f"build.{one}": {} for one in BUILD}}


def paths(node: dict[str, Any], path: Path = ()) -> Iterator[Path]:
    """The ways to all keys of the specification's schema."""
    if "$ref" in node:
        node = SCHEMA["definitions"][node["$ref"].rpartition("/")[2]]
    for other in ("oneOf", "anyOf", "allOf"):
        for one in node.get(other, ()):
            yield from paths(one, path)
    below = dict(node.get("properties", {}))
    named = [one for name, one in node.get("patternProperties", {}).items() if name != "^x-"]
    for one in [*named, node.get("items"), node.get("additionalProperties")]:
        if isinstance(one, dict):
            below["*"] = one
    for key, one in below.items():
        yield (*path, key)
        yield from paths(one, (*path, key))


def test_every_key_of_the_specification_has_a_row() -> None:
    found = {".".join(map(str, path)): path for path in paths(SCHEMA)}
    assert len(found) > 300
    lost = {text for text, path in found.items() if row_of(path) is None and not is_parent(path)}
    assert {text for text in lost if not any(f"{text}.".startswith(f"{one}.") for one in RESOLVED)} == set()


def test_every_key_of_a_resolved_service_has_a_row() -> None:
    paths_of = [("services", "web", key) for key in SERVICE_KEYS]
    assert [path for path in paths_of if row_of(path) is None and not is_parent(path)] == []


def test_rows_name_options_that_there_are() -> None:
    assert {(key.pattern, option) for key in KEYS for option in key.options if option not in SPECS[key.module]} == set()


# By key: what is written, and the options that it becomes.
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "blkio_config": (
        "{weight: 300, device_read_bps: [{path: /dev/a, rate: 1k}], device_write_iops: [{path: /dev/a, rate: 5}]}",
        {
            "blkio_weight": 300,
            "device_read_bps": [{"path": "/dev/a", "rate": "1024"}],
            "device_write_iops": [{"path": "/dev/a", "rate": 5}],
        },
    ),
    "cap_add": ("[NET_ADMIN]", {"capabilities": ["NET_ADMIN"]}),
    "cap_drop": ("[ALL]", {"cap_drop": ["ALL"]}),
    "cgroup": ("host", {"cgroupns_mode": "host"}),
    "cgroup_parent": ("a.slice", {"cgroup_parent": "a.slice"}),
    "command": ("echo 'a b'", {"command": ["echo", "a b"]}),
    "cpu_period": ("50000", {"cpu_period": 50000}),
    "cpu_quota": ("25000", {"cpu_quota": 25000}),
    "cpu_shares": ("512", {"cpu_shares": 512}),
    "cpus": ('"0.5"', {"cpus": 0.5}),
    "cpuset": ("0-1", {"cpuset_cpus": "0-1"}),
    "deploy": (
        "{resources: {limits: {cpus: '0.25', memory: 1g, pids: 9}, reservations: {memory: 512m}}, "
        "restart_policy: {condition: on-failure, max_attempts: 2}}",
        {
            "cpus": 0.25,
            "memory": "1073741824",
            "pids_limit": 9,
            "memory_reservation": "536870912",
            "restart_policy": "on-failure",
            "restart_retries": 2,
        },
    ),
    "device_cgroup_rules": ("['c 1:3 r']", {"device_cgroup_rules": ["c 1:3 r"]}),
    "devices": (
        "['/dev/a:/dev/b:r', 'vendor.com/class=all']",
        {
            "devices": ["/dev/a:/dev/b:r"],
            "device_requests": [{"driver": "cdi", "device_ids": ["vendor.com/class=all"]}],
        },
    ),
    "dns": ("1.1.1.1", {"dns_servers": ["1.1.1.1"]}),
    "dns_opt": ("['ndots:2']", {"dns_opts": ["ndots:2"]}),
    "dns_search": ("example.com", {"dns_search_domains": ["example.com"]}),
    "domainname": ("example.com", {"domainname": "example.com"}),
    "entrypoint": ("[sh, -c]", {"entrypoint": ["sh", "-c"]}),
    "environment": ("{A: '1', B: }", {"env": {"A": "1"}}),
    "expose": ("['80', 53/udp]", {"exposed_ports": ["80", "53/udp"]}),
    "external_links": (
        "['other:alias']",
        {"networks": [{"name": "shop_default", "aliases": ["web"], "links": ["other:alias"]}]},
    ),
    "extra_hosts": ("['a=10.0.0.1', 'b:host-gateway']", {"etc_hosts": {"a": "10.0.0.1", "b": "host-gateway"}}),
    "gpus": ("all", {"device_requests": [{"count": -1, "capabilities": [["gpu"]]}]}),
    "group_add": ("[audio, 1000]", {"groups": ["audio", "1000"]}),
    "healthcheck": (
        "{test: curl -f x, interval: 1m30s, timeout: 500ms, retries: 2, start_period: 1.5s, start_interval: 2s}",
        {
            "healthcheck": {
                "test": ["CMD-SHELL", "curl -f x"],
                "interval": "90s",
                "timeout": "500ms",
                "retries": 2,
                "start_period": "1500ms",
                "start_interval": "2s",
                "test_cli_compatible": True,
            }
        },
    ),
    "hostname": ("h", {"hostname": "h"}),
    "init": ("false", {"init": False}),
    "ipc": ("shareable", {"ipc_mode": "shareable"}),
    "labels": ("[a=b]", {"labels": {"a": "b"}}),
    "logging": (
        "{driver: json-file, options: {max-size: 1m}}",
        {"log_driver": "json-file", "log_options": {"max-size": "1m"}},
    ),
    "mac_address": ("92:d0:c6:0a:29:33", {"mac_address": "92:d0:c6:0a:29:33"}),
    "mem_limit": ("64m", {"memory": "67108864"}),
    "mem_reservation": ("32m", {"memory_reservation": "33554432"}),
    "mem_swappiness": ("60", {"memory_swappiness": 60}),
    "memswap_limit": ("-1", {"memory_swap": "-1"}),
    "network_mode": ("host", {"network_mode": "host"}),
    "networks": (
        "{default: {aliases: [www], ipv4_address: 10.9.0.5, gw_priority: 1, interface_name: e0}}",
        {
            "networks": [
                {
                    "name": "shop_default",
                    "aliases": ["web", "www"],
                    "ipv4_address": "10.9.0.5",
                    "gw_priority": 1,
                    "driver_opts": {"com.docker.network.endpoint.ifname": "e0"},
                }
            ]
        },
    ),
    "oom_kill_disable": ("true", {"oom_killer": True}),
    "oom_score_adj": ("-5", {"oom_score_adj": -5}),
    "pid": ("host", {"pid_mode": "host"}),
    "pids_limit": ("7", {"pids_limit": 7}),
    "platform": ("linux/arm64", {"platform": "linux/arm64"}),
    "ports": (
        "['80', '8080:80/udp', '127.0.0.1:81:81', '127.0.0.1::82', '[::1]:83:83', '9000-9001:90-91']",
        {
            "published_ports": [
                "80/tcp", "8080:80/udp", "127.0.0.1:81:81/tcp", "127.0.0.1::82/tcp", "[::1]:83:83/tcp",
                "9000:90/tcp", "9001:91/tcp",
            ]
        },
    ),
    "privileged": ("true", {"privileged": True}),
    "read_only": ("true", {"read_only": True}),
    "restart": ("on-failure:3", {"restart_policy": "on-failure", "restart_retries": 3}),
    "runtime": ("runc", {"runtime": "runc"}),
    "security_opt": ("['label:disable', no-new-privileges]", {"security_opts": ["label:disable", "no-new-privileges"]}),
    "shm_size": ("64m", {"shm_size": "67108864"}),
    "stdin_open": ("true", {"interactive": True}),
    "stop_grace_period": ("1.5s", {"stop_timeout": 2}),
    "stop_signal": ("SIGINT", {"stop_signal": "SIGINT"}),
    "storage_opt": ("{size: 1G}", {"storage_opts": {"size": "1G"}}),
    "sysctls": ("{net.core.somaxconn: 1024}", {"sysctls": {"net.core.somaxconn": "1024"}}),
    "tmpfs": ("['/run:size=1m', /tmp]", {"tmpfs": ["/run:size=1m", "/tmp"]}),
    "tty": ("true", {"tty": True}),
    "ulimits": (
        "{nofile: {soft: 10, hard: 20}, core: 0, nproc: 5}",
        {"ulimits": ["nofile:10:20", "core:0:0", "nproc:5:5"]},
    ),
    "user": ('"1000:1000"', {"user": "1000:1000"}),
    "userns_mode": ("host", {"userns_mode": "host"}),
    "uts": ("host", {"uts": "host"}),
    "volumes": ("['/etc/x:/x:ro,z', /anonymous]", {"volumes": ["/etc/x:/x:ro,z", "/anonymous"]}),
    "volumes_from": ("['container:other:ro']", {"volumes_from": ["other:ro"]}),
    "working_dir": ("/srv", {"working_dir": "/srv"}),
}  # fmt: skip
TRANSLATED = [key.pattern.removeprefix("services.*.") for key in KEYS if key.by is not None]


@pytest.mark.parametrize("key", [key for key in TRANSLATED if key != "links"])
def test_a_key_becomes_its_options(key: str) -> None:
    written, options = EXAMPLES[key]
    made = params(f"{key}: {written}")
    made.pop("networks", None) if key == "network_mode" else None
    assert made == options
    row = next(row for row in KEYS if row.pattern == f"services.*.{key}")
    assert set(options) <= set(row.options)


# By key: what is written, and what is said of it.
REFUSED: dict[str, tuple[str, str]] = {
    "blkio_config.weight_device": ("{weight_device: [{path: /dev/a, weight: 10}]}", "single devices"),
    "build.dockerfile_inline": ("{context: ., dockerfile_inline: FROM x}", "Write it into a file"),
    "build.entitlements": ("{context: ., entitlements: [network.host]}", "BuildKit"),
    "build.additional_contexts": ("{context: ., additional_contexts: {a: ./a}}", "BuildKit"),
    "build.isolation": ("{context: ., isolation: hyperv}", "Windows"),
    "build.privileged": ("{context: ., privileged: true}", "BuildKit"),
    "build.secrets": ("{context: ., secrets: [s]}", "BuildKit"),
    "build.ssh": ("{context: ., ssh: [default]}", "BuildKit"),
    "build.tags": ("{context: ., tags: [other]}", "remote_image"),
    "build.ulimits": ("{context: ., ulimits: {nproc: 1}}", "remote_image"),
    "cpu_count": ("2", "Windows"),
    "cpu_percent": ("50", "Windows"),
    "cpu_rt_period": ("1000", "real-time"),
    "cpu_rt_runtime": ("1000", "real-time"),
    "credential_spec": ("{file: x}", "Windows"),
    "deploy.mode": ("{mode: global}", "Swarm"),
    "isolation": ("hyperv", "Windows"),
    "models": ("[m]", "Model Runner"),
    "networks.*.link_local_ips": ("{default: {link_local_ips: [169.254.1.1]}}", "no driver"),
    "post_start": ("[{command: ls}]", "remote_container_exec"),
    "pre_stop": ("[{command: ls}]", "remote_container_exec"),
    "pull_policy": ("daily", "by their age"),
    "provider": ("{type: x}", "beside docker compose"),
    "use_api_socket": ("true", "credentials"),
    "volumes.*.type": ("[{type: npipe, source: a, target: /a}]", "Windows"),
}
TOP = "secrets:\n  s: {environment: S}\nmodels:\n  m: {model: x}"
OF_SERVICES = [key for key in KEYS if key.refused and key.pattern.startswith("services.*.")]


@pytest.mark.parametrize("pattern", [key.pattern.removeprefix("services.*.") for key in OF_SERVICES])
def test_a_key_is_refused(pattern: str) -> None:
    written, said = REFUSED[pattern]
    problems = refused(f"{pattern.partition('.')[0]}: {written}", TOP, env={"S": "x"})
    assert any(f"services.web.{pattern.partition('.*')[0]}" in problem and said in problem for problem in problems)
