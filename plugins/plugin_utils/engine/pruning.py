# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that only pruning makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import a_list, an_object, check
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.wire import Wire

# Seconds: what measures or removes much takes long, and says nothing meanwhile.
PATIENCE = 600.0


class PruneRequests(Wire):
    """What there is to be pruned, and the build cache."""

    def every_image(self) -> list[dict[str, Any]]:
        """``GET /images/json``, with those that are only parents of others."""
        with self._sending("list images"):
            return a_list(self._api.images(all=True), "list images")

    def disk_usage_report(self) -> dict[str, Any]:
        """``GET /system/df`` as the engine gives it."""
        patience = max(self.timeout, PATIENCE)
        with self._sending("disk usage", patience):
            answer = self._api.get(self._url("/system/df"), timeout=patience)
            check(answer)
            return an_object(answer.json(), "disk usage")

    def prune_build_cache(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Remove from Docker's build cache; {CachesDeleted: [ID] or None, SpaceReclaimed: bytes}."""
        request = "prune the build cache"
        patience = max(self.timeout, PATIENCE)
        filters = {"filters": json.dumps(query["filters"])} if "filters" in query else {}
        answer = self._post(request, "/build/prune", query={**query, **filters}, timeout=patience)
        with self._sending(request):
            return an_object(answer.json(), request)
