# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a container lives on another one: in its namespaces, or on its volumes; and which ones a task names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..options.namespaces import OWNED, owner

_MODES = {"NetworkMode": "network_mode", "IpcMode": "ipc_mode", "PidMode": "pid_mode", "UTSMode": "uts"}
_SHORTEST_ID = 12


def other_containers(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(option, name or ID) of each container that normalised options name."""
    for option in OWNED:
        if name := owner(options.get(option)):
            yield option, name
    yield from (("volumes_from", str(entry).partition(":")[0]) for entry in options.get("volumes_from") or ())
    yield from (("requires", str(name)) for name in options.get("requires") or ())
    yield from (("links", str(entry).partition(":")[0]) for entry in options.get("links") or ())
    for endpoint in (options.get("networks") or {}).values():
        yield from (("networks.links", str(entry).partition(":")[0]) for entry in endpoint.get("links") or ())


def uses(inspect: Mapping[str, Any], owner: Mapping[str, Any]) -> list[str]:
    """The options by which a container uses another one."""
    host = inspect.get("HostConfig") or {}
    found = [option for key, option in _MODES.items() if _is_of(str(host.get(key) or ""), owner)]
    sources = [str(source).partition(":")[0] for source in host.get("VolumesFrom") or []]
    return [*found, *(["volumes_from"] if any(_means(source, owner) for source in sources) else [])]


def _is_of(mode: str, owner: Mapping[str, Any]) -> bool:
    kind, colon, name = mode.partition(":")
    return kind == "container" and bool(colon) and _means(name, owner)


def _means(name: str, owner: Mapping[str, Any]) -> bool:
    if name == str(owner["Name"]).lstrip("/"):
        return True
    return len(name) >= _SHORTEST_ID and str(owner["Id"]).startswith(name)
