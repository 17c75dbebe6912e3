# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of a create request, and that what is read back from a container is what was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import modes, networks
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import (
    CONTAINER_OPTIONS,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan.create import (
    create_body,
    later_networks,
    require_supported,
)

Make = Callable[..., Options]
DOCKER, DOCKER_20, DOCKER_28 = (Engine("docker", version) for version in ((26, 1), (20, 10), (28, 5)))
PODMAN = Engine("podman", (4, 3))
CREATED = {"sshfleet.containers.created": "true"}


@pytest.mark.parametrize(
    ("given", "field", "docker", "podman"),
    [
        ({"volumes": ["/a/:/v/", "/b:/w:Z,ro", "/c:/x:rslave", "/anonymous"]}, "Binds",
         ["/a/:/v/:rw", "/b:/w:Z,ro", "/c:/x:rslave"], ["/a:/v:rw", "/b:/w:ro,Z", "/c:/x:rw,rslave"]),
        ({"capabilities": ["cap_sys_time", "NET_ADMIN"]}, "CapAdd", ["cap_sys_time", "NET_ADMIN"],
         ["NET_ADMIN", "SYS_TIME"]),
        ({"cap_drop": ["all"]}, "CapDrop", ["all"], ["ALL"]),
    ],
)  # fmt: skip
def test_a_tasks_own_words_where_the_engine_keeps_them(
    make: Make, given: dict[str, Any], field: str, docker: list[str], podman: list[str]
) -> None:
    """docker_container compares the words."""
    for engine, words in ((DOCKER, docker), (PODMAN, podman)):
        assert create_body(make(name="a", image="b", **given), engine)["HostConfig"][field] == words
    signal = make(name="a", image="b", stop_signal="int")
    assert [create_body(signal, engine)["StopSignal"] for engine in (DOCKER, PODMAN)] == ["int", "SIGINT"]


def test_the_whole_body(make: Make, full: dict[str, Any]) -> None:
    assert create_body(make(**full), DOCKER) == {
        "Image": "localhost/app:1",
        "Cmd": ["sleep", "999"],
        "Entrypoint": ["/bin/busybox"],
        "Env": ["A=1", "DB_PASSWORD=recorded-secret"],
        "Labels": {"l": "1", **CREATED},
        "ExposedPorts": {"80/tcp": {}, "53/udp": {}, "9000/tcp": {}},
        "Volumes": {"/anon": {}},
        "User": "web:web",
        "WorkingDir": "/tmp",
        "Hostname": "h1",
        "StopTimeout": 3,
        "NetworkingConfig": {"EndpointsConfig": {"backend": {"Aliases": ["app"]}}},
        "HostConfig": {
            "PortBindings": {
                "80/tcp": [{"HostIp": DOCKER.default_host_ip, "HostPort": "18080"}],
                "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "18053"}],
                "9000/tcp": [{"HostIp": DOCKER.default_host_ip, "HostPort": ""}],
            },
            "Binds": ["named:/v:rw", "/srv:/hs:ro"],
            "Tmpfs": {"/scratch": "size=1m,mode=1777"},
            "NetworkMode": "backend",
            "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
            "Memory": 67108864,
            "NanoCpus": 500000000,
            "Privileged": False,
            "CapAdd": ["NET_ADMIN", "CHOWN"],
            "CapDrop": ["MKNOD", "KILL"],
            "ReadonlyRootfs": True,
        },
    }


def test_nothing_but_the_image_and_our_label_without_options(make: Make) -> None:
    assert create_body(make(image="a"), DOCKER) == {"Image": "a", "HostConfig": {}, "Labels": CREATED}


def test_podman_4_would_kill_at_once(make: Make) -> None:
    assert create_body(make(image="a"), PODMAN)["StopTimeout"] == 10
    assert create_body(make(image="a", stop_timeout=0), PODMAN)["StopTimeout"] == 0


MAC = "92:d0:c6:0a:29:33"
# engine, options, MacAddress of the container, those of its networks
MACS: list[tuple[Engine, dict[str, Any], str | None, dict[str, Any]]] = [
    (DOCKER_20, {}, MAC, {}),
    (DOCKER_20, {"networks": [{"name": "a"}]}, MAC, {"a": None}),
    (DOCKER, {}, None, {"bridge": MAC}),
    (DOCKER, {"network_mode": "default"}, None, {"bridge": MAC}),
    (DOCKER, {"network_mode": "b", "networks": [{"name": "a"}]}, None, {"b": MAC, "a": None}),
    (DOCKER, {"networks": [{"name": "a"}, {"name": "b"}]}, None, {"a": MAC, "b": None}),
    (DOCKER, {"networks": [{"name": "a", "mac_address": MAC}]}, None, {"a": MAC}),
    (DOCKER, {"networks": [{"name": "a", "mac_address": MAC.replace("9", "8")}]}, MAC, {"a": MAC.replace("9", "8")}),
]


@pytest.mark.parametrize(("engine", "params", "own", "networks"), MACS)
def test_a_mac_address_is_asked_for_where_the_engine_has_it(
    make: Make, engine: Engine, params: dict[str, Any], own: str | None, networks: dict[str, Any]
) -> None:
    body = create_body(make(image="a", mac_address=MAC, **params), engine)
    endpoints = body.get("NetworkingConfig", {}).get("EndpointsConfig", {})
    assert body.get("MacAddress") == own
    assert {name: endpoint.get("MacAddress") for name, endpoint in endpoints.items()} == networks


NETWORKS = [
    ({"networks": [{"name": "a"}, {"name": "b"}]}, "a", ["b"]),
    ({"networks": [{"name": "a"}, {"name": "b"}], "network_mode": "b"}, "b", ["a"]),
    ({"networks": [{"name": "a"}], "network_mode": "bridge"}, "bridge", ["a"]),
    ({"network_mode": "host"}, "host", []),
    ({}, None, []),
]


@pytest.mark.parametrize(("params", "mode", "later"), NETWORKS)
def test_one_network_at_creation_the_others_later(
    make: Make, params: dict[str, Any], mode: str | None, later: list[str]
) -> None:
    options = make(image="a", **params)
    assert create_body(options, DOCKER_20)["HostConfig"].get("NetworkMode") == mode
    assert list(later_networks(options, DOCKER_20)) == later


def test_all_networks_at_creation_where_the_engine_takes_them(make: Make) -> None:
    options = make(image="a", network_mode="bridge", networks=[{"name": "a", "aliases": ["x"]}])
    body = create_body(options, DOCKER)
    assert body["HostConfig"]["NetworkMode"] == "bridge"
    assert body["NetworkingConfig"]["EndpointsConfig"] == {"bridge": {}, "a": {"Aliases": ["x"]}}
    assert later_networks(options, DOCKER) == {}


def test_addresses_and_flags(make: Make) -> None:
    options = make(
        image="a",
        networks=[{"name": "n", "ipv4_address": "10.0.0.5", "ipv6_address": "fd00::5"}],
        volumes=["/a:/b:ro,rslave,z"],
        published_ports=["[::1]:80:80"],
    )
    body = create_body(options, DOCKER)
    endpoint = body["NetworkingConfig"]["EndpointsConfig"]["n"]
    assert endpoint == {"IPAMConfig": {"IPv4Address": "10.0.0.5", "IPv6Address": "fd00::5"}}
    assert body["HostConfig"]["Binds"] == ["/a:/b:ro,rslave,z"]
    assert body["HostConfig"]["PortBindings"] == {"80/tcp": [{"HostIp": "::1", "HostPort": "80"}]}


def test_every_option_is_one_complete_row() -> None:
    names = [option.name for option in CONTAINER_OPTIONS]
    assert len(names) == len(set(names))
    for option in CONTAINER_OPTIONS:
        assert option.kind in ("value", "list", "set", "dict")
        assert option.default_comparison in ("strict", "ignore", "allow_more_present")
    assert names.index("network_mode") < names.index("networks")  # networks are written into what the mode left


def test_what_an_engine_does_not_do_in_a_mode(make: Make) -> None:
    refused: list[tuple[Engine, dict[str, Any]]] = [
        (PODMAN, {"network_mode": "container:a", "published_ports": ["80"]}),
        (PODMAN, {"privileged": True, "devices": ["/dev/null:/dev/mine"]}),
        (PODMAN, {"network_mode": "host", "sysctls": {"net.core.somaxconn": 9}}),
        (PODMAN, {"network_mode": "pasta"}),
        (DOCKER, {"network_mode": "pasta:-T,auto"}),
        (DOCKER, {"network_mode": "mine", "links": ["a:b"]}),
        (DOCKER, {"networks": [{"name": "mine"}], "links": ["a:b"]}),
        (DOCKER, {"network_mode": "none", "mac_address": "92:d0:c6:0a:29:33"}),
        (DOCKER, {"auto_remove": True, "restart_policy": "always"}),
        (DOCKER, {"uts": "container:a"}),
        (DOCKER_28, {"sysctls": {"net.ipv4.conf.eth0.log_martians": 1}}),
    ]
    for engine, params in refused:
        with pytest.raises(InvalidOption) as told:
            require_supported(make(image="a", **params), engine)
        assert told.value.option in params and told.value.hint
    passes: list[tuple[Engine, dict[str, Any]]] = [
        (DOCKER, {"sysctls": {"net.ipv4.conf.eth0.log_martians": 1}}),
        (DOCKER_28, {"sysctls": {"net.ipv4.conf.all.log_martians": 1}}),
        (DOCKER, {"network_mode": "bridge", "links": ["a:b"]}),
        (PODMAN, {"network_mode": "host", "published_ports": ["80"]}),
        (PODMAN, {"privileged": True, "devices": ["/dev/null"]}),
        (PODMAN, {"network_mode": "host", "sysctls": {"kernel.msgmax": 9}}),
        (DOCKER, {"auto_remove": True, "restart_policy": "no"}),
        (PODMAN, {"uts": "container:a"}),
    ]
    for engine, params in passes:
        require_supported(make(image="a", **params), engine)


# Docker 20.10, 26.1 and 28.5 say nothing of network_mode=none, and warn of host themselves.
REMARKED = [(PODMAN, "none", 1), (PODMAN, "host", 1), (DOCKER, "none", 1), (DOCKER_20, "none", 1), (DOCKER, "host", 0),
            (PODMAN, "bridge", 0), (DOCKER, "bridge", 0)]  # fmt: skip


@pytest.mark.parametrize(("engine", "mode", "remarks"), REMARKED)
def test_ports_of_which_nothing_comes_are_told(make: Make, engine: Engine, mode: str, remarks: int) -> None:
    told = modes.remarks(make(image="a", network_mode=mode, published_ports=["80"]).values, engine)
    assert len(told) == remarks and all(f"published_ports with network_mode={mode}" in one for one in told)


def test_options_of_a_network_mode_that_podman_does_not_report(make: Make) -> None:
    def found(label: str, reported: str = "slirp4netns") -> str:
        labels = {"sshfleet.containers.created": "true", "sshfleet.containers.applied": label} if label else {}
        inspect = {"Config": {"Labels": labels}, "HostConfig": {"NetworkMode": reported}}
        return networks.canonical_mode(networks.read_mode(inspect, PODMAN), PODMAN)

    mode = "slirp4netns:mtu=1400,allow_host_loopback=true"
    label = create_body(make(image="a", network_mode=mode), PODMAN)["Labels"]["sshfleet.containers.applied"]
    same = networks.canonical_mode("slirp4netns:allow_host_loopback=true,mtu=1400", PODMAN)
    assert networks.equal_mode(same, found(label))
    for other in ("slirp4netns", "slirp4netns:mtu=1500", "bridge"):
        assert not networks.equal_mode(networks.canonical_mode(other, PODMAN), found(label))
    assert networks.equal_mode(same, found(""))  # of others' containers it is not known
    assert not networks.equal_mode(same, found("{}"))
    assert not networks.equal_mode(same, found("", "host"))
