# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about networks.

Podman's answers in Docker's language leave out a network's interface, address range and resolver, so that its own are
asked for; ``resources/network/actual.py`` makes one shape of both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import EngineError
from . import shapes
from .failures import check
from .protocol import Descriptions
from .references import plain_name, segment
from .wire import Wire

# What Podman's description of a network holds that is not to be given when it is made again.
_PODMAN_OWN = frozenset({"id", "created", "containers"})
# Podman looks at all of the host's interfaces before it creates a network, and gives up where one of them goes away
# meanwhile, as those of containers do.
_INTERFACE_GONE = "no such network interface"
_LOOKS = 20
_PAUSE = 0.1


class Networks:
    """Networks, by name or ID."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def inspect(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a network (name or id), None when there is none."""
        return self._wire.found(
            "network_missing",
            f"inspect network {name}",
            lambda: self._wire.api.inspect_network(plain_name(name)),
            shapes.NETWORK,
            lambda found: name in (found["Name"], found["Id"]),
        )

    def inspect_native(self, name: str) -> dict[str, Any] | None:
        """A network (name or ID) in the engine's own words, None when there is none."""
        if not self._wire.engine.own_api:
            return self.inspect(name)
        return self._wire.podman_found(
            "network_missing",
            f"inspect network {name}",
            f"/networks/{segment(name)}/json",
            shapes.PODMAN_NETWORK,
            lambda found: name in (found["name"], found["id"]),
        )

    def list_native(self) -> Descriptions:
        """All networks in the engine's own words."""
        found: Descriptions
        if self._wire.engine.own_api:
            found = self._wire.podman("GET", "list networks", "/networks/json", shape=[shapes.PODMAN_NETWORK])
            return found
        with self._wire.sending("list networks"):
            found = shapes.require(self._wire.api.networks(), [shapes.NETWORK])
            return found

    def create(self, body: Mapping[str, Any]) -> str:
        """Create a network from a full API body and return its ID. The engine's warnings go to the log."""
        request = f"create network {body['Name']}"
        created = self._while_interfaces_go(
            lambda: self._wire.post(request, "/networks/create", body=dict(body), shape=shapes.CREATED)
        )
        if created.get("Warning"):
            self._wire.warn(request, {"Warnings": [created["Warning"]]})
        return str(created["Id"])

    def create_again(self, body: Mapping[str, Any], description: Mapping[str, Any]) -> None:
        """Create a network that was there before: from the body that would make it, or, on Podman, from its own
        description, which says more.
        """
        if not self._wire.engine.own_api:
            self.create(body)
            return
        again = {key: value for key, value in description.items() if key not in _PODMAN_OWN}

        request = f"create network {body['Name']}"
        self._while_interfaces_go(lambda: self._wire.podman("POST", request, "/networks/create", body=again))

    def _while_interfaces_go(self, create: Callable[[], Any]) -> Any:
        for _look in range(_LOOKS - 1):
            try:
                return create()
            except EngineError as error:
                if error.status is None or _INTERFACE_GONE not in error.message:
                    raise
                time.sleep(_PAUSE)
        return create()

    def remove(self, name: str) -> None:
        """Remove a network that no container is in."""
        with self._wire.sending(f"remove network {name}"):
            check(self._wire.api.delete(self._wire.url(f"/networks/{segment(name)}"), timeout=self._wire.timeout))

    def connect(self, network: str, container: str, endpoint_config: Mapping[str, Any] | None = None) -> None:
        """Connect a container to a network; ``endpoint_config`` is the API's EndpointSettings ({'Aliases': […]}, …)."""
        body = {"Container": container, "EndpointConfig": dict(endpoint_config or {})}
        self._wire.post(
            f"connect container {container} to network {network}", f"/networks/{segment(network)}/connect", body=body
        )

    def disconnect(self, network: str, container: str, *, force: bool = False) -> None:
        """Take a container off a network."""
        with self._wire.sending(f"disconnect container {container} from network {network}"):
            self._wire.api.disconnect_container_from_network(container, plain_name(network), force=force)
