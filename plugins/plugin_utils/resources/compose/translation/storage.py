# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is mounted into a service's containers: paths of the host, volumes, memory, images, volumes of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....compose.problems import Path
from .scope import CONTAINER, Params, Scope

ELSEWHERE = (
    "The host has other files than the controller. Put single files into configs, fill a volume with "
    "remote_container_copy, or name an absolute path of the host; host_paths=host takes it for one."
)
_RECURSIVE = {
    "disabled": "non_recursive", "writable": "read_only_non_recursive", "readonly": "read_only_force_recursive",
}  # fmt: skip


def volumes(value: list[Mapping[str, Any]], scope: Scope) -> Params:
    """In the short form what that can say, which makes a missing path of the host, and else as mounts."""
    short: list[str] = []
    mounts: list[dict[str, Any]] = []
    for index, volume in enumerate(value):
        source = _source(volume, index, scope)
        if _is_short(volume):
            short.append(_short(source, volume))
        else:
            mounts.append(_mount(source, volume))
    return {**({"volumes": short} if short else {}), **({"mounts": mounts} if mounts else {})}


def _source(volume: Mapping[str, Any], index: int, scope: Scope) -> str:
    source = str(volume.get("source") or "")
    if volume["type"] == "bind":
        refuse_controllers(source, ("services", scope.name, "volumes", index, "source"), scope)
    return scope.given.volume(source) if volume["type"] == "volume" and source else source


def refuse_controllers(source: str, path: Path, scope: Scope) -> None:
    """Note a path that was written relative, which is one of the controller's files."""
    if scope.given.is_controllers(source):
        scope.problems.add(path, f"is written relative, which is {source} of the controller.", ELSEWHERE)


def _is_short(volume: Mapping[str, Any]) -> bool:
    """Whether the short form says all of it. A bind mount in the long form has its path made only where it says so."""
    if volume["type"] == "bind":
        bind = volume.get("bind")
        return bind is None or "selinux" in bind or ("create_host_path" in bind and "recursive" not in bind)
    return volume["type"] == "volume" and not {"labels", "subpath"} & set(volume.get("volume") or ())


def _short(source: str, volume: Mapping[str, Any]) -> str:
    if not source:
        return str(volume["target"])
    bind = volume.get("bind") or {}
    words = ["ro" if volume.get("read_only") else "rw", bind.get("selinux"), bind.get("propagation")]
    words += ["nocopy"] if (volume.get("volume") or {}).get("nocopy") else []
    return f"{source}:{volume['target']}:{','.join(filter(None, words))}"


def _mount(source: str, volume: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": volume["type"], "target": volume["target"]}
    made |= {"source": source} if source else {}
    made |= {"read_only": True} if volume.get("read_only") else {}
    bind, own = volume.get("bind") or {}, volume.get("volume") or {}
    made |= {"propagation": bind["propagation"]} if "propagation" in bind else {}
    made |= {_RECURSIVE[bind["recursive"]]: True} if bind.get("recursive") in _RECURSIVE else {}
    made |= {"create_mountpoint": True} if bind.get("create_host_path") else {}
    made |= {key: own[key] for key in ("labels", "subpath") if key in own}
    made |= {"no_copy": True} if own.get("nocopy") else {}
    made |= {"subpath": volume["image"]["subpath"]} if "subpath" in (volume.get("image") or {}) else {}
    return {**made, **_memory(volume.get("tmpfs") or {})}


def _memory(tmpfs: Mapping[str, Any]) -> dict[str, Any]:
    size = {"tmpfs_size": tmpfs["size"]} if "size" in tmpfs else {}
    return {**size, **({"tmpfs_mode": f"{tmpfs['mode']:o}"} if "mode" in tmpfs else {})}


def volumes_from(value: list[str], scope: Scope) -> Params:
    """SERVICE[:MODE] or container:NAME[:MODE]; of a service, its first container."""
    made = []
    for entry in value:
        if entry.startswith(CONTAINER):
            made.append(entry.removeprefix(CONTAINER))
        else:
            service, colon, mode = entry.partition(":")
            made.append(f"{scope.first_of(service, 'volumes_from')}{colon}{mode}")
    return {"volumes_from": made}
