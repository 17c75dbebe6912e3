# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of a network that is made anew: which containers were in it, and how. Nothing happens here.

No network can be renamed, and for a moment there is none of this name, so the journal is an empty volume of the host
whose label holds it: made before the first container is taken off, and removed when the last is back. The new network
has a label that names the journal it came of, so that a look at others costs no request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from .actual import Member, Network, network

JOURNAL_LABEL = "sshfleet.containers.journal"  # of which network, by name
CONTENT_LABEL = "sshfleet.containers.journal.content"
REMADE_LABEL = "sshfleet.containers.remade"
EVERY = {"label": [JOURNAL_LABEL]}  # a filter for the engine's list of volumes
_PREFIX = "sshfleet-journal-"
# Network modes of containers that are in no network, and those that name none.
_WITHOUT = frozenset({"", "host", "none", "container", "ns", "private", "slirp4netns", "pasta"})
_DEFAULT = frozenset({"default", "bridge"})

# What the engines say of the containers in a network: the members tell it better.
_OF_CONTAINERS = frozenset({"Containers", "containers"})
# What a place in a network is made of again (endpoints.settings).
_OF_ENDPOINTS = ("Links", "DriverOpts", "GwPriority", "Aliases", "IPAMConfig", "IPAddress", "GlobalIPv6Address")


@dataclass(frozen=True)
class Journal:
    """What was there. ``old`` is the engine's description of the old network, ``number`` counts the attempts, and
    ``volumes`` are the names of the volumes that hold it.
    """

    token: str
    number: int
    old: Mapping[str, Any]
    members: tuple[Member, ...]
    volumes: tuple[str, ...] = ()

    def network(self, engine: Engine) -> Network:
        """The old network."""
        return network(self.old, engine)


def written(token: str, old: Network, members: Iterable[Member], before: Journal | None) -> Journal:
    """A new journal; it stands for an earlier one, too."""
    description = {key: value for key, value in old.description.items() if key not in _OF_CONTAINERS}
    number = before.number + 1 if before else 1
    return Journal(token, number, description, tuple(members), (_PREFIX + token,))


def volume_body(journal: Journal, name: str) -> dict[str, Any]:
    """The request that writes it down."""
    members = [
        {
            "id": one.id, "name": one.name, "running": one.running, "by_id": one.by_id,
            "endpoint": {key: one.endpoint[key] for key in _OF_ENDPOINTS if one.endpoint.get(key)},
        }
        for one in journal.members
    ]  # fmt: skip
    content = {"token": journal.token, "number": journal.number, "old": dict(journal.old), "members": members}
    labels = {JOURNAL_LABEL: name, CONTENT_LABEL: json.dumps(content, separators=(",", ":"))}
    return {"Name": journal.volumes[0], "Labels": labels}


def volume_filter(name: str) -> dict[str, list[str]]:
    """The filter that finds the journals of a network in the engine's list of volumes."""
    return {"label": [f"{JOURNAL_LABEL}={name}"]}


def is_journal(volume: Mapping[str, Any]) -> bool:
    """Whether a volume is one: another one with such a label is none of ours to remove."""
    return JOURNAL_LABEL in (volume.get("Labels") or {}) and str(volume["Name"]).startswith(_PREFIX)


def read(volumes: Iterable[Mapping[str, Any]]) -> Journal | None:
    """The journal that volumes hold: of several, each of which stands for those before it, all together."""
    found = sorted(filter(None, map(_one, volumes)), key=lambda one: one.number)
    if not found:
        return None
    members = {member.id: member for one in found for member in one.members}
    last = found[-1]
    names = tuple(name for one in found for name in one.volumes)
    return Journal(last.token, last.number, last.old, tuple(sorted(members.values(), key=lambda m: m.name)), names)


def _one(volume: Mapping[str, Any]) -> Journal | None:
    """The journal in a volume, None where it holds none that can be read."""
    if not is_journal(volume):
        return None
    try:
        content = json.loads(volume["Labels"][CONTENT_LABEL])
        members = tuple(
            Member(str(one["id"]), str(one["name"]), one["running"], dict(one["endpoint"]), by_id=one["by_id"])
            for one in content["members"]
        )
        return Journal(content["token"], int(content["number"]), dict(content["old"]), members, (volume["Name"],))
    except (KeyError, TypeError, ValueError):
        return None


def may_have_one(found: Network | None) -> bool:
    """Whether there may be a journal; Docker takes the labels of a network with ``config_from`` from elsewhere."""
    return found is None or REMADE_LABEL in found.labels or bool(found.config_from)


def is_lost(inspect: Mapping[str, Any], name: str) -> bool:
    """Whether a container of the journal is not in the network any more.

    :param inspect: the engine's.
    """
    return name not in ((inspect.get("NetworkSettings") or {}).get("Networks") or {})


def may_be_lost(inspect: Mapping[str, Any]) -> bool:
    """Whether a container may have lost a network, as far as its own description tells: it is in none, though its mode
    is not one without, or not in that of its mode (Docker's mode is the network's name or ID, Podman's is ``bridge``).
    """
    mode = str((inspect.get("HostConfig") or {}).get("NetworkMode") or "")
    if mode.partition(":")[0] in _WITHOUT:
        return False
    networks = (inspect.get("NetworkSettings") or {}).get("Networks") or {}
    known = {*networks, *(one.get("NetworkID") for one in networks.values() if one), *_DEFAULT}
    return not networks or mode not in known


def networks_of(volumes: Iterable[Mapping[str, Any]], container: str) -> list[str]:
    """The networks by name of whose journals a container (by its ID) is a member."""
    found = {
        str(volume["Labels"][JOURNAL_LABEL])
        for volume in volumes
        if (one := _one(volume)) is not None and any(member.id == container for member in one.members)
    }
    return sorted(found)
