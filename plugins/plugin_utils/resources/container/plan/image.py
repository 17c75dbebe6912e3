# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a container is made from the image that a reference names now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...shared.image_names import full_name, is_id, repository, short_id
from ..options.row import Inspect


def same_name(reference: str, current: str, image: Mapping[str, Any] | None) -> bool:
    """Whether two references are the same name; Podman completes a short one, which its image's names then show."""
    wanted, found = full_name(reference), full_name(current)
    if wanted == found or is_id(reference) or is_id(current):
        return True
    known = image or {}
    names = {full_name(name) for key in ("RepoTags", "RepoDigests") for name in known.get(key) or []}
    if "@" in wanted:  # Podman tells the image's tag where it has one
        base, other = repository(wanted), repository(found)
        return base == other or (found in names and (wanted in names or other.endswith(f"/{base}")))
    return bool({found, wanted} & names) and (found.endswith(f"/{wanted}") or wanted.endswith(f"/{found}"))


def current(inspect: Inspect) -> dict[str, str]:
    """{name, id} of the image a container was made from."""
    return {
        "name": str((inspect.get("Config") or {}).get("Image") or ""),
        "id": short_id(str(inspect.get("Image") or "")),
    }


def differs(reference: str, image: Mapping[str, Any], inspect: Inspect, *, compare_names: bool) -> bool:
    """Whether the reference's image (its inspect) is another one than the container's, by ID and by name."""
    found = current(inspect)
    if short_id(str(image["Id"])) != found["id"]:
        return True
    return compare_names and not same_name(reference, found["name"], image)
