# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the engines report of a network and of the containers in it, in one shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from . import ipam
from .ipam import Pool

# The engines' own networks, which can be neither removed nor made.
_DOCKER_OWN = frozenset({"bridge", "host", "none"})
# Set by Podman for every bridge that is made through its Docker-compatible API; nothing a task could ask for.
_PODMAN_OWN_OPTIONS = frozenset({"isolate"})
_BRIDGE_NAME = "com.docker.network.bridge.name"
_SHORT_ID = 12


@dataclass(frozen=True)
class Network:
    """A network as it is. ``flags`` holds those of options.FLAGS that the engine tells; ``interface`` and ``dns`` are
    None where it doesn't tell them; ``description`` is what it said.
    """

    id: str
    name: str
    driver: str
    driver_options: Mapping[str, str]
    ipam_driver: str
    ipam_driver_options: Mapping[str, str]
    pools: tuple[Pool, ...]
    flags: Mapping[str, bool]
    scope: str
    config_from: str
    labels: Mapping[str, str]
    interface: str | None
    dns: bool | None
    created: str
    description: Mapping[str, Any] = field(repr=False)

    def own(self, engine: Engine) -> bool:
        """Whether it is one of the engine's own."""
        return self.name in engine.own_networks


def network(description: Mapping[str, Any], engine: Engine) -> Network:
    """A network, from Docker's inspect or from that of Podman's own API."""
    return _podman(description) if engine.own_api else _docker(description)


def _docker(found: Mapping[str, Any]) -> Network:
    pools = found.get("IPAM") or {}
    options = dict(found.get("Options") or {})
    driver = str(found.get("Driver") or "")
    bridge = f"br-{found['Id'][:_SHORT_ID]}" if driver == "bridge" else None
    flags = {
        "enable_ipv4": found.get("EnableIPv4", True), "enable_ipv6": found.get("EnableIPv6"),
        "internal": found.get("Internal"), "attachable": found.get("Attachable"), "ingress": found.get("Ingress"),
        "config_only": found.get("ConfigOnly"),
    }  # fmt: skip
    return Network(
        id=found["Id"], name=found["Name"], driver=driver, driver_options=options,
        ipam_driver=pools.get("Driver") or "default", ipam_driver_options=dict(pools.get("Options") or {}),
        pools=ipam.from_docker(pools.get("Config")), flags={key: bool(value) for key, value in flags.items()},
        scope=found.get("Scope") or "local", config_from=(found.get("ConfigFrom") or {}).get("Network") or "",
        labels=dict(found.get("Labels") or {}), interface=options.get(_BRIDGE_NAME, bridge),
        dns=found["Name"] not in _DOCKER_OWN, created=str(found.get("Created") or ""), description=found,
    )  # fmt: skip


def _podman(found: Mapping[str, Any]) -> Network:
    """``attachable`` says nothing there: every container can be connected to every network."""
    options = {key: value for key, value in (found.get("options") or {}).items() if key not in _PODMAN_OWN_OPTIONS}
    pools = dict(found.get("ipam_options") or {})
    driver = pools.pop("driver", "") or "host-local"
    flags = {
        "enable_ipv4": True, "enable_ipv6": bool(found.get("ipv6_enabled")), "internal": bool(found.get("internal")),
        "ingress": False, "config_only": False,
    }  # fmt: skip
    return Network(
        id=found["id"], name=found["name"], driver=str(found.get("driver") or ""), driver_options=options,
        ipam_driver="default" if driver == "host-local" else driver, ipam_driver_options=pools,
        pools=ipam.from_podman(found.get("subnets")), flags=flags, scope="local", config_from="",
        labels=dict(found.get("labels") or {}), interface=found.get("network_interface") or None,
        dns=bool(found.get("dns_enabled")), created=str(found.get("created") or ""), description=found,
    )  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A container that is in a network, running (one that is paused runs) or not. ``endpoint`` is what the engine says
    of its place there. On Docker, ``earlier`` tells that it holds an earlier network of this name, with which it can't
    start, and ``by_id`` that it was created with this network's ID for a name, and can be started with no other.
    """

    id: str
    name: str
    running: bool
    endpoint: Mapping[str, Any]
    earlier: bool = False
    by_id: bool = False
    paused: bool = False


def members(listed: Iterable[Mapping[str, Any]], network: Network) -> tuple[Member, ...]:
    """Those of the listed containers that are in the network, by name."""
    found = []
    for entry in listed:
        networks = (entry.get("NetworkSettings") or {}).get("Networks") or {}
        if network.name in networks:
            found.append(_member(entry, networks[network.name] or {}, network))
    return tuple(sorted(found, key=lambda member: member.name))


def _member(entry: Mapping[str, Any], endpoint: Mapping[str, Any], network: Network) -> Member:
    held = endpoint.get("NetworkID") or ""
    name = str((entry.get("Names") or [entry["Id"][:_SHORT_ID]])[0]).lstrip("/")
    state = entry.get("State")
    running = state in ("running", "paused", "restarting")
    earlier = held not in ("", network.id, network.name)
    return Member(entry["Id"], name, running, endpoint, earlier, paused=state == "paused")


def found_by(name: str, network: Network | None) -> bool:
    """Whether a network is the one that somebody means by a name; the engines take the beginning of an ID too."""
    if network is None:
        return False
    return name == network.name or (len(name) >= _SHORT_ID and network.id.startswith(name))
