# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the hosts of a fleet come to together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .options import STATUSES
from .places import Place, containers

Entry = Mapping[str, Any]
HEALTHS = ("healthy", "unhealthy")


def totals(hosts: Sequence[Entry]) -> dict[str, Any]:
    """Numbers of hosts and containers, the versions of images in use, and the ports in use, of what was read.

    :param hosts: as they were read, or in the shape that a snapshot must have.
    """
    found = [one for host in hosts for one in containers(host)]
    return {
        "hosts": _hosts(hosts),
        "containers": _containers([one for _place, one in found]),
        "images": _images(found),
        "ports": list(_ports(found)),
    }


def failed_hosts(hosts: Iterable[Entry]) -> list[dict[str, str]]:
    """The hosts that did not give all that was asked for, with the reason."""
    return [
        {"host": one["host"], **{key: one["error"].get(key) or "" for key in ("kind", "message", "hint")}}
        for one in hosts
        if one.get("error")
    ]


def _hosts(hosts: Sequence[Entry]) -> dict[str, int]:
    reached = sum(1 for one in hosts if one["reached"])
    failed = sum(1 for one in hosts if one.get("error"))
    return {"all": len(hosts), "reached": reached, "failed": failed}


def _containers(found: Sequence[Entry]) -> dict[str, int]:
    statuses = Counter(one["status"] for one in found)
    healths = Counter(one.get("health") for one in found)
    return {
        "all": len(found),
        **{status: statuses[status] for status in STATUSES},
        **{health: healths[health] for health in HEALTHS},
    }


def _images(found: Iterable[tuple[Place, Entry]]) -> list[dict[str, Any]]:
    """[{image, versions: [{id, hosts, containers}]}], sorted by name; of several versions, the most used first."""
    used: dict[str, dict[str, list[str]]] = {}
    for place, one in found:
        used.setdefault(one["image"] or "", {}).setdefault(one["image_id"] or "", []).append(place.host)
    return [
        {
            "image": image,
            "versions": [
                {"id": identity, "hosts": list(dict.fromkeys(hosts)), "containers": len(hosts)}
                for identity, hosts in sorted(versions.items(), key=lambda one: (-len(one[1]), one[0]))
            ],
        }
        for image, versions in sorted(used.items())
    ]


def _ports(found: Iterable[tuple[Place, Entry]]) -> Iterator[dict[str, Any]]:
    for place, one in found:
        running = one.get("running", one["status"] == "running")
        for port, ends in ((one.get("ports") if running else None) or {}).items():
            for end in ends or ():
                if end.get("host_port"):
                    yield {"host": place.host, "engine": place.engine, "container": place.name, "port": port, **end}
