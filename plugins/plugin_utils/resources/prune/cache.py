# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would go of Docker's build cache, by BuildKit's own rules. Nothing happens here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared.moments import seconds
from .filters import Filters
from .items import Item

Entry = Mapping[str, Any]
# Kept unless all of the cache is meant.
_KEPT_TYPES = frozenset({"internal", "frontend"})
_FLAGS = {"inuse": "InUse", "shared": "Shared"}


def cache(
    records: Sequence[Entry], filters: Filters, now: float, *, everything: bool, keep: int | None
) -> tuple[Item, ...]:
    """The records that nobody uses and nothing else is built on, oldest first.

    :param records: BuildCache of ``GET /system/df``.
    :param keep: so many bytes may stay.
    """
    going: dict[str, Item] = {}
    total = sum(_size(record) for record in records if not record.get("Shared"))
    while True:
        stay = [record for record in records if record["ID"] not in going]
        parents = {parent for record in stay for parent in _parents(record)}
        free = [
            record
            for record in stay
            if record["ID"] not in parents
            and not record.get("InUse")
            and (everything or (record.get("Type") not in _KEPT_TYPES and not record.get("Shared")))
            and _matches(record, filters, now)
        ]
        if not free or (keep is not None and total <= keep):
            return tuple(going.values())
        for record in sorted(free, key=_last_use)[: None if keep is None else 1]:
            size = 0 if record.get("Shared") else _size(record)
            going[record["ID"]] = Item(record["ID"], str(record.get("Description") or record["ID"]), size)
            total -= size


def query(filters: Filters, *, everything: bool, keep: int | None) -> dict[str, Any]:
    """The query of the engine's request."""
    texts = {name: dict.fromkeys(words, True) for name, words in (filters.texts or {}).items()}
    asked: dict[str, Any] = {"filters": texts} if texts else {}
    if everything:
        asked["all"] = "true"
    if keep is not None:
        # The newer name since API 1.48; each is told its own, and takes no notice of the other.
        asked |= {"keep-storage": keep, "reserved-space": keep}
    return asked


def _matches(record: Entry, filters: Filters, now: float) -> bool:
    if filters.until is not None and _last_use(record) > filters.until.at(now):
        return False
    for name, wanted in (filters.given or {}).items():
        if name == "private":
            found: Any = not record.get("Shared")
        elif name in _FLAGS:
            found = bool(record.get(_FLAGS[name]))
        elif name == "id":
            if wanted not in record["ID"]:
                return False
            continue
        else:
            found = ",".join(_parents(record)) if name == "parent" else str(record.get(name.capitalize()) or "")
        if found != wanted:
            return False
    return True


def _parents(record: Entry) -> list[str]:
    """One text in older versions of the API, a list in newer ones."""
    return [str(parent) for parent in record.get("Parents") or [record.get("Parent")] if parent]


def _last_use(record: Entry) -> float:
    return seconds(record.get("LastUsedAt")) or seconds(record.get("CreatedAt")) or 0.0


def _size(record: Entry) -> int:
    return max(int(record.get("Size") or 0), 0)
