# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The groups of containers in an inventory.

All are below ``fleet_containers``; between these are the groups of one kind, such as ``container_state`` above
``container_state_running``, so that a graph of the inventory can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption, InvalidOptions
from ...shared.labels import COMPOSE_PROJECT_LABEL, COMPOSE_SERVICE_LABEL, PROJECT_LABEL
from ...shared.secrets import MASK
from ..summary import NONE
from .naming import Found

ALL = "fleet_containers"
UNREAD = "fleet_containers_unread"
KINDS = HOST, ENGINE, IMAGE, STATE, HEALTH, PROJECT, SERVICE = (
    "host", "engine", "image", "state", "health", "project", "service",
)  # fmt: skip
LABEL = "label"
PREFIX = "container_"
_UNSAFE = re.compile(r"[^A-Za-z0-9_]")


# The names of groups that are parts of each other, the largest first.
Path = tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """Which groups are made: of which kinds, of which labels, and what their names begin with."""

    kinds: tuple[str, ...] = KINDS
    labels: tuple[str, ...] = ()
    prefix: str = PREFIX


def safe(text: str) -> str:
    """A part of a group's name: what is no letter, digit or underscore is an underscore."""
    return _UNSAFE.sub("_", text)


def groups_of(container: Found, grouping: Grouping) -> Iterator[Path]:
    """The groups of a container, each with those that it is a part of."""
    for kind in grouping.kinds:
        if value := _value(kind, container):
            above = f"{grouping.prefix}{kind}"
            yield above, f"{above}_{safe(value)}"
    labels = container.entry["labels"]
    for label in grouping.labels:
        if label in labels:
            above = f"{grouping.prefix}{LABEL}"
            group = f"{above}_{safe(label)}"
            # A secret has no group: all that have one would be in the same.
            value = "" if MASK in labels[label] else labels[label]
            yield (above, group, f"{group}_{safe(value)}") if value else (above, group)


def _value(kind: str, container: Found) -> str:
    entry: Mapping[str, Any] = container.entry
    labels: Mapping[str, str] = entry["labels"]
    if kind == HOST:
        return container.host
    if kind == ENGINE:
        return str(container.engine["name"])
    if kind == PROJECT:
        return labels.get(COMPOSE_PROJECT_LABEL) or labels.get(PROJECT_LABEL) or ""
    if kind == SERVICE:
        return labels.get(COMPOSE_SERVICE_LABEL) or ""
    return str({IMAGE: entry["image"], STATE: entry["status"], HEALTH: entry["health"] or NONE}[kind])


def require_unused(groups: Iterable[str], taken: Mapping[str, str], prefix: str) -> None:
    """No group of ours may be one that somebody else has put hosts into, or the name of a host.

    :param taken: names of earlier sources, and what each is, in words.
    :raises InvalidOptions: naming both.
    """
    for group in (ALL, UNREAD):
        if group in taken:
            raise InvalidOptions(
                f"The group {group} is made of containers, and is also {taken[group]}.", "Rename that."
            )
    for group in groups:
        if group in taken:
            problem = f"it makes a group {group}, and that is {taken[group]}."
            raise InvalidOption("group_prefix", prefix, problem, "Give another group_prefix, or rename that.")
