# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers and images as an engine lists them, in one shape for both engines: what is known without inspecting each.

The keys are those of a container's and an image's result elsewhere.
"""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ...engine.differences.engine import status_word
from ..image.result import names_of, prefixed
from ..shared.image_names import full_name
from ..shared.moments import written
from ..shared.secrets import Masker
from ..shared.selection import has_labels
from .options import Filter

Listed = Mapping[str, Any]
_HEALTH = re.compile(r"\((?:health: )?(healthy|unhealthy|starting)\)")
NONE = "none"


def container(listed: Listed, healths: Mapping[str, str]) -> dict[str, Any]:
    """One entry of ``GET /containers/json``, without secrets.

    :param healths: the healths that the engine tells elsewhere, by ID.
    """
    masker = Masker()
    labels = listed.get("Labels") or {}
    masker.learn(labels)
    networks = (listed.get("NetworkSettings") or {}).get("Networks") or {}
    status = status_word(str(listed.get("State") or ""))
    return {
        "id": listed["Id"],
        "name": name_of(listed),
        "image": str(listed.get("Image") or ""),
        "image_id": prefixed(str(listed.get("ImageID") or "")),
        "command": masker.strictly(str(listed.get("Command") or "")),
        "labels": masker.env(labels),
        "status": status,
        "running": status == "running",
        "health": healths.get(listed["Id"]) or _health_said(listed),
        "said": str(listed.get("Status") or ""),
        "created_at": _moment(listed.get("Created")),
        "ports": ports(listed),
        "networks": {
            name: {"ipv4_address": (end or {}).get("IPAddress") or None} for name, end in sorted(networks.items())
        },
    }


def name_of(listed: Listed) -> str:
    """A container's name: of several, the one without the name of another container before it (links)."""
    names = sorted((name.lstrip("/") for name in listed.get("Names") or []), key=lambda name: name.count("/"))
    return names[0] if names else ""


def _health_said(listed: Listed) -> str | None:
    """healthy, unhealthy or starting, None without a health check: Docker tells it among the words of the status."""
    found = _HEALTH.search(str(listed.get("Status") or ""))
    return found[1] if found else None


def ports(listed: Listed) -> dict[str, list[dict[str, Any]]]:
    """{container port: where it is published}."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in listed.get("Ports") or []:
        ends = found.setdefault(f"{one['PrivatePort']}/{one.get('Type') or 'tcp'}", [])
        if one.get("PublicPort"):
            ends.append({"host_ip": one.get("IP") or "0.0.0.0", "host_port": one["PublicPort"]})  # noqa: S104 - told
    return {port: found[port] for port in sorted(found)}


def image(listed: Listed, used: Mapping[str, int]) -> dict[str, Any]:
    """One entry of ``GET /images/json``.

    :param used: how many containers of the host are made of an image, by its ID.
    """
    masker = Masker()
    labels = listed.get("Labels") or {}
    masker.learn(labels)
    identity = prefixed(str(listed["Id"]))
    return {
        "id": identity,
        "tags": names_of(listed),
        "created_at": _moment(listed.get("Created")),
        "size": listed.get("Size") or listed.get("VirtualSize") or 0,
        "labels": masker.env(labels),
        "containers": used.get(identity, 0),
    }


def uses(listed: Iterable[Listed]) -> dict[str, int]:
    """How many containers are made of an image, by its ID."""
    return Counter(prefixed(str(one.get("ImageID") or "")) for one in listed)


def fits(entry: Mapping[str, Any], wanted: Filter) -> bool:
    """Whether a container is wanted."""
    images = {str(entry["image"]), full_name(str(entry["image"]))}
    return (
        _one_of([str(entry["name"])], wanted.names)
        and _one_of(images, wanted.images)
        and has_labels(entry["labels"], wanted.labels or {})
        and (not wanted.states or entry["status"] in wanted.states)
        and (not wanted.healths or (entry["health"] or NONE) in wanted.healths)
    )


def _one_of(names: Iterable[str], patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatch.fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _moment(seconds: Any) -> str | None:
    """RFC 3339 in UTC with microseconds, as everywhere; engines list whole seconds since 1970."""
    if not isinstance(seconds, int) or seconds <= 0:
        return None
    return written(datetime.fromtimestamp(seconds, UTC))
