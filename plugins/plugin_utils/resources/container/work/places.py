# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks whether a container has lost its place in a network whose remaking was interrupted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.protocol import Client
from ...network import journal
from ...shared.states import container_name

LOST = (
    "The container {name} is not in the network {network} any more, whose remaking was interrupted. Run the task of "
    "remote_network for {network} again, and it is connected as it was."
)


def lost_places(client: Client, inspect: Mapping[str, Any] | None) -> list[str]:
    """Warnings, one for each such network. It costs a request only where the container looks as if it were so."""
    if inspect is None or not journal.may_be_lost(inspect):
        return []
    networks = journal.networks_of(client.volumes.list(journal.EVERY), str(inspect["Id"]))
    name = container_name(inspect)
    return [LOST.format(name=name, network=one) for one in networks if journal.is_lost(inspect, one)]
