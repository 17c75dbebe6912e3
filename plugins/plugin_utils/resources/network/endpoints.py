# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The place of a container in a network: what is taken along when the network is made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...engine.differences.engine import Engine
from ...telling import listed
from . import ipam
from .actual import Member, Network
from .ipam import Pool

_SHORT_ID = 12
# By address family, where an address that was asked for stands, and the one that the container has.
_ADDRESSES = (("IPv4Address", "IPAddress"), ("IPv6Address", "GlobalIPv6Address"))
_KEPT = ("Links", "DriverOpts", "GwPriority")


def settings(member: Member, pools: Sequence[Pool] | None, keep_addresses: bool) -> dict[str, Any]:
    """The engine's EndpointSettings with which a container comes back: aliases, links, driver options and the fixed
    addresses that the new pools hold (all of them where the pools are not known: None).

    :param keep_addresses: whether an address counts as fixed that the engine has assigned, or does not tell about.
    """
    endpoint = member.endpoint
    kept = {key: endpoint[key] for key in _KEPT if endpoint.get(key)}
    if aliases := [alias for alias in endpoint.get("Aliases") or [] if not _is_id(alias, member)]:
        kept["Aliases"] = aliases
    fixed = {}
    for key, address in _fixed(member, keep_addresses).items():
        if pools is None or ipam.holds(pools, address):
            fixed[key] = address
    return {**kept, "IPAMConfig": fixed} if fixed else kept


def _is_id(alias: str, member: Member) -> bool:
    """The engines add the container's short ID by themselves."""
    return len(alias) >= _SHORT_ID and member.id.startswith(alias)


def _fixed(member: Member, keep_addresses: bool) -> dict[str, str]:
    asked = member.endpoint.get("IPAMConfig") or {}
    found = {}
    for key, assigned in _ADDRESSES:
        address = asked.get(key) or (member.endpoint.get(assigned) if keep_addresses else None)
        if address:
            found[key] = str(address)
    return found


def warnings(
    network: str, members: Sequence[Member], pools: Sequence[Pool] | None, engine: Engine, keep_addresses: bool
) -> tuple[str, ...]:
    """What containers lose when their network is made anew with these pools (None: those that it has)."""
    said = []
    for member in members:
        lost = [a for a in _fixed(member, keep_addresses).values() if pools is not None and not ipam.holds(pools, a)]
        if lost:
            said.append(
                f"{member.name} had the fixed address {', '.join(lost)}, which the new network {network} does not hold."
            )
        if member.by_id:
            said.append(
                f"{member.name} was created with the network's ID, and can't be started again with the new one: "
                "recreate it with the network's name."
            )
    if members and not keep_addresses and not engine.tells_fixed_addresses:
        names = listed(member.name for member in members)
        known = [address for member in members for address in _fixed(member, True).values()]
        remedy = " Set keep_addresses to true to keep those of running containers."
        said.append(
            "Podman does not tell which addresses are fixed, so these containers get new ones in the network "
            f"{network}: {names}.{remedy if any(pools is None or ipam.holds(pools, one) for one in known) else ''}"
        )
    return tuple(said)


def with_endpoint(member: Member, inspect: Mapping[str, Any] | None, network: Network) -> Member:
    """The member with all that an inspect of the container tells; the list leaves out aliases on Docker."""
    found = inspect or {}
    networks = (found.get("NetworkSettings") or {}).get("Networks") or {}
    mode = str((found.get("HostConfig") or {}).get("NetworkMode") or "")
    by_id = len(mode) >= _SHORT_ID and network.id.startswith(mode)
    return replace(member, endpoint=networks.get(network.name) or member.endpoint, by_id=by_id)
