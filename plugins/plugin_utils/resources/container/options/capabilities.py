# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Capabilities: sorted names without the prefix CAP_, in upper case.

Docker reports what was asked for. Podman reports the difference to a set of its own, so that an added capability that
is in that set and a dropped one that is not both vanish; there, what the container really has is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ....engine.differences.engine import Engine
from ....engine.differences.reports import ALL_CAPABILITIES
from ....errors import InvalidOption
from .row import Body, Inspect

ALL = "ALL"
_NAME = re.compile(r"[A-Z_]+")
# A container that lacks only a few, because its host lacks them, was given all.
_NEARLY_ALL = len(ALL_CAPABILITIES) - 5


def parse(option: str, value: list[str]) -> list[str]:
    for name in value:
        if not _NAME.fullmatch(_plain(name)):
            raise InvalidOption(option, name, "this is no capability.", "Write a name such as NET_ADMIN, or ALL.")
    return sorted({_plain(name) for name in value})


def _plain(name: Any) -> str:
    return str(name).upper().removeprefix("CAP_")


def reword(key: str) -> Callable[[Body, list[str]], None]:
    """A writer of the names as a task has them."""

    def write(body: Body, given: list[str]) -> None:
        body["HostConfig"][key] = [str(name) for name in given]

    return write


def read_added(inspect: Inspect, engine: Engine) -> list[str]:
    base = engine.capabilities_relative_to
    if base is None:
        return _reported(inspect, "CapAdd")
    has = _effective(inspect, base)
    return sorted(has | {ALL}) if len(has) >= _NEARLY_ALL else sorted(has)


def read_dropped(inspect: Inspect, engine: Engine) -> list[str]:
    base = engine.capabilities_relative_to
    if base is None:
        return _reported(inspect, "CapDrop")
    return sorted(ALL_CAPABILITIES - _effective(inspect, base))


def _reported(inspect: Inspect, key: str) -> list[str]:
    names: Iterable[str] = (inspect.get("HostConfig") or {}).get(key) or []
    return sorted({_plain(name) for name in names})


def _effective(inspect: Inspect, base: frozenset[str]) -> frozenset[str]:
    """What the container really has, where the difference to ``base`` is reported."""
    if (inspect.get("HostConfig") or {}).get("Privileged"):
        return ALL_CAPABILITIES
    return base - set(_reported(inspect, "CapDrop")) | set(_reported(inspect, "CapAdd"))


def engine_own_added(inspect: Inspect, engine: Engine) -> list[str]:
    return sorted(engine.capabilities_relative_to or ())


def engine_own_dropped(inspect: Inspect, engine: Engine) -> list[str]:
    return [] if engine.capabilities_relative_to is None else sorted(ALL_CAPABILITIES - engine.default_capabilities)


def resolve(desired: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """Make a desired "drop all but …" comparable with what Podman reports; a privileged container has them all."""
    if engine.capabilities_relative_to is None:
        return desired
    if desired.get("privileged"):
        return {key: value for key, value in desired.items() if key not in ("capabilities", "cap_drop")}
    if ALL in desired.get("cap_drop", ()):
        kept = set(desired.get("capabilities", ()))
        return {**desired, "cap_drop": sorted(ALL_CAPABILITIES - kept)}
    return desired
