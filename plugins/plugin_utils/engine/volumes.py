# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import shapes
from .failures import check
from .references import plain_name, segment
from .wire import Wire


class VolumeRequests(Wire):
    """Volumes, by name."""

    def inspect_volume(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a volume, None when there is none."""
        return self._found(
            "volume_missing",
            f"inspect volume {name}",
            lambda: self._api.inspect_volume(plain_name(name)),
            shapes.VOLUME,
            lambda found: found["Name"] == name,
        )

    def volumes(self, filters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """``GET /volumes``: all of them, or those that the filters let through, e.g. {'label': ['a']}."""
        with self._sending("list volumes"):
            answer = self._api.volumes(filters=dict(filters or {}))
            return list(shapes.require(answer, shapes.VOLUMES).get("Volumes") or [])

    def create_volume(self, body: Mapping[str, Any]) -> None:
        """Create a volume from a full API body; nothing happens when there is one of this name."""
        self._post(f"create volume {body['Name']}", "/volumes/create", body=dict(body))

    def remove_volume(self, name: str) -> None:
        """Remove a volume that no container uses."""
        with self._sending(f"remove volume {name}"):
            check(self._api.delete(self._url(f"/volumes/{segment(name)}"), timeout=self.timeout))
