# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several snapshots, which several controllers have taken of parts of a fleet, become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ....errors import InvalidOption
from ....telling import listed
from ..totals import failed_hosts, totals
from .shape import Snapshot, checked

REMEDY = "Take all of them with slices K/N of one hosts.json, with the same N, or leave one out."


class Part(NamedTuple):
    """One of the snapshots that an option gives, not checked yet; ``name`` is '' where it is the only one."""

    name: str
    data: Any


def whole(parts: Sequence[Part], option: str) -> Snapshot:
    """The one snapshot that an option gives, or what its several come to.

    :raises InvalidOption: there is none, one has another shape, or a host is in two of them.
    """
    if not parts:
        raise InvalidOption(option, [], "there is no snapshot in it.", "Give one at least, or leave the option out.")
    snapshots = [checked(part.data, option, part.name) for part in parts]
    if len(snapshots) == 1:
        return snapshots[0]
    _require_apart(parts, option)
    return merged(snapshots)


def merged(snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    """One snapshot of the hosts of several, sorted by name, for no one knows the inventory's order any more.

    What they come to is counted anew. It is complete where all are. What was asked for is told where that is the same.
    """
    hosts = sorted((host for one in snapshots for host in one["hosts"]), key=lambda host: str(host["host"]))
    told = {
        "hosts": hosts,
        "failed_hosts": failed_hosts(hosts),
        "complete": all(one.get("complete", True) for one in (*snapshots, *hosts)),
        "totals": totals(hosts),
    }
    return told if "asked" not in snapshots[0] or unlike(snapshots) else {**told, "asked": snapshots[0]["asked"]}


def unlike(snapshots: Iterable[Snapshot]) -> list[str]:
    """The options of a reading that were not the same for all of the snapshots that tell theirs."""
    asked = [one["asked"] for one in snapshots if isinstance(one.get("asked"), Mapping)]
    return sorted({str(name) for one in asked for name in one if any(one[name] != other.get(name) for other in asked)})


def _require_apart(parts: Iterable[Part], option: str) -> None:
    """Which of two readings of a host is the newer one, no snapshot tells; and its containers would count twice."""
    names: dict[str, list[str]] = {}
    for part in parts:
        for host in part.data["hosts"]:
            names.setdefault(host["host"], []).append(part.name)
    if twice := {host: found for host, found in names.items() if len(found) > 1}:
        words = listed(f"{host} ({', '.join(found)})" for host, found in sorted(twice.items()))
        problem = f"some hosts are in two of the snapshots: {words}."
        raise InvalidOption(option, [part.name for part in parts], problem, REMEDY)
