# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose an object is while it is changed: the marks that say so on the host, and what they mean. Nothing happens here.

A mark is an empty volume with labels, because that is what every engine makes from nothing but a request. No engine can
change a label, so its owner shows that it lives by making the next one and removing the last; whoever waits sees that
by its own clock, and no two clocks are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...dataclass import dataclass

MARK_LABEL = "sshfleet.containers.mark"  # what it is about, "container app"; a line for each
RUN_LABEL = "sshfleet.containers.mark.run"  # another one for each change
CONTROLLER_LABEL = "sshfleet.containers.mark.controller"
WHO_LABEL = "sshfleet.containers.mark.who"  # for people
FILTER = {"label": [MARK_LABEL]}

_NAME = re.compile(r"sshfleet-mark-[0-9a-f]+-[0-9]+")


@dataclass(frozen=True, order=True)
class Thing:
    """What is owned. ``marked`` says whether other controllers are told, too: not for what one request does. Where it
    is ``shared`` it only has to stay as it is, for all who need that.
    """

    kind: str
    name: str
    marked: bool = True
    shared: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def each_once(things: Iterable[Thing]) -> list[Thing]:
    """Each thing as all want it who want it: it is shared only where all share it, and marked where one marks it."""
    found: dict[tuple[str, str], Thing] = {}
    for thing in things:
        same = found.setdefault((thing.kind, thing.name), thing)
        wanted = Thing(thing.kind, thing.name, thing.marked or same.marked, thing.shared and same.shared)
        found[thing.kind, thing.name] = wanted
    return list(found.values())


@dataclass(frozen=True)
class Owner:
    """Somebody who changes a thing: ``run`` is the change, ``controller`` where it runs, ``who`` for people."""

    run: str
    controller: str
    who: str


@dataclass(frozen=True)
class Mark:
    """A mark as it was found on the host; ``about`` are the things, a line for each."""

    volume: str
    about: str
    owner: Owner

    def is_about(self, *things: Thing) -> bool:
        """Whether it is about one of these."""
        return not {str(thing) for thing in things}.isdisjoint(self.about.split("\n"))


def volume_name(owner: Owner, number: int) -> str:
    """The name of an owner's mark, one after the other."""
    return f"sshfleet-mark-{owner.run}-{number}"


def volume_body(owner: Owner, things: Iterable[Thing], number: int) -> dict[str, Any]:
    """The request that makes it."""
    about = "\n".join(map(str, things))
    labels = {MARK_LABEL: about, RUN_LABEL: owner.run, CONTROLLER_LABEL: owner.controller, WHO_LABEL: owner.who}
    return {"Name": volume_name(owner, number), "Labels": labels}


def is_mark(volume: Mapping[str, Any]) -> bool:
    """Whether a volume is one: another one with such a label is none of ours to remove."""
    return MARK_LABEL in (volume.get("Labels") or {}) and bool(_NAME.fullmatch(str(volume["Name"])))


def marks(volumes: Iterable[Mapping[str, Any]]) -> list[Mark]:
    """The marks among an engine's volumes."""
    found = []
    for volume in volumes:
        if is_mark(volume):
            labels = volume["Labels"]
            owner = Owner(labels.get(RUN_LABEL, ""), labels.get(CONTROLLER_LABEL, ""), labels.get(WHO_LABEL, ""))
            found.append(Mark(str(volume["Name"]), labels[MARK_LABEL], owner))
    return sorted(found, key=lambda mark: mark.volume)


class Watch:
    """Tells by watching whose owner is gone.

    :param lapse: seconds without a new mark after which an owner counts as gone.
    """

    def __init__(self, lapse: float) -> None:
        self._lapse = lapse
        self._seen: dict[str, tuple[frozenset[str], float]] = {}

    def living(self, found: Iterable[Mark], own: Owner, now: float) -> list[Mark]:
        """Those of the marks about what somebody wants whose owners may be alive.

        :param own: who asks. It has the locks about the things, so no other run of its controller lives.
        :param now: seconds, of a clock that is never set.
        """
        others = [mark for mark in found if mark.owner.run != own.run and mark.owner.controller != own.controller]
        by_run: dict[str, set[str]] = {}
        for mark in others:
            by_run.setdefault(mark.owner.run, set()).add(mark.volume)
        for run, volumes in by_run.items():
            before, _since = self._seen.get(run, (frozenset[str](), 0.0))
            if volumes != before:
                self._seen[run] = frozenset(volumes), now
        return [mark for mark in others if now - self._seen[mark.owner.run][1] < self._lapse]
