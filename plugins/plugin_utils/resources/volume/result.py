# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A volume and the result of its task, in both formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ..shared.driver_options import masked
from ..shared.labels import CREATED_LABEL
from ..shared.moments import timestamp
from ..shared.plan import Difference, Plan
from ..shared.raw import without_driver_secrets
from ..shared.result_format import ENGINE, UNIFIED, Telling, by_entry, engine_diff
from .options import Options
from .plan import Observed, shown


@dataclass(frozen=True)
class Seen:
    """What a task found, planned, and found afterwards; ``found`` are the differences there were, unmasked."""

    options: Options
    planned: Plan
    before: Observed
    after: Observed
    found: tuple[Difference, ...]


def unified(seen: Seen, _telling: Telling) -> dict[str, Any]:
    """The collection's own: one shape for both engines."""
    planned, volume = seen.planned, seen.after.volume
    return {
        "changed": planned.changed,
        "actions": planned.actions(),
        "volume": volume and volume_result(volume, seen.after.users),
        "drift": [] if planned.changed else [one.option for one in seen.found],
        "diff": planned.diff(),
        "warnings": list(planned.warnings),
    }


def engine(seen: Seen, telling: Telling) -> dict[str, Any]:
    """As community.docker's docker_volume tells it: ``volume`` is the engine's inspect, and left out where it is to be
    absent; ``actions`` are told in check mode only.
    """
    options, volume = seen.options, seen.after.volume
    present = options.state == "present"
    told: dict[str, Any] = {"changed": seen.planned.changed, "warnings": list(seen.planned.warnings)}
    if present:
        told["volume"] = volume and without_driver_secrets(volume)
    if telling.lists:
        told["actions"] = [text for step in seen.planned.steps for text in _ACTIONS[step.action](options)]
    if telling.diff or telling.lists:
        exists = seen.before.volume is not None, present
        told["diff"] = engine_diff(exists, _differing(seen) if present else None, {}, telling)
    return told


FORMATS: dict[str, Callable[[Seen, Telling], dict[str, Any]]] = {UNIFIED: unified, ENGINE: engine}


def _differing(seen: Seen) -> dict[str, tuple[Any, Any]]:
    volume = seen.before.volume or {}
    lacks = {"driver_options": not volume.get("Options")}
    entries = (by_entry(one, had_none=lacks.get(one.option, False)) for one in shown(seen.found))
    return {name: pair for entry in entries for name, pair in entry.items()}


def _created(options: Options) -> str:
    return f"Created volume {options.name} with driver {options.driver}"


def _removed(options: Options) -> str:
    return f"Removed volume {options.name}"


_ACTIONS: dict[str, Callable[[Options], list[str]]] = {
    "create": lambda options: [_created(options)],
    "remove": lambda options: [_removed(options)],
    "recreate": lambda options: [_removed(options), _created(options)],
}


def volume_result(volume: Mapping[str, Any], users: Sequence[str]) -> dict[str, Any]:
    """The public shape of a volume, with the names of the containers that use it, running or not."""
    labels = dict(volume.get("Labels") or {})
    return {
        "name": volume["Name"],
        "driver": volume.get("Driver") or "",
        "driver_options": masked(volume.get("Options") or {}),
        "labels": labels,
        "scope": volume.get("Scope") or "local",
        "mountpoint": volume.get("Mountpoint") or None,
        "containers": list(users),
        "created_at": timestamp(volume.get("CreatedAt")),
        "created_by_us": CREATED_LABEL in labels,
    }


# How info modules tell one.
ENTRIES: dict[str, Callable[[Mapping[str, Any], Sequence[str]], dict[str, Any]]] = {
    UNIFIED: volume_result,
    ENGINE: lambda volume, _users: without_driver_secrets(volume),
}


def users(listed: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """{volume: the names of the containers that use it}, from the list of all containers."""
    found: dict[str, set[str]] = {}
    for entry in listed:
        container = str((entry.get("Names") or [entry["Id"][:12]])[0]).lstrip("/")
        for mount in entry.get("Mounts") or []:
            if mount.get("Type") == "volume" and mount.get("Name"):
                found.setdefault(mount["Name"], set()).add(container)
    return {volume: sorted(names) for volume, names in found.items()}
