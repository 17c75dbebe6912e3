# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of the collection. Action plugins, the action group, documentation and tests are held to this list."""

from __future__ import annotations

import importlib
from typing import Any

from ..resources.shared.work.module import Module

# The folder of a module's resource; ``resources/FOLDER/work/MODULE.py`` says what the module is. In the order in which
# documentation and tests go through them.
MODULES: dict[str, str] = {
    "remote_container": "container",
    "remote_containers": "project",
    "remote_container_copy": "copying",
    "remote_container_exec": "execution",
    "remote_container_info": "container",
    "remote_container_logs": "logs",
    "remote_image": "image",
    "remote_image_info": "image",
    "remote_image_ship": "shipping",
    "remote_login": "registry",
    "remote_network": "network",
    "remote_network_info": "network",
    "remote_volume": "volume",
    "remote_volume_info": "volume",
    "remote_pod": "pod",
    "remote_pod_info": "pod",
    "remote_kube": "kube",
    "remote_kube_info": "kube",
    "remote_secret": "secret",
    "remote_secret_info": "secret",
    "remote_prune": "prune",
    "remote_compose": "compose",
    "remote_compose_info": "compose",
    "remote_quadlet": "quadlet",
    "remote_auto_update": "auto_update",
    "remote_events": "events",
    "remote_engine_info": "engine",
    "remote_fleet_info": "fleet",
    "remote_fleet_report": "fleet",
    "remote_tunnel": "tunnel",
    "remote_host": "hosts_file",
    "remote_host_info": "hosts_file",
    "remote_host_import": "hosts_file",
}
_RESOURCES = f"{__package__.rpartition('.')[0]}.resources"


def module(name: str) -> Module[Any]:
    """One module of the list; only its own files are imported.

    :raises KeyError: there is no module of this name.
    """
    found: Module[Any] = importlib.import_module(f"{_RESOURCES}.{MODULES[name]}.work.{name}").MODULE
    return found
