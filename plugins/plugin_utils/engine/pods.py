# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about Podman's pods, of which its answers in Docker's language say nothing."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from . import shapes
from .networks import NetworkRequests


class PodRequests(NetworkRequests):
    """Pods; Podman's own API is reached as for networks."""

    def pod_of(self, container: str) -> str:
        """The name of the pod that a container (by its full ID) is in, '' where it is in none."""
        if not self.dialect.has_pods:
            return ""
        request = f"look up the pod of container {container[:12]}"
        query = urlencode({"all": "true", "pod": "true", "filters": json.dumps({"id": [container]})})
        with self._sending(request):
            listed = shapes.require(self._podman_json(f"/containers/json?{query}"), shapes.MEMBERS)
        return next((str(one.get("PodName") or one["Pod"]) for one in listed if one.get("Pod")), "")
