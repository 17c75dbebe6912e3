# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a create body mounts, in the words of Podman's own API, as Podman itself translates it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption

Native = dict[str, Any]
# What Podman gives the places that a container with a read-only root can write to, where a request has to name them.
_WRITABLE = ["rw", "rprivate", "nosuid", "nodev", "tmpcopyup"]


def binds(native: Native, entries: Iterable[str]) -> None:
    for entry in entries:
        source, target, modes = entry.split(":")
        options = [one for one in modes.split(",") if one not in ("consistent", "delegated", "cached")]
        if source.startswith("/"):
            _mount(native, target, "bind", source, options)
        else:
            _volume(native, target, source, options)


def anonymous_volumes(native: Native, targets: Iterable[str]) -> None:
    for target in targets:
        _volume(native, target, "", [])


def tmpfs(native: Native, mounts: Mapping[str, str]) -> None:
    for target, options in mounts.items():
        _mount(native, target, "tmpfs", "tmpfs", options.split(",") if options else [])


def mounts(native: Native, entries: Iterable[Mapping[str, Any]]) -> None:
    """Those that ``options/mounts.py`` leaves in the long form on Podman: anonymous volumes, and images."""
    for entry in entries:
        if entry["Type"] == "image":
            image = {"Source": entry["Source"], "Destination": entry["Target"], "ReadWrite": False}
            native.setdefault("image_volumes", []).append(image)
        elif entry["Type"] == "volume":
            _volume(native, entry["Target"], entry["Source"], ["ro"] if entry.get("ReadOnly") else [])
        else:
            raise InvalidOption(
                "mounts.type", entry["Type"], "Podman has no such mounts.", "Use bind, image, tmpfs or volume."
            )


def read_only_root(native: Native, read_only: bool, writable: bool, engine: Engine) -> None:
    """
    :param writable: whether there are places that can be written to all the same. Old Podman's own API does not add
        them by itself, as the other one does.
    """
    native["read_only_filesystem"] = read_only
    native["read_write_tmpfs"] = read_only and writable
    taken = {one["destination"] for one in native.get("mounts", ())}
    for target in sorted(engine.read_only_adds_tmpfs - taken) if read_only and writable else ():
        _mount(native, target, "tmpfs", "tmpfs", _WRITABLE)


def _mount(native: Native, target: str, kind: str, source: str, options: list[str]) -> None:
    entry: Native = {"destination": target, "type": kind, "source": source}
    native.setdefault("mounts", []).append({**entry, **({"options": options} if options else {})})


def _volume(native: Native, target: str, name: str, options: list[str]) -> None:
    entry: Native = {"Name": name, "Dest": target}
    native.setdefault("volumes", []).append({**entry, **({"Options": options} if options else {})})
