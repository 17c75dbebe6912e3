# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two snapshots of a fleet: what appeared, what vanished, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..places import Place, containers, hosts, published, whole
from .shape import Snapshot

Containers = Mapping[Place, Mapping[str, Any]]
Versions = dict[str, dict[str, list[str]]]


def compared(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """The differences of two snapshots.

    ``hosts``: ``{appeared, vanished: [names], changed: [{host, field, before, after}]}``.

    ``containers``, which are the same by host, engine and name: ``{appeared, vanished: [{host, engine, name, image,
    status}], changed: [{host, engine, name, changes: [{field, before, after}]}]}``, all as texts.

    ``images`` that containers use: ``{appeared, vanished: [names], changed: [{image, appeared, vanished: [{id,
    hosts}]}]}``.

    ``not_compared``: hosts of both that were not read completely in one of them. Nothing is said to have vanished, or
    to be new, because nobody could look.
    """
    old_hosts, new_hosts = hosts(before), hosts(after)
    old, new = _by_place(before), _by_place(after)
    both = [name for name in new_hosts if name in old_hosts]
    unsure = {name for name in both if not (whole(old_hosts[name]) and whole(new_hosts[name]))}
    return {
        "hosts": _hosts(old_hosts, new_hosts),
        "containers": {
            "appeared": [_told(place, new[place]) for place in _only(new, old, unsure)],
            "vanished": [_told(place, old[place]) for place in _only(old, new, unsure)],
            "changed": list(_changed(old, new)),
        },
        "images": _images(_versions(old, unsure), _versions(new, unsure)),
        "not_compared": [name for name in both if name in unsure],
    }


def _by_place(snapshot: Snapshot) -> dict[Place, Mapping[str, Any]]:
    return {place: container for host in snapshot["hosts"] for place, container in containers(host)}


def _only(these: Containers, those: Containers, unsure: set[str]) -> Iterator[Place]:
    return (place for place in these if place not in those and place.host not in unsure)


def _told(place: Place, container: Mapping[str, Any]) -> dict[str, Any]:
    return {**place._asdict(), "image": container["image"] or "", "status": container["status"]}


def _hosts(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    changed = []
    for name in new:
        if name in old:
            was, is_now = _about(old[name]), _about(new[name])
            fields = [field for field in was if field in is_now and was[field] != is_now[field]]
            changed += [{"host": name, "field": f, "before": was[f], "after": is_now[f]} for f in fields]
    return {
        "appeared": [name for name in new if name not in old],
        "vanished": [name for name in old if name not in new],
        "changed": changed,
    }


def _about(host: Mapping[str, Any]) -> dict[str, str]:
    parts = (part["engine"] for part in host["engines"])
    engines = [f"{part['name']} {part.get('version') or ''}".strip() for part in parts]
    state = "read" if host["complete"] else "read in part" if host["reached"] else "not reached"
    # What ran on a host that was not reached is not known, and so has not changed.
    return {"state": state, "groups": ", ".join(host["groups"])} | ({"engines": ", ".join(engines)} if engines else {})


def _changed(old: Containers, new: Containers) -> Iterator[dict[str, Any]]:
    for place, container in new.items():
        if place in old and old[place] != container:
            was, is_now = _fields(old[place]), _fields(container)
            names = [name for name in dict.fromkeys([*was, *is_now]) if name not in _unlike(old[place], container)]
            changes = [
                {"field": name, "before": was.get(name, ""), "after": is_now.get(name, "")}
                for name in names
                if was.get(name, "") != is_now.get(name, "")
            ]
            if changes:
                yield {**place._asdict(), "changes": changes}


def _unlike(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """What can't be compared. Without inspecting, an engine's list has a command shortened, with its entrypoint."""
    return () if isinstance(one.get("command"), list) == isinstance(other.get("command"), list) else ("command",)


def _fields(container: Mapping[str, Any]) -> dict[str, str]:
    """What is compared of a container. What always moves (since when it is up, its use of the machine) is not."""
    labels, command = container.get("labels") or {}, container.get("command") or ""
    return {
        "status": container["status"],
        "health": container.get("health") or "",
        "image": container["image"] or "",
        "image_id": container["image_id"] or "",
        "id": container["id"],
        "command": " ".join(map(str, command)) if isinstance(command, list) else command,
        "ports": published(container),
        "networks": ", ".join(sorted(container.get("networks") or {})),
        **{f"label {name}": value or "" for name, value in sorted(labels.items())},
    }


def _versions(found: Containers, unsure: set[str]) -> Versions:
    """Of each image its IDs, and of each ID the hosts with containers of it; without hosts that were not compared."""
    versions: Versions = {}
    for place, container in found.items():
        if place.host not in unsure:
            using = versions.setdefault(container["image"] or "", {}).setdefault(container["image_id"] or "", [])
            using += [] if place.host in using[-1:] else [place.host]
    return versions


def _images(old: Versions, new: Versions) -> dict[str, Any]:
    changed = []
    for image in sorted(old.keys() & new.keys()):
        appeared, vanished = (_less(new[image], old[image]), _less(old[image], new[image]))
        changed += [{"image": image, "appeared": appeared, "vanished": vanished}] if appeared or vanished else []
    return {"appeared": sorted(new.keys() - old), "vanished": sorted(old.keys() - new), "changed": changed}


def _less(these: Mapping[str, list[str]], those: Iterable[str]) -> list[dict[str, Any]]:
    return [{"id": identity, "hosts": these[identity]} for identity in these if identity not in those]
