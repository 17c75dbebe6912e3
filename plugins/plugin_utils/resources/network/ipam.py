# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Address pools: from the task's texts to one form that can be compared, and from the engines' reports."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import InvalidOption

OPTION = "ipam_config"
IPV4, IPV6 = 4, 6
SPEC: dict[str, dict[str, Any]] = {
    "subnet": {"type": "str"},
    "iprange": {"type": "str"},
    "gateway": {"type": "str"},
    "aux_addresses": {"type": "dict"},
}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# {subnet, iprange, gateway: text; aux_addresses: {name: text}}; what is not given is not there.
Pool = dict[str, Any]
_API_KEYS = {"subnet": "Subnet", "iprange": "IPRange", "gateway": "Gateway", "aux_addresses": "AuxiliaryAddresses"}


def parse(pools: Sequence[Mapping[str, Any]] | None) -> tuple[Pool, ...] | None:
    """Check the pools of a task and bring them into their usual form; host bits of a subnet are dropped.

    :raises InvalidOption: naming the pool and the suboption.
    """
    if pools is None:
        return None
    parsed = tuple(_pool(f"{OPTION}[{index}]", pool) for index, pool in enumerate(pools))
    for index, pool in enumerate(parsed):
        for other in parsed[:index]:
            if overlap(pool["subnet"], other["subnet"]):
                raise InvalidOption(
                    f"{OPTION}[{index}].subnet", pool["subnet"], f"it overlaps with {other['subnet']}.",
                    "Give subnets that have no address in common.",
                )  # fmt: skip
    return parsed


def _pool(option: str, given: Mapping[str, Any]) -> Pool:
    if not given.get("subnet"):
        raise InvalidOption(f"{option}.subnet", given.get("subnet"), "a pool needs its subnet.", "Name it.")
    subnet = _network(f"{option}.subnet", given["subnet"])
    pool: Pool = {"subnet": str(subnet)}
    if given.get("iprange"):
        part = _network(f"{option}.iprange", given["iprange"])
        if part.version != subnet.version or not part.subnet_of(subnet):  # type: ignore[arg-type]
            raise InvalidOption(f"{option}.iprange", given["iprange"], f"it is no part of {subnet}.", "Give a part.")
        pool["iprange"] = str(part)
    if given.get("gateway"):
        pool["gateway"] = str(_address(f"{option}.gateway", given["gateway"], subnet))
    if given.get("aux_addresses"):
        name = f"{option}.aux_addresses"
        items = given["aux_addresses"].items()
        pool["aux_addresses"] = {str(key): str(_address(f"{name}.{key}", value, subnet)) for key, value in items}
    return pool


def _network(option: str, value: Any) -> Network:
    text = str(value)
    try:
        if "/" not in text:
            raise ValueError
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        remedy = "Write it like 172.23.27.0/24 or fd00:1::/64."
        refused = InvalidOption(option, value, "this is no network.", remedy)
        raise refused.known_as(f'"{value}" is not a valid CIDR') from None


def _address(option: str, value: Any, subnet: Network) -> Address:
    try:
        address = ipaddress.ip_address(str(value))
    except ValueError:
        raise InvalidOption(option, value, "this is no address.", "Write it without a prefix length.") from None
    if address not in subnet:
        raise InvalidOption(option, value, f"it is no address of {subnet}.", "Give one of the pool's subnet.")
    return address


def version(pool: Pool) -> int:
    """4 or 6."""
    return ipaddress.ip_network(pool["subnet"]).version


def overlap(one: str, other: str) -> bool:
    first, second = ipaddress.ip_network(one), ipaddress.ip_network(other)
    return first.version == second.version and first.overlaps(second)


def holds(pools: Sequence[Pool], address: str) -> bool:
    """Whether an address lies in one of the pools."""
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(pool["subnet"]) for pool in pools)


def request(pools: Sequence[Pool]) -> list[dict[str, Any]]:
    """The engine's IPAM.Config."""
    return [{_API_KEYS[key]: value for key, value in pool.items()} for pool in pools]


def from_docker(config: Sequence[Mapping[str, Any]] | None) -> tuple[Pool, ...]:
    """Pools as Docker reports them; a gateway may have a prefix length there."""
    found = []
    for entry in config or ():
        pool: Pool = {}
        if entry.get("Subnet"):
            pool["subnet"] = str(ipaddress.ip_network(entry["Subnet"], strict=False))
        if entry.get("IPRange"):
            pool["iprange"] = str(ipaddress.ip_network(entry["IPRange"], strict=False))
        if entry.get("Gateway"):
            pool["gateway"] = str(ipaddress.ip_interface(entry["Gateway"]).ip)
        if entry.get("AuxiliaryAddresses"):
            auxiliary = entry["AuxiliaryAddresses"].items()
            pool["aux_addresses"] = {key: str(ipaddress.ip_address(value)) for key, value in auxiliary}
        found.append(pool)
    return tuple(found)


def from_podman(subnets: Sequence[Mapping[str, Any]] | None) -> tuple[Pool, ...]:
    """Pools as Podman's own API reports them: a range is its first and its last address."""
    found = []
    for entry in subnets or ():
        pool: Pool = {"subnet": str(ipaddress.ip_network(entry["subnet"], strict=False))}
        lease = entry.get("lease_range") or {}
        if lease.get("start_ip") and lease.get("end_ip"):
            pool["iprange"] = _range(str(lease["start_ip"]), str(lease["end_ip"]))
        if entry.get("gateway"):
            pool["gateway"] = str(ipaddress.ip_address(entry["gateway"]))
        found.append(pool)
    return tuple(found)


def _range(start: str, end: str) -> str:
    """172.23.27.0/26 of 172.23.27.1 and 172.23.27.63: Podman leaves the network's own address out."""
    first, last = ipaddress.ip_address(start), ipaddress.ip_address(end)
    bits = (int(first) ^ int(last)).bit_length()
    whole = ipaddress.ip_network((int(first) >> bits << bits, first.max_prefixlen - bits))
    if whole.version == first.version and first in (whole[0], whole[0] + 1) and last == whole[-1]:
        return str(whole)
    return f"{first}-{last}"


def fits(wanted: Pool, actual: Pool) -> bool:
    """Whether a pool is as wanted; what the task leaves out is the engine's business."""
    return all(actual.get(key) == value for key, value in wanted.items())
