# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers of a reading as hosts of an inventory: their names, which of them can't have one, and who has it already.

``NAME@HOST``, or ``NAME@ENGINE@HOST`` where both engines of hosts are read. No container's name and no engine's has an
``@``, so that no two containers have the same name, and none can take the place of another by how it calls itself.
Patterns and ``--limit`` take such names as they are, ``web@*`` and ``*@host1`` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOptions
from ...shared.parsers import NAME_PATTERN

RENAME = "Rename one of the two, or leave the container out (name, image, labels, state, health, hosts)."


@dataclass(frozen=True)
class Found:
    """A container that was read: the inventory name of its host, what is told of its engine, and of itself."""

    host: str
    engine: Mapping[str, Any]
    entry: Mapping[str, Any]
    every_engine: bool

    @property
    def container(self) -> str:
        return str(self.entry["name"])

    @property
    def name(self) -> str:
        """Its name in the inventory."""
        between = f"{self.engine['name']}@" if self.every_engine else ""
        return f"{self.container}@{between}{self.host}"

    @property
    def nameable(self) -> bool:
        """Whether its name is one that engines give. Another, of an engine that is none, could be a pattern."""
        return NAME_PATTERN.fullmatch(self.container) is not None

    def __str__(self) -> str:
        return f"the container {self.container} of {self.host} ({self.engine['name']})"


def found(hosts: Iterable[Mapping[str, Any]], *, every_engine: bool) -> Iterator[Found]:
    """The containers of a reading, in its order.

    :param hosts: the entries of hosts, as a reading of the fleet has them.
    """
    for host in hosts:
        for engine in host["engines"]:
            for entry in engine.get("containers", ()):
                yield Found(host["host"], engine["engine"], entry, every_engine)


def require_free(containers: Iterable[Found], taken: Mapping[str, str | None]) -> None:
    """Nobody may have the name of another.

    :param taken: the names of the hosts of earlier sources, each with the ID of the container that it is, or None. The
        same container from two sources is one host.
    :raises InvalidOptions: naming both that would have one name.
    """
    first: dict[str, Found] = {}
    for one in containers:
        identity = taken.get(one.name, one.entry["id"])
        if identity != one.entry["id"]:
            other = "a host of an earlier source" if identity is None else "another container of an earlier source"
            raise InvalidOptions(f"{one.name} is {one}, and also the name of {other}.", RENAME)
        if (earlier := first.setdefault(one.name, one)) is not one:
            raise InvalidOptions(f"{one.name} is {earlier} twice: {earlier.entry['id']} and {one.entry['id']}.", RENAME)
