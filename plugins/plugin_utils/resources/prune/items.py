# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would go: containers, networks and volumes, from the engine's lists. Nothing happens here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import IDLE, Engine, status_word
from ..container.plan.leftover import as_leftover
from ..network.actual import Network, members
from ..network.journal import is_journal
from ..shared.labels import CREATED_LABEL
from ..shared.moments import seconds
from ..shared.ownership import is_mark
from ..volume.result import users
from .filters import Filters

Entry = Mapping[str, Any]
# Seconds. Marks are made anew all the time: one that is older has been left behind.
MARK_AGE = 3600.0
_ANONYMOUS_LABEL = "com.docker.volume.anonymous"
_ANONYMOUS_LENGTH = 64


@dataclass(frozen=True)
class Item:
    """One thing to be removed: ``id`` is what the request needs, ``name`` is for people, ``size`` in bytes. An image is
    removed by taking away each of its ``names``.
    """

    id: str
    name: str
    size: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What goes, and how many more would if it were not for ``only_ours``."""

    items: tuple[Item, ...] = ()
    foreign: int = 0


def containers(
    listed: Sequence[Entry], filters: Filters, ours: bool, now: float, owners: Mapping[str, Collection[str]]
) -> Chosen:
    """Containers that do not run. What a recreation has put aside is the way back, and not for pruning.

    :param owners: the IDs of the containers that a container can't do without, by its ID (on Podman, which removes no
        container before those that need it).
    """
    matching = [
        entry
        for entry in listed
        if status_word(str(entry.get("State"))) in IDLE
        and as_leftover({"Name": _name(entry), "Id": entry["Id"], "Config": {"Labels": _labels(entry)}}) is None
        and filters.match(_labels(entry), float(entry.get("Created") or 0), now)
    ]
    meant = [entry for entry in matching if not ours or CREATED_LABEL in _labels(entry)]
    going = {entry["Id"] for entry in meant}
    while held := {owner for one, needed in owners.items() if one not in going for owner in needed} & going:
        going -= held
    items = [Item(entry["Id"], _name(entry)) for entry in meant if entry["Id"] in going]
    return Chosen(_sorted(items), len(matching) - len(meant))


def networks(
    found: Iterable[Network], left: Sequence[Entry], filters: Filters, ours: bool, now: float, engine: Engine
) -> Chosen:
    """Networks of this host that no container is in, be it running or not.

    :param left: the containers that are left when those that are pruned have gone.
    """
    matching = [
        network
        for network in found
        if not network.own(engine)
        and network.scope == "local"
        and not network.flags["config_only"]
        and not members(left, network)
        and filters.match(network.labels, seconds(network.created), now)
    ]
    meant = [network for network in matching if not ours or CREATED_LABEL in network.labels]
    items = [Item(network.id, network.name) for network in meant]
    return Chosen(_sorted(items), len(matching) - len(meant))


def volumes(found: Iterable[Entry], left: Sequence[Entry], filters: Filters, ours: bool, now: float) -> Chosen:
    """Volumes that no container uses, be it running or not: those without a name of their own, or all of them. What a
    run has noted on the host is not for pruning: the journal of a remaking, and the mark of one that may be at work.
    """
    used = users(left)
    matching = [
        volume
        for volume in found
        if volume["Name"] not in used
        and not is_journal(volume)
        and not (is_mark(volume) and now - (seconds(volume.get("CreatedAt")) or now) < MARK_AGE)
        and (filters.flag("all", False) or anonymous(volume))
        and filters.match(_volume_labels(volume), seconds(volume.get("CreatedAt")), now)
    ]
    meant = [volume for volume in matching if not ours or CREATED_LABEL in _volume_labels(volume)]
    items = [Item(volume["Name"], volume["Name"]) for volume in meant]
    return Chosen(_sorted(items), len(matching) - len(meant))


def anonymous(volume: Entry) -> bool:
    """Whether an engine has made up the volume's name. Docker before 23 and Podman don't say so."""
    name = str(volume["Name"])
    made_up = len(name) == _ANONYMOUS_LENGTH and not set(name) - set("0123456789abcdef")
    return made_up or _ANONYMOUS_LABEL in _volume_labels(volume)


def without(listed: Sequence[Entry], gone: Sequence[Item]) -> list[Entry]:
    """The listed containers but for those that go."""
    ids = {item.id for item in gone}
    return [entry for entry in listed if entry["Id"] not in ids]


def _name(entry: Entry) -> str:
    return str((entry.get("Names") or [entry["Id"][:12]])[0]).lstrip("/")


def _labels(entry: Entry) -> Mapping[str, str]:
    return entry.get("Labels") or {}


def _volume_labels(volume: Entry) -> Mapping[str, str]:
    return volume.get("Labels") or {}


def _sorted(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: item.name))
