# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.references import plain_name, segment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.wire import Wire


class NetworkRequests(Wire):
    """Networks, by name or ID."""

    def inspect_network(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a network (name or id), None when there is none."""
        return self._found(
            "network_missing", f"inspect network {name}", lambda: self._api.inspect_network(plain_name(name))
        )

    def connect_network(self, network: str, container: str, endpoint_config: Mapping[str, Any] | None = None) -> None:
        """Connect a container to a network; ``endpoint_config`` is the API's EndpointSettings ({'Aliases': […]}, …)."""
        body = {"Container": container, "EndpointConfig": dict(endpoint_config or {})}
        self._post(
            f"connect container {container} to network {network}", f"/networks/{segment(network)}/connect", body=body
        )

    def disconnect_network(self, network: str, container: str, *, force: bool = False) -> None:
        """Take a container off a network."""
        with self._sending(f"disconnect container {container} from network {network}"):
            self._api.disconnect_container_from_network(container, plain_name(network), force=force)
