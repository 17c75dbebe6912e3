# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits of a service's containers, and the devices that they get."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .process import deployed_restart
from .scope import Params, Scope

# The name of a device of the Container Device Interface: VENDOR/CLASS=NAME.
_CDI = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_-]*=[A-Za-z0-9][A-Za-z0-9_.:-]*")
_RATES = ("device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops")


def blkio(value: Mapping[str, Any], _scope: Scope) -> Params:
    made: dict[str, Any] = {"blkio_weight": value["weight"]} if "weight" in value else {}
    for key in _RATES:
        if key in value:
            number = int if key.endswith("iops") else str
            made[key] = [{"path": one["Path"], "rate": number(one["Rate"])} for one in value[key]]
    return made


def ulimits(value: Mapping[str, Any], _scope: Scope) -> Params:
    """NAME:SOFT:HARD; one number is both, and what is not said is 0."""
    made = []
    for name, limit in value.items():
        ends = limit if isinstance(limit, Mapping) else {"soft": limit, "hard": limit}
        made.append(f"{name}:{ends.get('soft', 0)}:{ends.get('hard', 0)}")
    return {"ulimits": made}


def devices(value: list[Mapping[str, str]], _scope: Scope) -> Params:
    """SOURCE:TARGET:PERMISSIONS; names of the Container Device Interface are requests."""
    named = [one["source"] for one in value if _is_cdi(one)]
    paths = [":".join(filter(None, _parts(one))) for one in value if not _is_cdi(one)]
    requests = [{"driver": "cdi", "device_ids": named}] if named else []
    return {**({"devices": paths} if paths else {}), **({"device_requests": requests} if requests else {})}


def _is_cdi(device: Mapping[str, str]) -> bool:
    source = device.get("source", "")
    return source == device.get("target") and _CDI.fullmatch(source) is not None


def _parts(device: Mapping[str, str]) -> tuple[str, str, str]:
    source = device.get("source", "")
    return source, device.get("target") or source, device.get("permissions") or ""


def gpus(value: list[Mapping[str, Any]], _scope: Scope) -> Params:
    return {"device_requests": [_request(one, [*(one.get("capabilities") or []), "gpu"]) for one in value]}


def _request(device: Mapping[str, Any], capabilities: list[str]) -> dict[str, Any]:
    same = {key: device[key] for key in ("driver", "count", "device_ids", "options") if key in device}
    return {**same, "capabilities": [capabilities]}


def deploy(value: Mapping[str, Any], scope: Scope) -> Params:
    """What of ``deploy`` is for each container."""
    resources = value.get("resources") or {}
    limits, reserved = resources.get("limits") or {}, resources.get("reservations") or {}
    made: dict[str, Any] = {}
    if "cpus" in limits:
        made["cpus"] = float(limits["cpus"])
    for source, key, option in (
        (limits, "memory", "memory"), (limits, "pids", "pids_limit"), (reserved, "memory", "memory_reservation"),
    ):  # fmt: skip
        if key in source:
            made[option] = source[key]
    if requests := [_request(one, list(one.get("capabilities") or [])) for one in reserved.get("devices") or ()]:
        others = devices(scope.service.get("devices") or [], scope).get("device_requests", [])
        made["device_requests"] = [*others, *requests]
    return {**made, **(deployed_restart(value["restart_policy"]) if "restart_policy" in value else {})}
