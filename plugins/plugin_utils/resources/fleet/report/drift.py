# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drift: hosts of one inventory group that should be alike, and are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..places import containers, whole
from .shape import Snapshot

# Every host is in the one, and in the other are those that nobody has put anywhere.
NO_GROUPS = ("all", "ungrouped")
Host = Mapping[str, Any]


def drift(snapshot: Snapshot) -> list[dict[str, Any]]:
    """What is not the same on all hosts of a group, for each group with any, sorted by name.

    A group is ``{group, hosts (how many were read), containers: [...]}``, a container in it ``{name, versions:
    [{image, image_id, hosts}], missing_on: [hosts], rare}``. Containers are the same by their names, whatever engine
    runs them. It is listed where there are several versions, or where hosts lack it. Only a host that was read
    completely can lack one. ``rare`` is one that fewer than half of the hosts have, and no other version of it:
    it may well belong to these hosts alone.
    """
    groups: dict[str, list[Host]] = {}
    for host in snapshot["hosts"]:
        for group in dict.fromkeys(host["groups"]):
            groups.setdefault(group, []).append(host)
    found = (_of_group(group, groups[group]) for group in sorted(groups) if group not in NO_GROUPS)
    return [one for one in found if one["containers"]]


def _of_group(group: str, members: Iterable[Host]) -> dict[str, Any]:
    versions: dict[str, dict[tuple[str, str], dict[str, None]]] = {}
    read: dict[str, None] = {}
    sure: dict[str, None] = {}
    for host in members:
        name = host["host"]
        read.update({name: None} if any("containers" in part for part in host["engines"]) else {})
        sure.update({name: None} if whole(host) else {})
        for place, container in containers(host):
            version = container["image"] or "", container["image_id"] or ""
            versions.setdefault(place.name, {}).setdefault(version, {})[name] = None
    rows = (_of_container(name, versions[name], read, sure) for name in sorted(versions))
    return {"group": group, "hosts": len(read), "containers": [row for row in rows if row]}


def _of_container(
    name: str, versions: Mapping[tuple[str, str], Mapping[str, None]], read: Mapping[str, None], sure: Iterable[str]
) -> dict[str, Any]:
    having = {host for hosts in versions.values() for host in hosts}
    missing = [host for host in sure if host not in having]
    if len(versions) < 2 and not missing:
        return {}
    common_first = sorted(versions.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "name": name,
        "versions": [{"image": image, "image_id": id_, "hosts": list(hosts)} for (image, id_), hosts in common_first],
        "missing_on": missing,
        "rare": len(versions) < 2 and 2 * len(having) < len(read),
    }
