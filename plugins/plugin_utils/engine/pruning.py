# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that only pruning makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import shapes
from .wire import Wire

# Seconds: what measures or removes much takes long, and says nothing meanwhile.
PATIENCE = 600.0


class PruneRequests(Wire):
    """What there is to be pruned, and the build cache."""

    def every_image(self) -> list[dict[str, Any]]:
        """``GET /images/json``, with those that are only parents of others."""
        with self._sending("list images"):
            found: list[dict[str, Any]] = shapes.require(self._api.images(all=True), shapes.IMAGES)
            return found

    def disk_usage_report(self) -> dict[str, Any]:
        """``GET /system/df`` as the engine gives it."""
        patience = max(self.timeout, PATIENCE)
        found: dict[str, Any] = self._get("disk usage", "/system/df", shapes.DISK_USAGE, timeout=patience)
        return found

    def prune_build_cache(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Remove from Docker's build cache; {CachesDeleted: [ID] or None, SpaceReclaimed: bytes}."""
        request = "prune the build cache"
        patience = max(self.timeout, PATIENCE)
        filters = {"filters": json.dumps(query["filters"])} if "filters" in query else {}
        done: dict[str, Any] = self._post(
            request, "/build/prune", query={**query, **filters}, timeout=patience, shape=shapes.PRUNED
        )
        return done
