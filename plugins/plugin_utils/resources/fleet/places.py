# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers of a snapshot by their place: host, engine and name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

# What engines say of a port that is bound to all addresses.
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - told, not bound


class Place(NamedTuple):
    """What makes a container the same one in two snapshots."""

    host: str
    engine: str
    name: str


def containers(host: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """The containers that were read on this host, of all of its engines."""
    for part in host["engines"]:
        for container in part.get("containers", ()):
            yield Place(host["host"], part["engine"]["name"], container["name"]), container


def whole(host: Mapping[str, Any]) -> bool:
    """Whether a container that is not among those of this host is not there.

    Of a host that was not reached, or where an engine kept silent, nobody knows.
    """
    engines = host["engines"]
    return bool(host["complete"] and engines and all("containers" in part for part in engines))


def hosts(snapshot: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The hosts by name, in the snapshot's order."""
    return {host["host"]: host for host in snapshot["hosts"]}


def short_id(identity: str | None) -> str:
    """The first twelve digits, as engines show them; '' of none."""
    return (identity or "").removeprefix("sha256:")[:12]


def published(container: Mapping[str, Any]) -> str:
    """The ports of a container as people write them, ``8080→80/tcp``; '' where none is published.

    An address is told only where the port is bound to that address alone.
    """
    found: dict[str, None] = {}
    for port, bindings in (container.get("ports") or {}).items():
        for binding in bindings or ():
            address = binding.get("host_ip") or ""
            beside = "" if address in EVERYWHERE else f"[{address}]:" if ":" in address else f"{address}:"
            found[f"{beside}{binding.get('host_port') or '?'}→{port}"] = None
    return ", ".join(found)
