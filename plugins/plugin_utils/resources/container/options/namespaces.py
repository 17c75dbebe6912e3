# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Namespaces and the place in the cgroup tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from .row import Option, in_host

_STR = {"type": "str"}
# Options that may be container:NAME; the engines report an ID where a name was given, or the name.
OWNED = ("network_mode", "ipc_mode", "pid_mode", "uts")
VOLUMES_FROM = "volumes_from"  # docker compose gives IDs there, too
_CONTAINER = "container"
# What the engines call the usual mode; Docker takes an empty text only.
_USUAL = "private"
_CALLED_USUAL = ("pid_mode", "uts")


def parse_mode(*choices: str) -> Any:
    def parse(option: str, value: Any) -> str:
        mode, colon, container = str(value).partition(":")
        if value == _USUAL and option in _CALLED_USUAL:
            return ""
        if str(value) in ("", *choices) or (colon and mode == _CONTAINER and parsers.NAME_PATTERN.fullmatch(container)):
            return str(value)
        shown = ", ".join([*choices, *([f"{_CONTAINER}:NAME"] if option in OWNED else [])])
        raise InvalidOption(option, value, "there is no such mode.", f"Use {shown}.")

    return parse


def canonical_mode(mode: str, engine: Engine) -> str:
    return mode or _USUAL


def owner(mode: Any) -> str | None:
    """The container of a mode container:NAME."""
    kind, colon, name = str(mode or "").partition(":")
    return name if colon and kind == _CONTAINER else None


def with_ids(options: Mapping[str, Any], containers: Mapping[str, str]) -> dict[str, Any]:
    """The options with the containers of their modes by ID, and those whose volumes are mounted by name.

    :param containers: IDs by name.
    """
    found = {name: owner(options.get(name)) for name in OWNED}
    made = {**options, **{name: f"{_CONTAINER}:{containers.get(who, who)}" for name, who in found.items() if who}}
    sources = options.get(VOLUMES_FROM)
    if isinstance(sources, list):
        names = {identity: name for name, identity in containers.items()}
        parts = [source.partition(":") for source in sources]
        made[VOLUMES_FROM] = sorted(f"{names.get(name, name)}{colon}{mode}" for name, colon, mode in parts)
    return made


def require_supported(options: Mapping[str, Any], engine: Engine) -> None:
    """Docker shares no container's UTS namespace, and an old one says so only when the container starts.

    :raises InvalidOption: for such a mode on Docker.
    """
    if not engine.shares_uts and owner(options.get("uts")):
        raise InvalidOption("uts", options["uts"], "Docker does not support it.", "Use host, or leave it out.")


ROWS: tuple[Option, ...] = (
    in_host("cgroup_parent", _STR, "CgroupParent", "", parsers.text),
    in_host("cgroupns_mode", {**_STR, "choices": ["host", "private"]}, "CgroupnsMode", "", parsers.text),
    in_host("ipc_mode", _STR, "IpcMode", "", parse_mode("none", "private", "shareable", "host")),
    in_host("pid_mode", _STR, "PidMode", "", parse_mode("host"), canonical=canonical_mode),
    in_host("userns_mode", _STR, "UsernsMode", "", parsers.text),
    in_host("uts", _STR, "UTSMode", "", parse_mode("host"), canonical=canonical_mode),
)
