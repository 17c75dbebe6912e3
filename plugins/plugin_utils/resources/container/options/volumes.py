# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes and tmpfs mounts.

The normalised shape of volumes is ``{"/inside": {"source": "/host" | "name" | "", "mode": "rw" | "ro", …}}``, with
``propagation`` where the task names one, of a path of the host ``label`` (z, Z or neither) where it is reported, and
``flags`` (nocopy, …) that are applied at creation and not compared: the engines do not report them alike. An empty
source is an anonymous volume.
The normalised shape of tmpfs is ``{"/inside": "option,option"}``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from .row import Body, Inspect

Volume = dict[str, Any]

_PROPAGATION = frozenset({"private", "rprivate", "shared", "rshared", "slave", "rslave"})
_LABELS = frozenset({"z", "Z"})
_FLAGS = _LABELS | {"nocopy", "consistent", "delegated", "cached"}
_MODES = frozenset({"ro", "rw"}) | _PROPAGATION | _FLAGS
_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
_NOTATION = (
    "Write /host/path:/path/inside or name:/path/inside, with a mode such as :ro behind it, or /path/inside for an "
    "anonymous volume, which is always :rw."
)


def parse(option: str, value: list[str]) -> dict[str, Volume]:
    volumes: dict[str, Volume] = {}
    for entry in value:
        target, volume = _parse_one(option, str(entry))
        if target in volumes:
            raise InvalidOption(option, entry, _twice(target, option), "Mount it once.")
        volumes[target] = volume
    return volumes


def _parse_one(option: str, entry: str) -> tuple[str, Volume]:
    source, target, modes = _split(option, entry)
    if not target.startswith("/"):
        raise InvalidOption(option, entry, f"the path inside, {target!r}, is not absolute.", _NOTATION)
    if source and not source.startswith("/") and not parsers.NAME_PATTERN.fullmatch(source):
        raise InvalidOption(
            option, entry, f"{source!r} is neither an absolute path on the target nor a volume's name.", _NOTATION
        )
    unknown = [mode for mode in modes if mode not in _MODES]
    if unknown:
        raise InvalidOption(option, entry, f"there is no mode {unknown[0]!r}.", f"Use {', '.join(sorted(_MODES))}.")
    volume: Volume = {"source": plain_path(source), "mode": "ro" if "ro" in modes else "rw"}
    for mode in _PROPAGATION.intersection(modes):
        volume["propagation"] = mode
    if source.startswith("/"):
        volume["label"] = _label(modes)
    if flags := [mode for mode in modes if mode in _FLAGS]:
        volume["flags"] = flags
    return plain_path(target), volume


def _twice(target: str, option: str) -> str:
    return f'The mount point "{target}" appears twice in the {option} option.'


def _split(option: str, entry: str) -> tuple[str, str, list[str]]:
    parts = entry.split(":")
    if len(parts) == 1 or parts[1:] == ["rw"]:
        return "", parts[0], []
    if not parts[0] or len(parts) > 3:
        raise InvalidOption(option, entry, "this is no volume.", _NOTATION)
    return parts[0], parts[1], parts[2].split(",") if len(parts) == 3 else []


def _label(modes: list[str]) -> str:
    """How the host's files are labelled for SELinux; the engines do that at creation."""
    return next((mode for mode in modes if mode in _LABELS), "")


def plain_path(path: str) -> str:
    return posixpath.normpath(path) if path.startswith("/") else path


def read(inspect: Inspect, engine: Engine) -> dict[str, Volume]:
    return {
        plain_path(mount["Destination"]): _read_one(mount, engine)
        for mount in inspect.get("Mounts") or []
        if mount.get("Type") in ("bind", "volume")
    }


def _read_one(mount: Mapping[str, Any], engine: Engine) -> Volume:
    label = {"label": _label(str(mount.get("Mode") or "").split(","))} if engine.reports_bind_labels else {}
    return {
        "source": read_source(mount),
        "mode": "rw" if mount.get("RW") else "ro",
        "propagation": mount.get("Propagation") or "rprivate",
        **label,
    }


def read_source(mount: Mapping[str, Any]) -> str:
    """The host's path or the volume's name, '' for an anonymous volume."""
    name = mount.get("Name") or ""
    return plain_path(mount["Source"]) if mount["Type"] == "bind" else "" if _ANONYMOUS.fullmatch(name) else name


def from_image(inspect: Inspect, engine: Engine) -> dict[str, Volume]:
    """Anonymous volumes in a container are the image's or of no meaning by themselves: no drift."""
    return {target: volume for target, volume in read(inspect, engine).items() if not volume["source"]}


def equal(desired: Volume, actual: Volume | None) -> bool:
    if actual is None:
        return False
    compared = [key for key in desired if key != "flags" and (key != "label" or key in actual)]
    return all(actual.get(key) == desired[key] for key in compared)


def write(body: Body, volumes: dict[str, Volume], engine: Engine) -> None:
    host = body.setdefault("HostConfig", {})
    host["Binds"] = [_bind(target, volume) for target, volume in volumes.items() if volume["source"]]
    body["Volumes"] = {target: {} for target, volume in volumes.items() if not volume["source"]}


def reword(body: Body, given: list[str]) -> None:
    """The entries of a task as they stand there, with the mode that holds where none does."""
    entries = [str(entry).split(":") for entry in given]
    binds = [":".join([*parts, "rw"][:3]) for parts in entries if parts[1:] and parts[1].startswith("/")]
    body["HostConfig"]["Binds"] = binds


def _bind(target: str, volume: Volume) -> str:
    modes = [volume["mode"], *([volume["propagation"]] if "propagation" in volume else []), *volume.get("flags", [])]
    return f"{volume['source']}:{target}:{','.join(modes)}"


def parse_tmpfs(option: str, value: list[str]) -> dict[str, str]:
    mounts: dict[str, str] = {}
    for entry in value:
        target, _colon, options = str(entry).partition(":")
        if not target.startswith("/"):
            raise InvalidOption(option, entry, "the path is not absolute.", "Write it like /run or /run:size=64m,ro.")
        if plain_path(target) in mounts:
            raise InvalidOption(option, entry, _twice(target, option), "Mount it once.")
        for single in options.split(","):
            _tmpfs_option(single)  # refuses a bad size
        mounts[plain_path(target)] = options
    return mounts


def read_tmpfs(inspect: Inspect, engine: Engine) -> dict[str, str]:
    mounts = (inspect.get("HostConfig") or {}).get("Tmpfs") or {}
    return {plain_path(target): options or "" for target, options in mounts.items()}


def canonical_tmpfs(mounts: dict[str, str], engine: Engine) -> dict[str, str]:
    """Sizes in bytes, sorted, without what the engine appends or what holds anyway."""
    implied = engine.added_tmpfs_options | {"rw"}
    return {
        target: ",".join(sorted({_tmpfs_option(o) for o in options.split(",") if o} - implied))
        for target, options in mounts.items()
    }


def _tmpfs_option(option: str) -> str:
    key, _equals, value = option.partition("=")
    if key == "size" and not value.endswith("%"):
        return f"size={parsers.size('tmpfs', value)}"
    if key == "mode":
        return f"mode={value.lstrip('0') or '0'}"
    return option


def read_only_tmpfs(inspect: Inspect, engine: Engine) -> dict[str, str]:
    """The tmpfs mounts that the engine adds to a container with a read-only root."""
    return {
        target: options
        for target, options in read_tmpfs(inspect, engine).items()
        if target in engine.read_only_adds_tmpfs
    }
