# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mounts, the long way of writing volumes and tmpfs mounts, and where else volumes come from.

The normalised shape is ``{"/inside": {"type": …, "source": …, …}}`` with the suboptions that the task gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from . import volumes
from .row import Body, Inspect, Option, in_host

Mount = dict[str, Any]

SUBOPTIONS: dict[str, dict[str, Any]] = {
    "target": {"type": "str", "required": True},
    "source": {"type": "str"},
    "type": {
        "type": "str", "choices": ["bind", "npipe", "tmpfs", "volume", "cluster", "image"], "default": "volume",
    },
    "read_only": {"type": "bool"},
    "consistency": {"type": "str", "choices": ["cached", "consistent", "default", "delegated"]},
    "create_mountpoint": {"type": "bool"},
    "propagation": {
        "type": "str", "choices": ["private", "rprivate", "shared", "rshared", "slave", "rslave"],
    },
    "no_copy": {"type": "bool"},
    "non_recursive": {"type": "bool"},
    "read_only_non_recursive": {"type": "bool"},
    "read_only_force_recursive": {"type": "bool"},
    "labels": {"type": "dict"},
    "volume_driver": {"type": "str"},
    "volume_options": {"type": "dict"},
    "subpath": {"type": "str"},
    "tmpfs_size": {"type": "str"},
    "tmpfs_mode": {"type": "str"},
    "tmpfs_options": {"type": "list", "elements": "dict"},
}  # fmt: skip
# Where the engine wants a suboption, and the types of mounts that it is for.
_PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "create_mountpoint": (("BindOptions", "CreateMountpoint"), ("bind",)),
    "propagation": (("BindOptions", "Propagation"), ("bind",)),
    "non_recursive": (("BindOptions", "NonRecursive"), ("bind",)),
    "read_only_non_recursive": (("BindOptions", "ReadOnlyNonRecursive"), ("bind",)),
    "read_only_force_recursive": (("BindOptions", "ReadOnlyForceRecursive"), ("bind",)),
    "no_copy": (("VolumeOptions", "NoCopy"), ("volume",)),
    "labels": (("VolumeOptions", "Labels"), ("volume",)),
    "volume_driver": (("VolumeOptions", "DriverConfig", "Name"), ("volume",)),
    "volume_options": (("VolumeOptions", "DriverConfig", "Options"), ("volume",)),
    "subpath": (("VolumeOptions", "Subpath"), ("volume", "image")),
    "tmpfs_size": (("TmpfsOptions", "SizeBytes"), ("tmpfs",)),
    "tmpfs_mode": (("TmpfsOptions", "Mode"), ("tmpfs",)),
    "tmpfs_options": (("TmpfsOptions", "Options"), ("tmpfs",)),
    "read_only": (("ReadOnly",), ("bind", "volume", "tmpfs", "npipe", "cluster", "image")),
    "consistency": (("Consistency",), ("bind", "volume", "npipe", "cluster")),
}
_NEED_SOURCE = ("bind", "npipe", "cluster", "image")


def parse(option: str, value: list[Mapping[str, Any]]) -> dict[str, Mount]:
    mounts: dict[str, Mount] = {}
    for entry in value:
        target = str(entry["target"])
        if not target.startswith("/"):
            raise InvalidOption(f"{option}.target", target, "it is not an absolute path.", f"Write it as '/{target}'.")
        if (path := volumes.plain_path(target)) in mounts:
            problem = f'The mount point "{target}" appears twice in the {option} option'
            raise InvalidOption(option, target, f"{problem}.", "Mount it once.").known_as(problem)
        mounts[path] = _parse_one(option, {key: item for key, item in entry.items() if item is not None})
    return mounts


def _parse_one(option: str, entry: Mapping[str, Any]) -> Mount:
    kind = entry.get("type", "volume")
    source = volumes.plain_path(str(entry.get("source", "")))
    if kind in _NEED_SOURCE and not source:
        raise InvalidOption(f"{option}.source", None, f"a mount of type {kind} needs it.", "Say what is mounted.")
    if kind == "tmpfs" and source:
        raise InvalidOption(f"{option}.source", source, "a tmpfs has none.", "Leave it out.")
    if kind == "bind" and not source.startswith("/"):
        raise InvalidOption(f"{option}.source", source, "it is not an absolute path.", "Name a path of the host.")
    mount: Mount = {"type": kind, "source": source}
    for key in _PLACES.keys() & entry.keys():
        kinds = _PLACES[key][1]
        if kind not in kinds:
            raise InvalidOption(
                f"{option}.{key}", entry[key], f"it is not for mounts of type {kind}.",
                f"Leave it out, or use type {' or '.join(kinds)}.",
            )  # fmt: skip
        mount[key] = _PARSE.get(key, _as_given)(f"{option}.{key}", entry[key])
    return mount


def _as_given(option: str, value: Any) -> Any:
    return value


def _mode(option: str, value: Any) -> int:
    try:
        return int(str(value), 8)
    except ValueError:
        raise InvalidOption(option, value, "this is no file mode.", "Write it in octal, such as '1777'.") from None


def _subpath(option: str, value: Any) -> str:
    if str(value).startswith("/") or ".." in str(value).split("/"):
        raise InvalidOption(option, value, "it leads out of the volume.", "Write a relative path without '..'.")
    return str(value)


def _tmpfs_options(option: str, value: list[Mapping[str, Any]]) -> list[list[str]]:
    pairs = [pair for entry in value for pair in entry.items()]
    return [[str(key)] if item is None else [str(key), str(item)] for key, item in pairs]


_PARSE: dict[str, Callable[[str, Any], Any]] = {
    "tmpfs_size": parsers.size, "tmpfs_mode": _mode, "labels": parsers.driver_options,
    "volume_options": parsers.driver_options, "subpath": _subpath,
    "tmpfs_options": _tmpfs_options,
}  # fmt: skip


def read(inspect: Inspect, engine: Engine) -> dict[str, Mount]:
    """What the engine lists of every mount, and on Docker all that was given."""
    found: dict[str, Mount] = {
        volumes.plain_path(mount["Destination"]): {
            "type": mount.get("Type"),
            "source": volumes.read_source(mount),
            "read_only": not mount.get("RW"),
            "propagation": mount.get("Propagation") or "rprivate",
        }
        for mount in inspect.get("Mounts") or []
    }
    for target in volumes.read_tmpfs(inspect, engine):
        found.setdefault(target, {"type": "tmpfs", "source": ""})
    for mount in (inspect.get("HostConfig") or {}).get("Mounts") or []:
        found[volumes.plain_path(mount["Target"])] = _given(mount)
    return found


def from_elsewhere(inspect: Inspect, engine: Engine) -> dict[str, Mount]:
    """What is there by another option, or the image's: no drift of this one."""
    given = {volumes.plain_path(mount["Target"]) for mount in (inspect.get("HostConfig") or {}).get("Mounts") or []}
    return {target: mount for target, mount in read(inspect, engine).items() if target not in given}


def _given(mount: Mapping[str, Any]) -> Mount:
    result: Mount = {"type": mount["Type"], "source": mount.get("Source") or ""}
    for key in _PLACES:
        value: Any = mount
        for part in _place(key, mount["Type"]):
            value = (value or {}).get(part)
        result[key] = value
    return result


def _place(key: str, kind: str) -> tuple[str, ...]:
    """Where the engine wants a suboption of a mount of this type."""
    return ("ImageOptions", "Subpath") if (key, kind) == ("subpath", "image") else _PLACES[key][0]


def equal(desired: Mount, actual: Mount) -> bool:
    """Nothing and an empty value are the same; what the engine does not tell is not compared."""
    told = {key: value for key, value in desired.items() if key in actual}
    return all((actual[key] or None) == (value or None) for key, value in told.items())


def write(body: Body, mounts: dict[str, Mount], engine: Engine) -> None:
    """The long way, or the short one where there is one and the engine misreads the long one."""
    host = body.setdefault("HostConfig", {})
    rest = []
    for target, mount in mounts.items():
        if engine.misreads_long_mounts and mount["type"] == "tmpfs":
            host["Tmpfs"] = {**host.get("Tmpfs", {}), target: _tmpfs(mount)}
        elif engine.misreads_long_mounts and mount["type"] in ("bind", "volume") and mount["source"]:
            host.setdefault("Binds", []).append(_bind(target, mount))
        else:
            rest.append(_mount(target, mount))
    if rest:
        host["Mounts"] = rest


def _bind(target: str, mount: Mount) -> str:
    modes = ["ro" if mount.get("read_only") else "rw"]
    modes += [mount["propagation"]] if mount.get("propagation") else []
    modes += ["bind"] if mount.get("non_recursive") else []
    modes += ["nocopy"] if mount.get("no_copy") else []
    return f"{mount['source']}:{target}:{','.join(modes)}"


def _mount(target: str, mount: Mount) -> dict[str, Any]:
    written: dict[str, Any] = {"Target": target, "Type": mount["type"], "Source": mount["source"]}
    for key in mount.keys() & _PLACES.keys():
        path = _place(key, mount["type"])
        place = written
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = mount[key]
    return written


def _tmpfs(mount: Mount) -> str:
    options = ["ro"] if mount.get("read_only") else []
    options += [f"size={mount['tmpfs_size']}"] if mount.get("tmpfs_size") else []
    options += [f"mode={mount['tmpfs_mode']:o}"] if mount.get("tmpfs_mode") else []
    return ",".join([*options, *("=".join(option) for option in mount.get("tmpfs_options", []))])


def require_apart(given: Mapping[str, Any]) -> None:
    """Two options cannot mount to the same place.

    :raises InvalidOption: for the first such place.
    """
    for other in ("volumes", "tmpfs"):
        for target in given.get("mounts", {}):
            if target in given.get(other, {}):
                problem = f'The mount point "{target}" appears both in the {other} and mounts option'
                raise InvalidOption("mounts", target, f"{problem}.", "Mount it once.").known_as(problem)


def parse_from(option: str, value: list[str]) -> list[str]:
    """Sorted names of containers, with :ro behind those that are read-only."""
    found = []
    for entry in value:
        name, _colon, mode = str(entry).partition(":")
        if mode not in ("", "rw", "ro"):
            raise InvalidOption(option, entry, f"there is no mode {mode!r}.", "Use ro or rw, or leave it out.")
        found.append(f"{parsers.name(option, name)}:ro" if mode == "ro" else parsers.name(option, name))
    return sorted(set(found))


def canonical_from(names: list[str], engine: Engine) -> list[str]:
    return sorted(name.removesuffix(":rw") for name in names)


ROWS: tuple[Option, ...] = (
    Option(
        "mounts", {"type": "list", "elements": "dict", "options": SUBOPTIONS}, "dict",
        parse=parse, read=read, write=write, equal=equal, engine_own=from_elsewhere,
    ),
    in_host("volume_driver", {"type": "str"}, "VolumeDriver", "", parsers.text),
    in_host(
        "volumes_from", {"type": "list", "elements": "str"}, "VolumesFrom", [], parse_from,
        kind="set", canonical=canonical_from,
    ),
)  # fmt: skip


def named_volumes(values: Mapping[str, Any]) -> set[str]:
    """The names of the volumes that a container with these options is made with."""
    bound = (volume["source"] for volume in (values.get("volumes") or {}).values())
    mounted = (mount.get("source") for mount in (values.get("mounts") or {}).values() if mount["type"] == "volume")
    return {source for source in (*bound, *mounted) if source and not source.startswith("/")}
