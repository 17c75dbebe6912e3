# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a container."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.variables import (
    container_vars,
)

ENGINE = {"name": "podman", "version": "5.4.2", "api_version": "1.41", "socket": "/run/podman/podman.sock"}


def test_the_variables_are_those_of_the_connection_and_what_was_read() -> None:
    entry = {"name": "web", "id": "1", "labels": {"tier": "web"}}
    assert container_vars("h1", ENGINE, entry) == {
        "ansible_connection": "sshfleet.containers.container",
        "sshfleet_container": "web",
        "sshfleet_container_host": "h1",
        "sshfleet_container_engine": "podman",
        "sshfleet_container_engine_socket": "/run/podman/podman.sock",
        "sshfleet_container_info": {**entry, "engine": ENGINE},
    }
