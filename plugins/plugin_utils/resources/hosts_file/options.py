# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_host and remote_host_info: what a host of a hosts.json is to be, and which hosts are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ...hosts import rules
from ...hosts.check import HOST_KEYS

NO_JUMP_HOST = "none"  # the option's word for the file's "", which an option that is '' does not mean
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "hostname": {"type": "str"},
    "user": {"type": "str"},
    "port": {"type": "str"},
    "identity_file": {"type": "str"},
    "jump_host": {"type": "str"},
    "groups": {"type": "list", "elements": "str"},
    "description": {"type": "str"},
    "default": {"type": "bool"},
    "verify": {"type": "bool", "default": True},
    "backup": {"type": "bool", "default": True},
}
INFO_ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "name": {"type": "list", "elements": "str", "aliases": ["names"]},
    "group": {"type": "list", "elements": "str", "aliases": ["groups"]},
}


@dataclass(frozen=True)
class Wanted:
    """One host as a task wants it.

    ``values`` has the keys of the file that the task says something about; None where a key is to be cleared.
    ``default`` is whether it is to be the default host, None where that is to stay as it is.
    """

    name: str
    present: bool
    values: Mapping[str, Any]
    default: bool | None


@dataclass(frozen=True)
class Chosen:
    """Which hosts are read: shell patterns of names, and groups; None for all."""

    names: tuple[str, ...] | None
    groups: tuple[str, ...] | None


def parse(params: Mapping[str, Any]) -> Wanted:
    """Hold the options to the rules of the file.

    :raises InvalidOption: for the first value that no hosts.json can have.
    """
    name = str(params["name"])
    _require("name", name, rules.host_name(name))
    if params["state"] == "absent":
        return Wanted(name, present=False, values={}, default=None)
    values = {key: _value(key, params[key]) for key in HOST_KEYS if params[key] is not None}
    return Wanted(name, present=True, values=values, default=params["default"])


def parse_info(params: Mapping[str, Any]) -> Chosen:
    names, groups = (None if params[key] is None else tuple(params[key]) for key in ("name", "group"))
    return Chosen(names, groups)


def _value(key: str, given: Any) -> Any:
    """What an option becomes in the file, None for a key that is to be cleared.

    :raises InvalidOption: a value that breaks a rule.
    """
    if key == "groups":
        return _groups(given)
    if given == "" and key != "hostname":
        return None
    if key == "jump_host" and given == NO_JUMP_HOST:
        return ""
    value = _port(given) if key == "port" else given
    rule = HOST_KEYS[key].rule
    _require(key, given, rule(value) if rule else None)
    return value


def _port(given: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", given):
        raise InvalidOption(
            "port", given, "it is no port.", "Give a whole number from 1 to 65535, or '' for ssh's own."
        )
    return int(given)


def _groups(given: list[str]) -> tuple[str, ...] | None:
    if given in ([], [""]):
        return None
    for index, group in enumerate(given):
        _require("groups", group, rules.group(group))
        if group in given[:index]:
            raise InvalidOption("groups", group, "it is there twice.", "Keep one of the two.")
    return tuple(given)


def _require(option: str, value: Any, complaint: rules.Complaint | None) -> None:
    if complaint:
        raise InvalidOption(option, value, f"it {complaint.problem}.", complaint.remedy)
