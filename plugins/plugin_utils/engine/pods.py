# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about Podman's pods, in its own API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import shapes
from .protocol import Descriptions
from .references import segment
from .wire import PATIENCE, Wire


class Pods:
    """Pods, by name or ID; all raise EngineError of kind ``unsupported`` on an engine that is not Podman.

    What is done to a pod is done to its containers; where one of them fails, the error has what the engine says of all
    that failed, and the others are done.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def inspect(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a pod, None when there is none."""
        return self._wire.podman_found(
            "pod_missing",
            f"inspect pod {name}",
            f"/pods/{segment(name)}/json",
            shapes.POD,
            lambda found: name in (found["Name"], found["Id"]),
        )

    def list(self) -> Descriptions:
        """All pods, in fewer words than :meth:`inspect` has."""
        found: Descriptions = self._wire.podman("GET", "list pods", "/pods/json", shape=[shapes.LISTED_POD])
        return found

    def members(self, identity: str) -> Descriptions:
        """The containers of a pod (by its ID), running or not, its own among them (``IsInfra``)."""
        query = {"all": "true", "filters": json.dumps({"pod": [identity]})}
        request = f"list the containers of pod {identity[:12]}"
        found: Descriptions = self._wire.podman(
            "GET", request, "/containers/json", query=query, shape=[shapes.POD_MEMBER]
        )
        return found

    def create(self, body: Mapping[str, Any]) -> str:
        """Create a pod from Podman's own description of one, and return its ID."""
        request = f"create pod {body['name']}"
        return str(self._wire.podman("POST", request, "/pods/create", body=body, shape=shapes.CREATED)["Id"])

    def start(self, name: str) -> None:
        """Start all containers of a pod that don't run."""
        self._do("start", name)

    def stop(self, name: str) -> None:
        """Stop a pod; nothing happens where not all of its containers run."""
        self._do("stop", name)

    def restart(self, name: str) -> None:
        """Stop and start all containers of a pod."""
        self._do("restart", name)

    def pause(self, name: str) -> None:
        """Freeze what runs of a pod."""
        self._do("pause", name)

    def unpause(self, name: str) -> None:
        """Let a frozen pod go on."""
        self._do("unpause", name)

    def _do(self, action: str, name: str) -> None:
        """Nobody knows how long the containers of a pod take to stop, one after the other."""
        self._wire.podman("POST", f"{action} pod {name}", f"/pods/{segment(name)}/{action}", timeout=PATIENCE)

    def remove(self, identity: str) -> None:
        """Stop a pod (by its ID) and remove it with its containers and their anonymous volumes."""
        self._wire.podman(
            "DELETE",
            f"remove pod {identity}",
            f"/pods/{segment(identity)}",
            query={"force": "true"},
            timeout=PATIENCE,
        )
