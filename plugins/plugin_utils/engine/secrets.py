# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about Podman's secrets, in its own API. None of them asks for what a secret holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import shapes
from .protocol import Descriptions
from .references import segment
from .wire import Wire


class Secrets:
    """Secrets, by name; all raise EngineError of kind ``unsupported`` on an engine that is not Podman."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def inspect(self, name: str) -> dict[str, Any] | None:
        """The engine's description of a secret, None when there is none."""
        return self._wire.podman_found(
            "secret_missing",
            f"inspect secret {name}",
            f"/secrets/{segment(name)}/json",
            shapes.SECRET,
            lambda found: found["Spec"]["Name"] == name,
        )

    def list(self) -> Descriptions:
        """All secrets."""
        found: Descriptions = self._wire.podman("GET", "list secrets", "/secrets/json", shape=[shapes.SECRET])
        if self._wire.engine.lists_secret_labels:
            return found
        whole = (self.inspect(one["Spec"]["Name"]) for one in found)
        return [one for one in whole if one is not None]  # one may have gone meanwhile

    def create(
        self,
        name: str,
        data: bytes,
        *,
        driver: str = "",
        driver_options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        replace: bool = False,
    ) -> str:
        """Create a secret and return its ID. Where nothing is said of a driver, the engine's own is taken.

        :param replace: take the place of the secret of this name, if there is one; see ``replaces_secrets``.
        """
        query = {
            "name": name,
            "labels": json.dumps(dict(labels or {})),
            **({"driver": driver} if driver else {}),
            **({"driveropts": json.dumps(dict(driver_options))} if driver_options else {}),
            **({"replace": "true"} if replace else {}),
        }
        created = self._wire.podman(
            "POST", f"create secret {name}", "/secrets/create", query=query, body=data, shape=shapes.SECRET_CREATED
        )
        return str(created["ID"])

    def remove(self, identity: str) -> None:
        """Remove a secret by its ID; containers that have it keep what they have."""
        self._wire.podman("DELETE", f"remove secret {identity}", f"/secrets/{segment(identity)}")
