# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network and the result of its task, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ..shared.driver_options import masked
from ..shared.labels import CREATED_LABEL
from ..shared.moments import timestamp
from ..shared.plan import Difference, Plan
from ..shared.raw import without_driver_secrets
from ..shared.result_format import ENGINE, UNIFIED, Telling, by_entry, engine_diff
from .actual import Member, Network
from .ipam import OPTION as IPAM_CONFIG
from .ipam import Pool
from .options import Options

_POOL_KEYS = ("subnet", "iprange", "gateway", "aux_addresses")


@dataclass(frozen=True)
class Seen:
    """What a task found, planned, and found afterwards. ``inspect`` is what the engine says of the network then in
    Docker's words, read where the engine's format is wanted.
    """

    options: Options
    planned: Plan
    before: Network | None
    after: Network | None
    members: Sequence[Member]
    inspect: Mapping[str, Any] | None = None
    warnings: Sequence[str] = ()


def unified(seen: Seen, _telling: Telling) -> dict[str, Any]:
    """The collection's own: one shape for both engines."""
    return {
        "changed": seen.planned.changed,
        "actions": seen.planned.actions(),
        "network": seen.after and network_result(seen.after, seen.members),
        "diff": seen.planned.diff(),
        "warnings": list(seen.warnings),
    }


def engine(seen: Seen, telling: Telling) -> dict[str, Any]:
    """As community.docker's docker_network tells it: ``network`` is the engine's inspect, and left out where it is to
    be absent; ``actions`` are told in check mode only.
    """
    present = seen.options.state == "present"
    told: dict[str, Any] = {"changed": seen.planned.changed, "warnings": list(seen.warnings)}
    if present:
        told["network"] = seen.inspect and without_driver_secrets(seen.inspect)
    if telling.lists:
        told["actions"] = [text for step in seen.planned.steps for text in _actions(step.action, step.shown, seen)]
    if telling.diff or telling.lists:
        exists = seen.before is not None, present
        told["diff"] = engine_diff(exists, _differing(seen) if present else None, _connections(seen.planned), telling)
    return told


FORMATS: dict[str, Callable[[Seen, Telling], dict[str, Any]]] = {UNIFIED: unified, ENGINE: engine}


def _actions(action: str, shown: Mapping[str, Any], seen: Seen) -> list[str]:
    """A step as a text; one that only this collection has, by its own name."""
    name, member = seen.options.name, shown.get("container")
    created, removed = f"Created network {name} with driver {seen.options.driver}", f"Removed network {name}"
    told = {
        "create": [created],
        "remove": [removed],
        "recreate": [removed, created],
        "connect": [f"Connected container {member}"],
        "disconnect": [f"Disconnected container {member}"],
    }
    return told.get(action, [action])


def _connections(planned: Plan) -> dict[str, tuple[Any, Any]]:
    """{connected.NAME: (whether it was, whether it will be)} of each container that comes or goes."""
    before, after = planned.before.get("connected") or (), planned.after.get("connected") or ()
    return {f"connected.{name}": (name in before, name in after) for name in sorted({*before} ^ {*after})}


def _differing(seen: Seen) -> dict[str, tuple[Any, Any]]:
    found = seen.planned.found
    return {name: pair for one in found for name, pair in _entries(one, seen.options, seen.before).items()}


def _entries(found: Difference, options: Options, network: Network | None) -> dict[str, tuple[Any, Any]]:
    """What one option differs in, by name; of an address pool each setting, for a pool is there as a whole or not."""
    if found.option == IPAM_CONFIG:
        return {
            f"{IPAM_CONFIG}[{options.ipam_config.index(pool)}].{key}": (None, value)
            for pool in found.after
            for key, value in pool.items()
        }
    lacks = {"driver_options": network and not network.driver_options, "labels": network and not network.labels}
    return by_entry(found, had_none=bool(lacks.get(found.option)))


def network_result(network: Network, members: Sequence[Member]) -> dict[str, Any]:
    """The public shape of a network with all containers that are in it, running or not."""
    flags = network.flags
    return {
        "id": network.id,
        "name": network.name,
        "driver": network.driver,
        "driver_options": masked(network.driver_options),
        "scope": network.scope,
        "internal": flags["internal"],
        "attachable": flags.get("attachable"),
        "ingress": flags["ingress"],
        "enable_ipv4": flags["enable_ipv4"],
        "enable_ipv6": flags["enable_ipv6"],
        "config_only": flags["config_only"],
        "config_from": network.config_from or None,
        "ipam_driver": network.ipam_driver,
        "ipam_driver_options": masked(network.ipam_driver_options),
        "ipam_config": [_pool(pool) for pool in network.pools],
        "labels": dict(network.labels),
        "dns_enabled": network.dns,
        "interface": network.interface,
        "containers": [_container(member) for member in members],
        "created_at": timestamp(network.created),
        "created_by_us": CREATED_LABEL in network.labels,
    }


def _pool(pool: Pool) -> dict[str, Any]:
    return {key: pool.get(key) for key in _POOL_KEYS}


def _container(member: Member) -> dict[str, Any]:
    endpoint: Mapping[str, Any] = member.endpoint
    return {
        "id": member.id,
        "name": member.name,
        "running": member.running,
        "ipv4_address": endpoint.get("IPAddress") or None,
        "ipv6_address": endpoint.get("GlobalIPv6Address") or None,
        "mac_address": endpoint.get("MacAddress") or None,
    }
