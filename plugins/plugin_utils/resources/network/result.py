# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network as this collection returns it: one shape for both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared.driver_options import masked
from ..shared.labels import CREATED_LABEL
from ..shared.moments import timestamp
from .actual import Member, Network
from .ipam import Pool

_POOL_KEYS = ("subnet", "iprange", "gateway", "aux_addresses")


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
