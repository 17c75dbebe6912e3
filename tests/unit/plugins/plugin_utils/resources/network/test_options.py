# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_network refuses before anything is touched."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.networks import REFUSALS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.support import require_supported

POOL = {"subnet": "10.1.0.0/16"}
# options, the option that the error names, some of its words
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "a/b"}, "name", "no network can have this name"),
    ({"config_from": "-x"}, "config_from", "no network can have"),
    ({"connected": ["a b"]}, "connected", "no container can have this name"),
    ({"labels": {"a": 1.5}}, "labels.a", "not a text"),
    ({"driver_options": {"a": [1]}}, "driver_options.a", "neither a text nor a number"),
    ({"ipam_config": [{}]}, "ipam_config[0].subnet", "a pool needs its subnet"),
    ({"ipam_config": [{"subnet": "10.1.0.0"}]}, "ipam_config[0].subnet", "no network"),
    ({"ipam_config": [{"subnet": "10.1.0.0/33"}]}, "ipam_config[0].subnet", "no network"),
    ({"ipam_config": [POOL, {"subnet": "10.1.2.0/24"}]}, "ipam_config[1].subnet", "overlaps with 10.1.0.0/16"),
    ({"ipam_config": [{**POOL, "gateway": "10.2.0.1"}]}, "ipam_config[0].gateway", "no address of 10.1.0.0/16"),
    ({"ipam_config": [{**POOL, "gateway": "10.1.0.1/16"}]}, "ipam_config[0].gateway", "no address"),
    ({"ipam_config": [{**POOL, "iprange": "10.2.0.0/24"}]}, "ipam_config[0].iprange", "no part of"),
    ({"ipam_config": [{**POOL, "iprange": "fd00::/64"}]}, "ipam_config[0].iprange", "no part of"),
    ({"ipam_config": [{**POOL, "aux_addresses": {"a": "x"}}]}, "ipam_config[0].aux_addresses.a", "no address"),
    ({"config_from": "x", "ipam_config": [POOL]}, "config_from", "ipam_config"),
    ({"config_from": "x", "labels": {"a": "b"}}, "config_from", "labels"),
    ({"config_from": "x", "enable_ipv6": True}, "config_from", "enable_ipv6"),
    ({"config_from": "x", "enable_ipv4": False}, "config_from", "enable_ipv4"),
    ({"config_only": True, "connected": ["a"]}, "connected", "config_only"),
]


def options(**params: Any) -> Options:
    validation = ArgumentSpecValidator(ARGUMENT_SPEC).validate({"name": "net", **params})
    assert not validation.error_messages, validation.error_messages
    return parse(validation.validated_parameters)


@pytest.mark.parametrize(("given", "option", "words"), WRONG, ids=lambda value: str(value)[:60])
def test_a_bad_value_is_refused_by_name(given: dict[str, Any], option: str, words: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        options(**given)
    assert refused.value.option == option and words in refused.value.message


def test_values_become_what_the_engines_report() -> None:
    parsed = options(
        driver_options={"icc": False, "mtu": 1400}, connected=["a", "b", "a"], config_only=False,
        ipam_config=[{"subnet": "10.1.2.3/24"}, {"subnet": "FD00:0::/64", "gateway": "fd00::0:1"}],
    )  # fmt: skip
    assert parsed.driver_options == {"icc": "false", "mtu": "1400"} and parsed.connected == ("a", "b")
    assert parsed.ipam_config == ({"subnet": "10.1.2.0/24"}, {"subnet": "fd00::/64", "gateway": "fd00::1"})
    assert parsed.flags == {"config_only": False} and parsed.driver == "bridge"
    assert options(config_only=True).driver == "null"


UNSUPPORTED: list[tuple[str, dict[str, Any], str]] = [
    ("podman", {"driver_options": {"com.docker.network.bridge.enable_icc": "false"}}, "driver_options"),
    ("podman", {"driver_options": {"parent": "eth0"}}, "driver_options"),
    ("podman", {"driver": "macvlan", "driver_options": {"com.docker.network.bridge.name": "br9"}}, "driver_options"),
    ("podman", {"ipam_driver": "dhcp"}, "ipam_driver"),
    ("podman", {"ipam_driver_options": {"a": "b"}}, "ipam_driver_options"),
    ("podman", {"ipam_config": [{**POOL, "aux_addresses": {"a": "10.1.0.9"}}]}, "ipam_config.aux_addresses"),
    ("podman", {"enable_ipv4": False}, "enable_ipv4"),
    ("docker", {"enable_ipv4": False}, "enable_ipv4"),
    ("podman", {"ingress": True}, "ingress"),
    ("podman", {"scope": "swarm"}, "scope"),
    ("podman", {"config_only": True}, "config_only"),
    ("podman", {"config_from": "x"}, "config_from"),
]
OF_NEWER: list[tuple[str, tuple[int, ...], dict[str, Any]]] = [("docker", (28, 5), {"enable_ipv4": False})]
SUPPORTED: list[tuple[str, dict[str, Any]]] = [
    ("podman", {"driver_options": {"mtu": 1400, "com.docker.network.bridge.name": "br9"}}),
    ("podman", {"driver": "macvlan", "driver_options": {"parent": "eth0", "mode": "bridge"}}),
    ("podman", {"ipam_driver": "host-local", "scope": "local", "attachable": True, "ingress": False}),
    ("podman", {"config_only": False, "enable_ipv4": True, "ipam_driver_options": {}}),
    ("docker", {"driver_options": {"a": "b"}, "scope": "swarm", "config_only": True, "attachable": True}),
]


@pytest.mark.parametrize(("engine", "given", "option"), UNSUPPORTED)
def test_what_an_engine_would_drop_is_refused_with_its_version(engine: str, given: Any, option: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        require_supported(options(**given), Engine(engine, (5, 4, 2)))
    assert refused.value.option == option and f"{engine.title()} 5.4.2" in refused.value.message


@pytest.mark.parametrize(("engine", "given"), SUPPORTED)
def test_what_means_nothing_else_passes(engine: str, given: dict[str, Any]) -> None:
    require_supported(options(**given), Engine(engine, (5, 4, 2)))


@pytest.mark.parametrize(("engine", "version", "given"), OF_NEWER)
def test_what_a_newer_engine_can_do_passes(engine: str, version: tuple[int, ...], given: dict[str, Any]) -> None:
    require_supported(options(**given), Engine(engine, version))


def test_every_row_has_a_case() -> None:
    assert {(row.engine, row.option) for row in REFUSALS} == {
        (engine, option) for engine, _given, option in UNSUPPORTED
    }


def test_the_documentation_says_what_the_table_says() -> None:
    from pathlib import Path

    import ansible_collections.sshfleet.containers.plugins.modules.remote_network as module

    text = " ".join(Path(module.__file__).read_text().split())
    for row in REFUSALS:
        assert row.sentence in text, row.option
