# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client in groups over a fake engine whose methods stand side by side: ``containers.start`` is its ``start``."""

from __future__ import annotations

from typing import Any

# group -> {request: the fake's method}; a request that is not here has the same name there.
METHODS: dict[str, dict[str, str]] = {
    "system": {},
    "containers": {
        "inspect": "inspect_container", "list": "list_containers", "create": "create_container",
        "log_tail": "logs_tail",
    },
    "execs": {
        "create": "exec_create", "attach": "exec_attached", "start_detached": "exec_detached", "inspect": "exec_state",
    },
    "archives": {"stat": "stat_path", "get": "get_archive", "put": "put_archive"},
    "images": {
        "inspect": "inspect_image", "list": "list_images", "tag": "tag_image", "remove": "remove_image",
        "build": "build_image", "load": "load_images", "save": "saved_images", "pull": "pull_image",
        "push": "push_image", "prune_builds": "prune_build_cache",
    },
    "networks": {
        "inspect": "inspect_network", "inspect_native": "network", "list_native": "networks",
        "create": "create_network", "create_again": "create_network_again", "remove": "remove_network",
        "connect": "connect_network", "disconnect": "disconnect_network",
    },
    "volumes": {"inspect": "inspect_volume", "list": "volumes", "create": "create_volume", "remove": "remove_volume"},
    "registries": {},
    "events": {"list": "events"},
}  # fmt: skip


class _Group:
    def __init__(self, flat: Any, methods: dict[str, str]) -> None:
        self._flat = flat
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return getattr(self._flat, self._methods.get(name, name))


class _Grouped:
    def __init__(self, flat: Any) -> None:
        self._flat = flat

    def __getattr__(self, name: str) -> Any:
        return _Group(self._flat, METHODS[name]) if name in METHODS else getattr(self._flat, name)


def grouped(flat: Any) -> Any:
    """The client; what it does not have in a group is the fake's own."""
    return _Grouped(flat)
