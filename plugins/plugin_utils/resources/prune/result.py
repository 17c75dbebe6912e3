# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What pruning tells: the same in check mode and afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .images import bare
from .items import Chosen, Item
from .options import Options
from .plan import reason

# By kind: in which part of ``GET /system/df`` a thing's size stands, under which key, and by what it is known there.
_PARTS = {"containers": ("Containers", "Id"), "images": ("Images", "Id"), "volumes": ("Volumes", "Name")}
# What community.docker calls the results, which are IDs or names.
_BY_NAME = frozenset({"networks", "volumes"})
_LISTS = {"builder_cache": "builder_cache_caches_deleted"}


def sized(chosen: Mapping[str, Chosen], usage: Mapping[str, Any]) -> dict[str, Chosen]:
    """The chosen with the space that each takes, from ``GET /system/df``."""
    sizes = {kind: _sizes(kind, usage) for kind in _PARTS}
    return {
        kind: replace(found, items=tuple(replace(item, size=sizes[kind].get(bare(item.id), 0)) for item in found.items))
        if kind in _PARTS
        else found
        for kind, found in chosen.items()
    }


def _sizes(kind: str, usage: Mapping[str, Any]) -> dict[str, int]:
    part, key = _PARTS[kind]
    return {bare(entry.get(key) or entry.get("ID")): _size(kind, entry) for entry in usage.get(part) or []}


def _size(kind: str, entry: Mapping[str, Any]) -> int:
    """The bytes that go: of an image, what it shares with no other. Engines say -1 for what they don't know."""
    if kind == "containers":
        size = entry.get("SizeRw")
    elif kind == "volumes":
        size = (entry.get("UsageData") or {}).get("Size")
    else:
        size = (entry.get("Size") or 0) - max(entry.get("SharedSize") or 0, 0)
    return max(int(size or 0), 0)


def result(options: Options, chosen: Mapping[str, Chosen]) -> dict[str, Any]:
    """The module's result but for its warnings, under community.docker's names; of what went, or would go."""
    told: dict[str, Any] = {}
    for kind, found in chosen.items():
        told[_LISTS.get(kind, kind)] = [item.name if kind in _BY_NAME else item.id for item in found.items]
        if kind != "networks":
            told[f"{kind}_space_reclaimed"] = sum(item.size for item in found.items)
    names = {kind: _names(found.items) for kind, found in chosen.items() if found.items}
    return {
        "changed": bool(names),
        "actions": [
            {"action": "prune", "reason": reason(options, kind), "kind": kind, "name": name}
            for kind, found in names.items()
            for name in found
        ],
        "space_reclaimed": sum(value for key, value in told.items() if key.endswith("_space_reclaimed")),
        "foreign": {kind: found.foreign for kind, found in chosen.items() if options.ours(kind)},
        "diff": {"before": names, "after": {kind: [] for kind in names}},
        **told,
    }


def _names(items: Sequence[Item]) -> list[str]:
    return [item.name for item in items]


def warnings(options: Options, chosen: Mapping[str, Chosen]) -> list[str]:
    """What a task that says nothing about whose things it means is told about those of others."""
    counts = {kind: found.foreign for kind, found in chosen.items() if options.ours(kind) and found.foreign}
    if options.only_ours is not None or not counts:
        return []
    what = ", ".join(f"{kind}: {count}" for kind, count in counts.items())
    return [
        f"What this collection has not created was left alone ({what}). Set only_ours to false to prune that too, or "
        "to true to hear no more of it."
    ]
