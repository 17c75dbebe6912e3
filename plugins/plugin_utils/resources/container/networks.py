# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks and the network mode.

The normalised shape of networks is ``{"name": {"ipv4_address": …, "ipv6_address": …, "aliases": […]}}`` with only the
keys that the task gives; networks are connected and disconnected while the container runs.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container import names, values
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.engines import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.row import Body, Inspect

Endpoint = dict[str, Any]

SUBOPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "ipv4_address": {"type": "str"},
    "ipv6_address": {"type": "str"},
    "links": {"type": "list", "elements": "str"},
    "aliases": {"type": "list", "elements": "str"},
    "mac_address": {"type": "str"},
    "driver_opts": {"type": "dict"},
    "gw_priority": {"type": "int"},
}
_ADDRESSES = {"ipv4_address": 4, "ipv6_address": 6}
_ENDPOINT_KEYS = {
    "aliases": "Aliases", "links": "Links", "mac_address": "MacAddress", "driver_opts": "DriverOpts",
    "gw_priority": "GwPriority",
}  # fmt: skip
_EXACT = (*_ADDRESSES, "mac_address", "driver_opts", "gw_priority")
_NO_NETWORK_MODES = ("host", "none")


def parse(option: str, value: list[Mapping[str, Any]]) -> dict[str, Endpoint]:
    networks: dict[str, Endpoint] = {}
    for entry in value:
        name = values.name(f"{option}.name", entry["name"])
        if name in networks:
            raise InvalidOption(option, name, "this network is named twice.", "Name each network once.")
        networks[name] = _endpoint(option, entry)
    return networks


def _endpoint(option: str, entry: Mapping[str, Any]) -> Endpoint:
    endpoint: Endpoint = {}
    for key, version in _ADDRESSES.items():
        if entry.get(key):
            endpoint[key] = _address(f"{option}.{key}", entry[key], version)
    if entry.get("aliases") is not None:
        endpoint["aliases"] = sorted(values.name(f"{option}.aliases", alias) for alias in entry["aliases"])
    if entry.get("links"):
        endpoint["links"] = names.parse_links(f"{option}.links", entry["links"])
    if entry.get("mac_address"):
        endpoint["mac_address"] = names.mac(f"{option}.mac_address", entry["mac_address"])
    if entry.get("driver_opts"):
        endpoint["driver_opts"] = {str(key): str(item) for key, item in entry["driver_opts"].items()}
    if entry.get("gw_priority") is not None:
        endpoint["gw_priority"] = entry["gw_priority"]
    return endpoint


def _address(option: str, value: str, version: int) -> str:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        address = None
    if address is None or address.version != version:
        raise InvalidOption(option, value, f"this is no IPv{version} address.", "Write the address without a prefix.")
    return str(address)


def read(inspect: Inspect, engine: Engine) -> dict[str, Endpoint]:
    """Of a container that does not run, Podman reports no addresses; they are then left out."""
    networks = (inspect.get("NetworkSettings") or {}).get("Networks") or {}
    return {name: _read_one(endpoint or {}) for name, endpoint in networks.items() if name not in _NO_NETWORK_MODES}


def _read_one(endpoint: Mapping[str, Any]) -> Endpoint:
    fixed = endpoint.get("IPAMConfig") or {}
    found = {
        "ipv4_address": fixed.get("IPv4Address") or endpoint.get("IPAddress"),
        "ipv6_address": fixed.get("IPv6Address") or endpoint.get("GlobalIPv6Address"),
        "aliases": sorted(endpoint.get("Aliases") or []),
        "links": sorted(endpoint.get("Links") or []),
        "mac_address": str(endpoint.get("MacAddress") or "").lower(),
        "driver_opts": endpoint.get("DriverOpts"),
        "gw_priority": endpoint.get("GwPriority"),
    }
    return {key: value for key, value in found.items() if value or key == "aliases"}


def equal(desired: Endpoint, actual: Endpoint | None) -> bool:
    """The engines add aliases of their own; what is not reported is not compared."""
    if actual is None:
        return False
    for key in ("aliases", "links"):
        if key in actual and not set(desired.get(key, ())) <= set(actual[key]):
            return False
    return all(actual.get(key) in (None, desired[key]) for key in _EXACT if key in desired)


def endpoint_config(endpoint: Endpoint) -> dict[str, Any]:
    """The engine's EndpointSettings."""
    addresses = {"IPv4Address": endpoint.get("ipv4_address"), "IPv6Address": endpoint.get("ipv6_address")}
    config: dict[str, Any] = {}
    if fixed := {key: value for key, value in addresses.items() if value}:
        config["IPAMConfig"] = fixed
    config |= {key: endpoint[name] for name, key in _ENDPOINT_KEYS.items() if endpoint.get(name)}
    return config


def write(body: Body, networks: dict[str, Endpoint], engine: Engine) -> None:
    """Only one network at creation: older engines take no more. The rest is connected before the start."""
    first = first_network(body.get("HostConfig", {}).get("NetworkMode"), networks)
    if first is None:
        return
    body.setdefault("HostConfig", {})["NetworkMode"] = first
    body["NetworkingConfig"] = {"EndpointsConfig": {first: endpoint_config(networks[first])}}


def first_network(mode: str | None, networks: Mapping[str, Endpoint]) -> str | None:
    """The network that a container is created in, when it is one of the list: the mode's, else the first."""
    if mode is None:
        return next(iter(networks), None)
    return mode if mode in networks else None


def parse_mode(option: str, value: Any) -> str:
    mode, colon, container = str(value).partition(":")
    if colon and mode == "container" and values.NAME_PATTERN.fullmatch(container):
        return str(value)
    if not colon and values.NAME_PATTERN.fullmatch(mode):
        return mode
    raise InvalidOption(
        option, value, "this is no network mode.", "Use bridge, host, none, container:NAME or a network's name."
    )


def mode_network(mode: str, engine: Engine) -> str:
    """The name of the network that a mode stands for."""
    return engine.default_network if mode in ("bridge", "default") else mode


def require_connectable(mode: str | None, networks: Mapping[str, Endpoint] | None) -> None:
    """A container that uses the host's or another container's network can be in no other.

    :raises InvalidOption: when both are asked for.
    """
    if networks and mode and (mode in _NO_NETWORK_MODES or mode.startswith("container:")):
        raise InvalidOption(
            "networks", sorted(networks), f"a container with network_mode={mode} can be in no network.",
            "Leave out one of the two options.",
        )  # fmt: skip


def read_mode(inspect: Inspect, engine: Engine) -> str:
    """Podman reports "bridge" for every network; there it is the networks' names, comma separated."""
    mode = (inspect.get("HostConfig") or {}).get("NetworkMode") or "default"
    if engine.podman and mode == "bridge":
        return ",".join(sorted(read(inspect, engine))) or "bridge"
    return str(mode)


def canonical_mode(mode: str, engine: Engine) -> str:
    default = {"default", "bridge", engine.default_network}
    return ",".join("bridge" if name in default else name for name in mode.split(","))


def equal_mode(desired: str, actual: str) -> bool:
    return desired in actual.split(",")
