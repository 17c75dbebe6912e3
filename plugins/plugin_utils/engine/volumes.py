# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import shapes
from .failures import check
from .protocol import Descriptions
from .references import plain_name, segment
from .wire import Wire


class Volumes:
    """Volumes, by name."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def inspect(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a volume, None when there is none."""
        return self._wire.found(
            "volume_missing",
            f"inspect volume {name}",
            lambda: self._wire.api.inspect_volume(plain_name(name)),
            shapes.VOLUME,
            lambda found: found["Name"] == name,
        )

    def list(self, filters: Mapping[str, Any] | None = None) -> Descriptions:
        """``GET /volumes``: all of them, or those that the filters let through, e.g. {'label': ['a']}."""
        with self._wire.sending("list volumes"):
            answer = self._wire.api.volumes(filters=dict(filters or {}))
            return list(shapes.require(answer, shapes.VOLUMES).get("Volumes") or [])

    def create(self, body: Mapping[str, Any]) -> None:
        """Create a volume from a full API body; nothing happens when there is one of this name."""
        self._wire.post(f"create volume {body['Name']}", "/volumes/create", body=dict(body))

    def remove(self, name: str) -> None:
        """Remove a volume that no container uses."""
        with self._wire.sending(f"remove volume {name}"):
            check(self._wire.api.delete(self._wire.url(f"/volumes/{segment(name)}"), timeout=self._wire.timeout))
