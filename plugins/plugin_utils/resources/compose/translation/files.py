# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configs and secrets: files that are put into a service's containers before they start.

docker compose mounts those of a file from its own machine. The host has no such file; here all of them are put in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from ...container.options.put_file import PutFile
from .scope import Scope

# The directory that relative targets are in, and that of a file without a target.
_FOLDERS = {"configs": "/", "secrets": "/run/secrets/"}
_MODE = "0444"


def files(scope: Scope) -> tuple[PutFile, ...]:
    """The files of a service's containers."""
    return tuple(
        made
        for kind in _FOLDERS
        for index, entry in enumerate(scope.service.get(kind) or ())
        if (made := _file(kind, index, entry, scope)) is not None
    )


def _file(kind: str, index: int, entry: Mapping[str, Any], scope: Scope) -> PutFile | None:
    source = (scope.given.config.get(kind) or {}).get(entry["source"]) or {}
    content = _content(kind, entry["source"], source, scope)
    path = posixpath.join(_FOLDERS[kind], entry.get("target") or entry["source"])
    _require_place(kind, index, path, scope)
    for key in ("uid", "gid"):
        if not str(entry.get(key) or "0").isdigit():
            scope.refuse((kind, index, key), f"has the value {entry[key]!r}: it is no number.", "Write the number.")
            return None
    if content is None:
        return None
    return PutFile(
        path=path,
        content=content,
        mode=int(entry.get("mode") or _MODE, 8),
        uid=int(entry.get("uid") or 0),
        gid=int(entry.get("gid") or 0),
    )


def _content(kind: str, name: str, source: Mapping[str, Any], scope: Scope) -> bytes | None:
    """None where there is none, which is noted then."""
    if "content" in source:
        return str(source["content"]).encode()
    if variable := source.get("environment"):
        if variable in scope.given.variables:
            return scope.given.variables[variable].encode()
        scope.problems.add((kind, name, "environment"), f"names {variable}, which is not set.", "Set it in env.")
    if path := source.get("file"):
        try:
            return scope.given.read(path)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            scope.problems.add((kind, name, "file"), f"names {path}, which can't be read: {reason}.", "Correct it.")
    return None


def _require_place(kind: str, index: int, path: str, scope: Scope) -> None:
    """Refuse a file that would not be there, or could not be put there, when the container runs."""
    for target in [entry.partition(":")[0] for entry in scope.service.get("tmpfs") or ()] + [
        volume["target"] for volume in scope.service.get("volumes") or () if volume["type"] == "tmpfs"
    ]:
        if _below(path, target):
            remedy = "Give the file a target outside of it, or mount less."
            scope.refuse((kind, index), f"would be hidden by the tmpfs at {target}.", remedy)
    mounted = (volume["target"] for volume in scope.service.get("volumes") or () if volume["type"] == "volume")
    if scope.service.get("read_only") and not any(_below(path, target) for target in mounted):
        remedy = "Mount a volume where the file belongs, or leave out read_only."
        scope.refuse((kind, index), f"can't be put to {path} of a container with read_only.", remedy)


def _below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")
