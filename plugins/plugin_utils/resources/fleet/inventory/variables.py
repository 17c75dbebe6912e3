# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a container that is a host of Ansible's. Their names are written here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CONNECTION_PLUGIN = "sshfleet.containers.container"

# What the connection plugin needs.
CONTAINER = "sshfleet_container"  # its name on the engine
HOST = "sshfleet_container_host"  # the inventory name of the host that it is on
ENGINE = "sshfleet_container_engine"  # podman or docker
SOCKET = "sshfleet_container_engine_socket"  # where it was found
# What remote_fleet_info tells of it, and under ``engine`` of its engine.
INFO = "sshfleet_container_info"


def container_vars(host: str, engine: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of one container.

    :param host: the inventory name of its host, of whose own variables nothing is taken over.
    :param engine: the engine's (name, version, api_version, socket).
    :param entry: the container as a reading of the fleet tells it, without secrets.
    """
    return {
        "ansible_connection": CONNECTION_PLUGIN,
        CONTAINER: entry["name"],
        HOST: host,
        ENGINE: engine["name"],
        SOCKET: engine["socket"],
        INFO: {**entry, "engine": dict(engine)},
    }
