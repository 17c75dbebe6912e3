# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which engines and versions a row of a table is about: what every row of this package has."""

from __future__ import annotations

from typing import Any, Protocol

from ...dataclass import dataclass

Version = tuple[int, ...]

PODMAN, DOCKER = "podman", "docker"
WITHOUT_ROOT = "without root"
TITLES = {PODMAN: "Podman", DOCKER: "Docker"}
# The releases on which every row was tried that is about them. They are Debian's, in the tests' hosts.
TRIED: tuple[tuple[str, Version], ...] = (
    (PODMAN, (4, 3)), (PODMAN, (5, 4)), (PODMAN, (5, 8)), (DOCKER, (20, 10)), (DOCKER, (26, 1)), (DOCKER, (28, 5)),
)  # fmt: skip


class Versioned(Protocol):
    """Anything that has the name of an engine and the leading numbers of its version, such as (4, 3, 1)."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> Version: ...

    @property
    def rootless(self) -> bool: ...


class _OfAnEngine:
    """A row says which engine it is about in a field of this name, in its own place among the others."""

    engine: str


@dataclass(frozen=True, kw_only=True)
class Row(_OfAnEngine):
    """One fact about an engine, from the version ``since`` on and before the version ``before``, where it has them.

    :param rootless: the fact is one of engines that run without root only.
    :param read: where it is known from what no test of ours has met, in a few words for people.
    """

    since: Version = ()
    before: Version | None = None
    rootless: bool = False
    read: str = ""

    def holds_for(self, engine: Versioned) -> bool:
        """Whether the fact is one of this engine in this version."""
        if engine.name != self.engine or engine.version < self.since or engine.rootless < self.rootless:
            return False
        return self.before is None or engine.version < self.before

    def versions(self) -> str:
        """The engine and its versions for people, such as: Podman before 5.0."""
        return f"{self._versions()} {WITHOUT_ROOT}" if self.rootless else self._versions()

    def _versions(self) -> str:
        title = TITLES[self.engine]
        if self.before:
            between = f" {written(self.since)} and newer," if self.since else ""
            return f"{title}{between} before {written(self.before)}"
        return f"{title} {written(self.since)} and newer" if self.since else title

    def tried_on(self) -> tuple[Version, ...]:
        """The releases among those of the tests' hosts that the fact is about."""
        versions = (version for name, version in TRIED if name == self.engine)
        return tuple(one for one in versions if self.since <= one and (self.before is None or one < self.before))


def written(version: Version) -> str:
    """A version as people write it: 4.3.1."""
    return ".".join(map(str, version))


@dataclass(frozen=True)
class Difference(Row):
    """One way in which an engine is another than today's Docker.

    :param name: the field of ``Engine`` that has this ``value`` on these versions; of what no code asks for, because
        it is done in the same way for all engines, a name for tests.
    :param sentence: what people are told: what the engine does, and what becomes of it here.
    """

    name: str
    engine: str
    value: Any
    sentence: str
