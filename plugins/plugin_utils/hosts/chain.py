# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jump_host → the whole chain of jump hosts, where a hop may be the name of another entry of the same file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .entry import HostEntry
from .rules import HOP, MAX_HOPS, Complaint


class Hop(NamedTuple):
    """One jump host: ``place`` is ``[user@]host[:port]``, ``identity_file`` as its entry gives it."""

    place: str
    identity_file: str | None = None


def hops(entry: HostEntry, entries: Mapping[str, HostEntry]) -> tuple[Hop, ...]:
    """The chain of a host, first hop first; of a chain that ``complaint`` refuses, a part."""
    written, _complaint = _written(entry, entries)
    return tuple(_hop(hop, entries) for hop in written)


def written_hosts(entry: HostEntry) -> set[str]:
    """The hosts that are written in an entry's own chain, without users and ports."""
    return {name for hop in (entry.jump_host or "").split(",") if (name := _name(hop))}


def complaint(entry: HostEntry, entries: Mapping[str, HostEntry]) -> Complaint | None:
    """What is wrong with a host's chain once the names in it are looked up; each jump_host alone is right."""
    return _written(entry, entries)[1]


def _written(entry: HostEntry, entries: Mapping[str, HostEntry]) -> tuple[list[str], Complaint | None]:
    """With the chain of the entry that the first hop names before it; as with ssh's -J, the others are reached as the
    chain says.
    """
    chain = entry.jump_host.split(",") if entry.jump_host else []
    trail = [entry.name]
    while chain:
        if user := next((u for hop in chain if (e := entries.get(_name(hop))) and "," in (u := e.user or "")), None):
            problem = f"leads over the user {user!a}, and in a chain of jump hosts a comma ends a hop"
            return chain, Complaint(problem, "Give the jump host another user.")
        if len(chain) > MAX_HOPS:
            problem = f"is a chain of {len(chain)} jump hosts with those before {' and '.join(trail[1:])}"
            return chain, Complaint(problem, f"{MAX_HOPS} at most are taken.")
        first = entries.get(_name(chain[0]))
        if first is not None and first.name in trail:
            problem = f"leads round in a circle: {' > '.join([*trail, first.name])}"
            return chain, Complaint(problem, "Take one of them out.")
        if first is None or not first.jump_host:
            return chain, None
        trail.append(first.name)
        chain = first.jump_host.split(",") + chain
    return chain, None


def _name(hop: str) -> str:
    match = HOP.fullmatch(hop)
    return match["host"] if match else ""


def _hop(written: str, entries: Mapping[str, HostEntry]) -> Hop:
    """What is written with the hop wins over what its entry says."""
    match = HOP.fullmatch(written)
    entry = entries.get(match["host"]) if match else None
    if match is None or entry is None:
        return Hop(written)
    user, port = match["user"] or entry.user, match["port"] or entry.port
    host = f"[{entry.hostname}]" if ":" in entry.hostname else entry.hostname
    return Hop(f"{f'{user}@' if user else ''}{host}{f':{port}' if port else ''}", entry.identity_file)
