# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A volume as this collection returns it: one shape for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..shared.driver_options import masked
from ..shared.labels import CREATED_LABEL
from ..shared.moments import timestamp


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


def users(listed: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """{volume: the names of the containers that use it}, from the list of all containers."""
    found: dict[str, set[str]] = {}
    for entry in listed:
        container = str((entry.get("Names") or [entry["Id"][:12]])[0]).lstrip("/")
        for mount in entry.get("Mounts") or []:
            if mount.get("Type") == "volume" and mount.get("Name"):
                found.setdefault(mount["Name"], set()).add(container)
    return {volume: sorted(names) for volume, names in found.items()}
