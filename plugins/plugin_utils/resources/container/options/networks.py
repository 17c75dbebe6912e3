# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks and the network mode.

The normalised shape of networks is ``{"name": {"ipv4_address": …, "ipv6_address": …, "aliases": […]}}`` with only the
keys that the task gives; networks are connected and disconnected while the container runs.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.behaviour import USER_MODES
from ....engine.differences.engine import Engine, having
from ....errors import InvalidOption
from ...shared import parsers
from . import applied, names
from .row import Body, Inspect

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
_DEFAULT_MODES = ("bridge", "default")
_UNKNOWN_OPTIONS = "?"
_OF_INTERFACE = re.compile(r"net\.[^.]+\.[^.]+\.eth[^.]*\.")


def parse(option: str, value: list[Mapping[str, Any]]) -> dict[str, Endpoint]:
    networks: dict[str, Endpoint] = {}
    for entry in value:
        name = parsers.name(f"{option}.name", entry["name"])
        if name in _NO_NETWORK_MODES:
            raise InvalidOption(
                f"{option}.name", name, "this is no network.", f"Leave it out, and set network_mode to {name}."
            )
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
        endpoint["aliases"] = sorted(parsers.name(f"{option}.aliases", alias) for alias in entry["aliases"])
    if entry.get("links"):
        endpoint["links"] = names.parse_links(f"{option}.links", entry["links"])
    if entry.get("mac_address"):
        endpoint["mac_address"] = names.mac(f"{option}.mac_address", entry["mac_address"])
    if entry.get("driver_opts"):
        endpoint["driver_opts"] = parsers.driver_options(f"{option}.driver_opts", entry["driver_opts"])
    if entry.get("gw_priority") is not None:
        endpoint["gw_priority"] = entry["gw_priority"]
    return endpoint


def _address(option: str, value: str, version: int) -> str:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        address = None
    if address is None or address.version != version:
        remedy = parsers.unquoted(value, parsers.IPV6_PARTS) or "Write the address without a prefix."
        raise InvalidOption(option, value, f"this is no IPv{version} address.", remedy)
    return str(address)


def read(inspect: Inspect, engine: Engine) -> dict[str, Endpoint]:
    """Of a container that does not run, Podman reports no addresses; they are then left out."""
    networks = (inspect.get("NetworkSettings") or {}).get("Networks") or {}
    none = (*_NO_NETWORK_MODES, *engine.user_modes)
    fixed = engine.tells_fixed_addresses
    return {name: _read_one(endpoint or {}, fixed) for name, endpoint in networks.items() if name not in none}


def _read_one(endpoint: Mapping[str, Any], tells_fixed: bool) -> Endpoint:
    fixed = endpoint.get("IPAMConfig") or {}
    addresses = {
        "ipv4_address": fixed.get("IPv4Address") or endpoint.get("IPAddress"),
        "ipv6_address": fixed.get("IPv6Address") or endpoint.get("GlobalIPv6Address"),
    }
    found = {
        "aliases": sorted(endpoint.get("Aliases") or []),
        "links": sorted(endpoint.get("Links") or []),
        "mac_address": str(endpoint.get("MacAddress") or "").lower(),
    }
    told: Endpoint = {key: value for key, value in found.items() if value or key == "aliases"}
    if tells_fixed or any(addresses.values()):  # then one that is not told is not there
        told |= {key: value or "" for key, value in addresses.items()}
    # An engine that knows these says also that there are none; then one that is asked for is missing.
    if "DriverOpts" in endpoint:
        told["driver_opts"] = endpoint["DriverOpts"] or {}
    if "GwPriority" in endpoint:
        told["gw_priority"] = endpoint["GwPriority"] or 0
    return told


def equal(desired: Endpoint, actual: Endpoint | None) -> bool:
    """The engines add aliases of their own; what is not reported is not compared."""
    if actual is None:
        return False
    for key in ("aliases", "links"):
        if key in actual and not set(desired.get(key, ())) <= set(actual[key]):
            return False
    return all(actual.get(key) in (None, desired[key]) for key in _EXACT if key in desired)


def fixed(networks: Mapping[str, Endpoint]) -> bool:
    """Whether a task asks for certain addresses."""
    return any(key in endpoint for endpoint in networks.values() for key in (*_ADDRESSES, "mac_address"))


def endpoint_config(endpoint: Endpoint) -> dict[str, Any]:
    """The engine's EndpointSettings."""
    addresses = {"IPv4Address": endpoint.get("ipv4_address"), "IPv6Address": endpoint.get("ipv6_address")}
    config: dict[str, Any] = {}
    if fixed := {key: value for key, value in addresses.items() if value}:
        config["IPAMConfig"] = fixed
    config |= {key: endpoint[name] for name, key in _ENDPOINT_KEYS.items() if endpoint.get(name)}
    return config


def write(body: Body, networks: dict[str, Endpoint], engine: Engine) -> None:
    """All networks, where the engine takes so many at creation; else one, and :func:`later` tells the rest."""
    mode = body.get("HostConfig", {}).get("NetworkMode")
    if not networks:
        return
    later_ones = later(mode, networks, engine)
    at_once = {name: endpoint_config(networks[name]) for name in networks if name not in later_ones}
    if mode is not None and at_once:
        at_once = {mode_network(mode, engine): {}, **at_once}
    if at_once:
        body.setdefault("HostConfig", {})["NetworkMode"] = next(iter(at_once)) if mode is None else mode
        body["NetworkingConfig"] = {"EndpointsConfig": at_once}


def require_sysctls(option: str, sysctls: Mapping[str, str], engine: Engine) -> None:
    """Refuse what the engine would refuse only when it makes the container.

    :raises InvalidOption: for a sysctl of an interface, where the engine takes it as the network's only.
    """
    of_interface = next(filter(_OF_INTERFACE.match, sysctls), None)
    if of_interface and not engine.takes_interface_sysctls:
        own = ".".join([*of_interface.split(".")[:3], "IFNAME", *of_interface.split(".")[4:]])
        raise InvalidOption(
            option, of_interface, f"{engine.title} has sysctls of an interface in its network.",
            "Give it in driver_opts of the network, in networks: "
            f"{{com.docker.network.endpoint.sysctls: {own}={sysctls[of_interface]}}}.",
        )  # fmt: skip


def give_mac(body: Body, engine: Engine) -> None:
    """Where an engine has MAC addresses in networks, give the container's own to the network of its mode."""
    address = body.get("MacAddress")
    if not address or engine.mac_is_of_container:
        return
    endpoints = body.setdefault("NetworkingConfig", {}).setdefault("EndpointsConfig", {})
    endpoint = endpoints.setdefault(
        mode_network(body["HostConfig"].get("NetworkMode") or _DEFAULT_MODES[0], engine), {}
    )
    if endpoint.setdefault("MacAddress", address) == address:  # of two that differ, the engine says so
        del body["MacAddress"]


def later(mode: str | None, networks: Mapping[str, Endpoint], engine: Engine) -> tuple[str, ...]:
    """The networks that a container is connected to between its creation and its start: all but the one of its mode,
    or without one the first. Where all can be given at creation they are, because only then does Docker set a MAC.
    """
    if engine.creates_in_all_networks:
        return ()
    first = next(iter(networks), None) if mode is None else mode_network(mode, engine)
    return tuple(name for name in networks if name != first)


def connects_live(endpoint: Endpoint, engine: Engine) -> bool:
    """Whether a container that exists can be connected like this: some drop the MAC address without a word."""
    return engine.connects_with_mac or "mac_address" not in endpoint


def parse_mode(option: str, value: Any) -> str:
    mode, colon, rest = str(value).partition(":")
    if colon and mode == "container" and parsers.NAME_PATTERN.fullmatch(rest):
        return str(value)
    if colon and mode in USER_MODES:
        return parsers.text(option, value) if rest else mode
    if not colon and parsers.NAME_PATTERN.fullmatch(mode):
        return mode
    raise InvalidOption(
        option, value, "this is no network mode.", "Use bridge, host, none, container:NAME or a network's name."
    )


def require_mode_supported(option: str, mode: str | None, engine: Engine) -> None:
    """Where an engine has no user modes, their names are those of networks, unless there are options behind them.

    :raises InvalidOption: for a user mode that this engine does not have.
    """
    kind, colon, _options = (mode or "").partition(":")
    if kind in USER_MODES and kind not in engine.user_modes and (colon or engine.user_modes):
        raise InvalidOption(
            option, mode, f"{kind} is a network mode of {having('user_modes', kind)}; {engine.title} does not know it.",
            "Use bridge, host, none, container:NAME or a network's name on this host.",
        )  # fmt: skip


def mode_network(mode: str, engine: Engine) -> str:
    """The name of the network that a mode stands for."""
    return engine.default_network if mode in _DEFAULT_MODES else mode


def of(mode: str | None, networks: Mapping[str, Endpoint] | None, engine: Engine) -> list[str]:
    """The networks of a container with these options."""
    if networks:
        return list(networks)
    mode = mode or _DEFAULT_MODES[0]
    return [mode_network(mode, engine)] if mode in _DEFAULT_MODES or names_network(mode, engine) else []


def names_network(mode: str, engine: Engine) -> bool:
    """Whether a mode is the name of a network that somebody has to have created."""
    others = (*_NO_NETWORK_MODES, *_DEFAULT_MODES, *engine.user_modes, *engine.default_mode_words)
    return ":" not in mode and mode not in others


def called_here(options: Mapping[str, Any], engine: Engine) -> dict[str, Any]:
    """The options with the default network under this engine's name: it is Docker's ``bridge``, which no network of
    Podman's can be called.
    """
    networks: Mapping[str, Endpoint] | None = options.get("networks")
    if not networks:
        return dict(options)
    return {**options, "networks": {mode_network(name, engine): endpoint for name, endpoint in networks.items()}}


def require_connectable(mode: str | None, networks: Mapping[str, Endpoint] | None) -> None:
    """A container that uses the host's or another container's network, or Podman's user mode, can be in no other.

    :raises InvalidOption: when both are asked for.
    """
    if networks and mode and (mode in _NO_NETWORK_MODES or ":" in mode):
        raise InvalidOption(
            "networks", sorted(networks), f"a container with network_mode={mode} can be in no network.",
            "Leave out one of the two options.",
        )  # fmt: skip


def read_mode(inspect: Inspect, engine: Engine) -> str:
    """Podman reports "bridge" for every network; there it is the networks' names, comma separated. The options of its
    user modes are in our label, or are not known.
    """
    mode = str((inspect.get("HostConfig") or {}).get("NetworkMode") or "default")
    if engine.network_mode_hides_name and mode == "bridge":
        return ",".join(sorted(read(inspect, engine))) or "bridge"
    if mode in engine.user_modes:
        kept = applied.read(inspect)
        told = [f"{mode}:{_UNKNOWN_OPTIONS}"] if kept is None else kept.get("network_mode", ())
        return next((one for one in told if one.partition(":")[0] == mode), mode)
    return mode


def kept_mode(mode: str, engine: Engine) -> list[str]:
    """What the engine will not report of a mode, for our label."""
    return [mode] if mode.partition(":")[0] in engine.user_modes and ":" in mode else []


def canonical_mode(mode: str, engine: Engine) -> str:
    kind, colon, options = mode.partition(":")
    if kind == "slirp4netns":  # the order of its options means nothing
        return f"{kind}{colon}{','.join(sorted(options.split(',')))}"
    if colon:
        return mode
    default = {*_DEFAULT_MODES, engine.default_network, *engine.default_mode_words}
    return ",".join("bridge" if name in default else name for name in mode.split(","))


def equal_mode(desired: str, actual: str) -> bool:
    kind, _colon, options = actual.partition(":")
    if options == _UNKNOWN_OPTIONS:
        return desired.partition(":")[0] == kind
    return desired == actual or desired in actual.split(",")
