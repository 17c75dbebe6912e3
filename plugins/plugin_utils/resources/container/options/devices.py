# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices of the host, requests for devices such as GPUs, and the cgroup's rules for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from .row import Body, Inspect, Option, in_host

_ALL_PERMISSIONS = "rwm"
_RULE = re.compile(r"[abc] (\d+|\*):(\d+|\*) [rwm]{1,3}")
_STRINGS = {"type": "list", "elements": "str"}
_REQUEST = {
    "capabilities": {"type": "list", "elements": "list"},
    "count": {"type": "int"},
    "device_ids": {"type": "list", "elements": "str"},
    "driver": {"type": "str"},
    "options": {"type": "dict"},
}
# The suboption, the engines' key, and what a request without it means.
_KEYS: tuple[tuple[str, str, Any], ...] = (
    ("capabilities", "Capabilities", []), ("count", "Count", 0), ("device_ids", "DeviceIDs", []),
    ("driver", "Driver", ""), ("options", "Options", {}),
)  # fmt: skip


def parse(option: str, value: list[str]) -> dict[str, dict[str, str]]:
    """{path inside: {source, permissions}}."""
    devices: dict[str, dict[str, str]] = {}
    for entry in value:
        source, target, permissions = _split(option, str(entry))
        devices[target] = {"source": source, "permissions": _in_order(permissions)}
    return devices


def _split(option: str, entry: str) -> tuple[str, str, str]:
    parts = entry.split(":")
    if len(parts) == 2 and not parts[1].startswith("/"):
        parts.insert(1, parts[0])
    source, target, permissions = [*parts, *[parts[0], _ALL_PERMISSIONS][len(parts) - 1 :]][:3]
    absolute = source.startswith("/") and target.startswith("/")
    if len(parts) > 3 or not absolute or not permissions or set(permissions) - set(_ALL_PERMISSIONS):
        raise InvalidOption(
            option, entry, "this is no device.", "Write /dev/on-host:/dev/inside:rwm; the last two may be left out."
        )
    return source, target, permissions


def _in_order(permissions: str) -> str:
    """In the order in which everybody writes them."""
    return "".join(one for one in _ALL_PERMISSIONS if one in permissions)


def read(inspect: Inspect, engine: Engine) -> dict[str, dict[str, str]]:
    found = (inspect.get("HostConfig") or {}).get("Devices") or []
    return {
        device["PathInContainer"]: {
            "source": device["PathOnHost"],
            "permissions": _in_order(device.get("CgroupPermissions") or ""),
        }
        for device in found
    }


def equal(desired: Mapping[str, str], actual: Mapping[str, str]) -> bool:
    """Podman reports no permissions."""
    met = actual["permissions"] in ("", desired["permissions"])
    return met and desired["source"] == actual["source"]


def write(body: Body, devices: dict[str, dict[str, str]], engine: Engine) -> None:
    body.setdefault("HostConfig", {})["Devices"] = [
        {"PathOnHost": device["source"], "PathInContainer": target, "CgroupPermissions": device["permissions"]}
        for target, device in devices.items()
    ]


def parse_rules(option: str, value: list[str]) -> list[str]:
    for entry in value:
        if not _RULE.fullmatch(str(entry)):
            raise InvalidOption(option, entry, "this is no rule.", "Write it like 'c 42:* rwm'.")
    return [str(entry) for entry in value]


def canonical_rules(rules: list[str], engine: Engine) -> list[str]:
    """rwm and mrw are the same."""
    return [
        f"{device} {''.join(sorted(rights))}" for device, _space, rights in (rule.rpartition(" ") for rule in rules)
    ]


def parse_requests(option: str, value: list[Mapping[str, Any]]) -> list[str]:
    """Each request as a text (JSON), in which all that is left out has its usual value."""
    requests = []
    for entry in value:
        if entry.get("count") is not None and entry.get("device_ids"):
            raise InvalidOption(option, dict(entry), "it has count and device_ids.", "Give one of the two.")
        if entry.get("driver"):
            parsers.text(f"{option}.driver", entry["driver"])
        options = {str(key): str(item) for key, item in (entry.get("options") or {}).items()}
        requests.append(_request({**entry, "options": options}))
    return sorted(requests)


def _request(entry: Mapping[str, Any]) -> str:
    full = {name: default if entry.get(name) is None else entry[name] for name, _key, default in _KEYS}
    return json.dumps(full, sort_keys=True)


def read_requests(inspect: Inspect, engine: Engine) -> list[str]:
    found = (inspect.get("HostConfig") or {}).get("DeviceRequests") or []
    return sorted(_request({name: request.get(key) for name, key, _default in _KEYS}) for request in found)


def require_supported(requests: list[str], engine: Engine) -> None:
    """Podman takes devices of the Container Device Interface only, and drops all others without a word.

    :raises InvalidOption: for a request of another driver.
    """
    for request in requests:
        driver = json.loads(request)["driver"]
        if driver != "cdi" and not engine.takes_all_device_drivers:
            raise InvalidOption(
                "device_requests", request, f"Podman does not support the driver {driver!r}.",
                "Use the driver cdi with device_ids, such as nvidia.com/gpu=all.",
            )  # fmt: skip


def write_requests(body: Body, requests: list[str], engine: Engine) -> None:
    body.setdefault("HostConfig", {})["DeviceRequests"] = [
        {key: request[name] for name, key, _default in _KEYS} for request in map(json.loads, requests)
    ]


ROWS: tuple[Option, ...] = (
    Option("devices", _STRINGS, "dict", parse=parse, read=read, write=write, equal=equal),
    Option(
        "device_requests", {"type": "list", "elements": "dict", "options": _REQUEST}, "set",
        parse=parse_requests, read=read_requests, write=write_requests,
    ),
    in_host(
        "device_cgroup_rules", _STRINGS, "DeviceCgroupRules", [], parse_rules, kind="list", canonical=canonical_rules
    ),
)  # fmt: skip
