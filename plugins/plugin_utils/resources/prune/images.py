# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which images would go. Nothing happens here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from .filters import Filters
from .items import Chosen, Item

Entry = Mapping[str, Any]
_UNTAGGED = "<none>:<none>"
_SHORT_ID = 12


def images(
    listed: Sequence[Entry],
    left: Sequence[Entry],
    gone: Sequence[Entry],
    filters: Filters,
    now: float,
    *,
    parents_go_along: bool = False,
) -> Chosen:
    """Images that no container uses, be it running or not, and that have no name (or, with dangling=false, whatever
    their names): with them those that they only were made from, and that nothing else needs. Children come first.

    :param listed: all images, with those that are only parents.
    :param left: the containers that stay.
    :param gone: those that go.
    :param parents_go_along: whether the engine takes parents whatever the filters say.
    """
    dangling = filters.flag("dangling", True)
    used = {bare(entry.get("ImageID")) for entry in left}
    pruned = Counter(bare(entry.get("ImageID")) for entry in gone)
    children: dict[str, set[str]] = {}
    for image in listed:
        if image.get("ParentId"):
            children.setdefault(bare(image["ParentId"]), set()).add(bare(image["Id"]))
    going: dict[str, Item] = {}
    while True:
        more = [
            image
            for image in listed
            if bare(image["Id"]) not in going
            and not (dangling and names(image))
            and children.get(bare(image["Id"]), set()) <= set(going)
            and not _used(image, used, pruned)
            and (
                filters.match(image.get("Labels") or {}, float(image.get("Created") or 0), now)
                or (parents_go_along and children.get(bare(image["Id"])) and not names(image))
            )
        ]
        if not more:
            return Chosen(tuple(going.values()))
        for image in sorted(more, key=lambda one: (names(one), one["Id"])):
            going[bare(image["Id"])] = _item(image)


def _used(image: Entry, used: set[str], pruned: Counter[str]) -> bool:
    """Podman counts containers that are in no list, too, such as those of a build."""
    identity = bare(image["Id"])
    return identity in used or int(image.get("Containers") or 0) > pruned[identity]


def _item(image: Entry) -> Item:
    tags = names(image)
    return Item(image["Id"], tags[0] if tags else bare(image["Id"])[:_SHORT_ID], names=tags)


def names(image: Entry) -> tuple[str, ...]:
    return tuple(sorted(tag for tag in image.get("RepoTags") or [] if tag != _UNTAGGED))


def bare(identity: Any) -> str:
    """An image's ID as all answers can be compared: Podman leaves out the algorithm here and there."""
    return str(identity or "").removeprefix("sha256:")
