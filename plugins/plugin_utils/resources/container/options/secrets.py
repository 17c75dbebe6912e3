# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Podman's secrets in a container: their names, never their values.

The normalised shape is a sorted list of texts in which nothing is left out, ``db,type=env,target=DB_PASSWORD`` or
``db,type=mount,target=/run/secrets/db,uid=0,gid=0,mode=0444``. Podman tells of none of them all, so that our label
keeps them as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared.parsers import object_name
from . import applied
from .row import NATIVE, Body, Inspect

OPTION = "secrets"
MOUNT, ENVIRONMENT = "mount", "env"
_OF_FILES = ("uid", "gid", "mode")
_KEYS = {"type", "target", *_OF_FILES}
_DIRECTORY = "/run/secrets/"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NUMBER = re.compile(r"[0-9]{1,9}")
_MODE = re.compile(r"0?[0-7]{1,4}")
_NOTATION = (
    "Write NAME, or with options behind commas: type=mount (or env), target=PATH (or the variable's name), uid=0, "
    "gid=0, mode=0444."
)


def parse(option: str, value: list[str]) -> list[str]:
    found: dict[tuple[str, str], str] = {}
    files: dict[str, str] = {}  # by secret, owner and mode, of which Podman keeps one file for all its targets
    for entry in value:
        place, text = _parse_one(option, str(entry))
        if place in found:
            raise InvalidOption(option, entry, f"{place[1]} is there twice.", "Give each a target of its own.")
        found[place] = text
        name, parts = parts_of(text)
        owner = ",".join(f"{key}={parts[key]}" for key in _OF_FILES if key in parts)
        if owner and files.setdefault(name, owner) != owner:
            raise InvalidOption(
                option, entry, f"{name} is mounted twice, with another owner or mode.",
                "Give both the same: Podman has one file of a secret for a container.",
            )  # fmt: skip
    return sorted(found.values())


def _parse_one(option: str, entry: str) -> tuple[tuple[str, str], str]:
    name, *words = entry.split(",")
    parts = dict(word.partition("=")[::2] for word in words)
    name = name.removeprefix("source=")
    if len(parts) < len(words) or set(parts) - _KEYS or any(not part for part in parts.values()):
        raise InvalidOption(option, entry, "this is no secret of a container.", _NOTATION)
    object_name("secret", option, name)
    kind, target = parts.get("type", MOUNT), parts.get("target", name)
    if kind == ENVIRONMENT:
        if set(parts).intersection(_OF_FILES) or not _VARIABLE.fullmatch(target):
            raise InvalidOption(option, entry, "a variable has a name, and neither owner nor mode.", _NOTATION)
        return (kind, target), f"{name},type={kind},target={target}"
    owner, group, mode = (parts.get(key, usual) for key, usual in (("uid", "0"), ("gid", "0"), ("mode", "0444")))
    if kind != MOUNT or not (_NUMBER.fullmatch(owner) and _NUMBER.fullmatch(group) and _MODE.fullmatch(mode)):
        raise InvalidOption(option, entry, "this is no secret of a container.", _NOTATION)
    path = target if target.startswith("/") else _DIRECTORY + target
    return (kind, path), f"{name},type={kind},target={path},uid={int(owner)},gid={int(group)},mode={int(mode, 8):04o}"


def parts_of(text: str) -> tuple[str, dict[str, str]]:
    """The secret's name and the options behind it, of one that is normalised."""
    name, *words = text.split(",")
    return name, dict(word.partition("=")[::2] for word in words)


def names(secrets: list[str]) -> list[str]:
    return sorted({parts_of(text)[0] for text in secrets})


def kept(secrets: list[str], engine: Engine) -> list[str]:
    """For our label: all of it, of which nothing is secret."""
    return list(secrets)


def read(inspect: Inspect, engine: Engine) -> Any:
    """Of one that somebody else has made, nobody knows."""
    label = applied.read(inspect)
    return applied.UNKNOWN if label is None else list(label.get(OPTION, ()))


def variables(inspect: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name of the variable, name of the secret) of each variable of a container that has its value from a secret, as
    our label has them. Podman shows it under its own name, with its value, and since 5.3 under the secret's, without.
    """
    for text in (applied.read(inspect) or {}).get(OPTION, ()):
        name, parts = parts_of(str(text))
        if parts.get("type") == ENVIRONMENT:
            yield parts.get("target", ""), name


def write(body: Body, secrets: list[str], engine: Engine) -> None:
    own = body.setdefault(NATIVE, {})
    mounts, environment = [], {}
    for name, parts in map(parts_of, secrets):
        if parts["type"] == ENVIRONMENT:
            environment[parts["target"]] = name
        else:
            numbers = {"UID": int(parts["uid"]), "GID": int(parts["gid"]), "Mode": int(parts["mode"], 8)}
            mounts.append({"Source": name, "Target": parts["target"].removeprefix(_DIRECTORY), **numbers})
    own.update({key: value for key, value in (("secrets", mounts), ("secret_env", environment)) if value})
