# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of a fleet, as a task says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers

REACH, ENGINE, CONTAINERS, STATS, IMAGES, VOLUMES, NETWORKS, DISK = READS = (
    "reach", "engine", "containers", "stats", "images", "volumes", "networks", "disk",
)  # fmt: skip
STATUSES = ("running", "paused", "restarting", "exited", "created", "dead")
HEALTHS = ("healthy", "unhealthy", "starting", "none")
MOST_AT_ONCE = 1000

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "read": {"type": "list", "elements": "str", "choices": list(READS), "default": [CONTAINERS]},
    "inspect": {"type": "bool", "default": False},
    "every_engine": {"type": "bool", "default": False},
    "name": {"type": "list", "elements": "str", "aliases": ["names"]},
    "image": {"type": "list", "elements": "str", "aliases": ["images"]},
    "labels": {"type": "dict"},
    "state": {"type": "list", "elements": "str", "choices": list(STATUSES)},
    "health": {"type": "list", "elements": "str", "choices": list(HEALTHS)},
    "at_once": {"type": "int", "default": 50},
    "keep": {"type": "bool", "default": True},
    "timeout_all": {"type": "float"},
    "require_complete": {"type": "bool", "default": False},
}
OF_CONTAINERS = ("name", "image", "labels", "state", "health")


@dataclass(frozen=True)
class Filter:
    """Which containers are told; names and images are shell patterns. Nothing given, nothing left out."""

    names: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    labels: Mapping[str, str] | None = None
    states: tuple[str, ...] = ()
    healths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """One task's wishes. ``timeout_all`` is in seconds; None where the hosts' own time-outs are all there is."""

    read: frozenset[str]
    containers: Filter
    inspect: bool
    every_engine: bool
    at_once: int
    keep: bool
    timeout_all: float | None
    require_complete: bool


def asked(wanted: Wanted) -> dict[str, Any]:
    """What a snapshot is of, as its result tells it: the options that decide what is in it, but for the hosts."""
    chosen = wanted.containers
    return {
        "read": [one for one in READS if one in wanted.read], "inspect": wanted.inspect,
        "every_engine": wanted.every_engine, "name": list(chosen.names), "image": list(chosen.images),
        "labels": dict(chosen.labels or {}), "state": list(chosen.states), "health": list(chosen.healths),
    }  # fmt: skip


def parse(params: Mapping[str, Any]) -> Wanted:
    """Check the options.

    :raises InvalidOption: the first that can't be used.
    """
    read = frozenset(params["read"])
    if not read:
        raise InvalidOption("read", "[]", "nothing would be read.", f"Name some of {', '.join(READS)}.")
    for option in OF_CONTAINERS:
        if params[option] is not None and not read & {CONTAINERS, STATS}:
            remedy = f"Add {CONTAINERS} to read, or leave {option} out."
            raise InvalidOption(option, params[option], "it picks containers, and none are read.", remedy)
    if not 1 <= params["at_once"] <= MOST_AT_ONCE:
        raise InvalidOption(
            "at_once", params["at_once"], "so many hosts can't be read at once.", f"Give 1 to {MOST_AT_ONCE}."
        )
    if params["timeout_all"] is not None and params["timeout_all"] <= 0:
        raise InvalidOption("timeout_all", params["timeout_all"], "nothing can be read in no time.", "Give seconds.")
    return Wanted(
        read,
        Filter(
            tuple(params["name"] or ()),
            tuple(params["image"] or ()),
            parsers.labels("labels", params["labels"] or {}),
            tuple(params["state"] or ()),
            tuple(params["health"] or ()),
        ),
        params["inspect"],
        params["every_engine"],
        params["at_once"],
        params["keep"],
        params["timeout_all"],
        params["require_complete"],
    )
