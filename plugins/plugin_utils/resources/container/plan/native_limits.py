# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limits of a create body in the words of Podman's own API, as Podman itself translates them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Native = dict[str, Any]

_PERIOD = 100_000  # microseconds, of a limit that is given in CPUs
_UNLIMITED = 2**64 - 1
# HostConfig's key -> where the own API has it, below resource_limits.
PLACES: dict[str, tuple[str, ...]] = {
    "BlkioWeight": ("blockIO", "weight"),
    "CpuPeriod": ("cpu", "period"),
    "CpuQuota": ("cpu", "quota"),
    "CpuShares": ("cpu", "shares"),
    "CpusetCpus": ("cpu", "cpus"),
    "CpusetMems": ("cpu", "mems"),
    "Memory": ("memory", "limit"),
    "MemoryReservation": ("memory", "reservation"),
    "MemorySwap": ("memory", "swap"),
    "MemorySwappiness": ("memory", "swappiness"),
    "OomKillDisable": ("memory", "disableOOMKiller"),
}
RATES = {
    "BlkioDeviceReadBps": "throttleReadBpsDevice",
    "BlkioDeviceReadIOps": "throttleReadIOPSDevice",
    "BlkioDeviceWriteBps": "throttleWriteBpsDevice",
    "BlkioDeviceWriteIOps": "throttleWriteIOPSDevice",
}
# A zero of these is a value, and not the lack of one.
_ZERO_COUNTS = ("MemorySwappiness",)


def resource(native: Native, key: str, value: Any) -> None:
    group, name = PLACES[key]
    if value or (key in _ZERO_COUNTS and value is not None):
        _limits(native).setdefault(group, {})[name] = value


def cpus(native: Native, nano: int) -> None:
    if nano:
        _limits(native).setdefault("cpu", {}).update(period=_PERIOD, quota=nano * _PERIOD // 10**9)


def pids(native: Native, limit: int) -> None:
    _limits(native)["pids"] = {"limit": limit}


def rates(native: Native, key: str, entries: Iterable[Mapping[str, Any]]) -> None:
    if found := {entry["Path"]: {"rate": entry["Rate"]} for entry in entries}:
        native[RATES[key]] = found


def files(native: Native, contents: Mapping[str, str]) -> None:
    """Files of a cgroup of version 2, whatever they are for."""
    if contents:
        _limits(native)["unified"] = dict(contents)


def ulimits(native: Native, entries: Iterable[Mapping[str, Any]]) -> None:
    found = [{"type": one["Name"], "soft": _unsigned(one["Soft"]), "hard": _unsigned(one["Hard"])} for one in entries]
    if found:
        native["r_limits"] = found


def device_rules(native: Native, rules: Iterable[str]) -> None:
    for rule in rules:
        kind, numbers, access = rule.split()
        major, _colon, minor = numbers.partition(":")
        entry: Native = {"allow": True, "type": kind, "access": access}
        entry |= {key: int(number) for key, number in (("major", major), ("minor", minor)) if number != "*"}
        native.setdefault("device_cgroup_rule", []).append(entry)


def _unsigned(limit: int) -> int:
    """That API has no negative numbers there."""
    return limit if limit >= 0 else _UNLIMITED


def _limits(native: Native) -> Native:
    found: Native = native.setdefault("resource_limits", {})
    return found
