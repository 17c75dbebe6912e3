# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engines that a soak works on: six, on the four hosts of a lab, old and new, forwarded and dialed."""

from __future__ import annotations

from dataclasses import dataclass

from lab_hosts import Lab
from whole_stack import Engine, target_of

from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings

IDLE = 15  # seconds after which a connection that nobody knows any more ends


@dataclass(frozen=True)
class Endpoint:
    """An engine of a host, and the way to it."""

    host: str
    name: str
    transport: str = "auto"

    def __str__(self) -> str:
        return f"{self.host}-{self.name}"

    def engine(self, lab: Lab) -> Engine:
        """A host that is gone is noticed in some four seconds."""
        alive = ("-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=2")
        target = target_of(lab, self.host, *alive)
        return Engine(
            target,
            ConnectionSettings(engine=self.name, engine_timeout=20, tunnel_idle=IDLE, transport=self.transport),
        )


ENDPOINTS = (
    Endpoint("bookworm1", "podman"), Endpoint("bookworm1", "docker"), Endpoint("bookworm2", "docker"),
    Endpoint("trixie1", "podman"), Endpoint("trixie1", "docker", "dial"), Endpoint("forky1", "podman"),
)  # fmt: skip
