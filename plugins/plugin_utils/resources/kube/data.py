# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ConfigMaps and Secrets of a YAML hold, and what pods take of it: variables and files. Pure.

Podman reads secrets differently in each version (4.3 gives files of one in base64, and can't make variables of one),
and up to 5.4 lets envFrom win over env. So variables and files are made here, as Kubernetes does it, and are played as
plain values and as ConfigMaps; a Secret that the YAML has not is left to Podman, for it is never read from the host.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from ...compose.problems import Path
from ...dataclass import dataclass
from .reading import CONFIG_MAP, SECRET, Found, Object

Files = Mapping[str, bytes]
_NOTHING: Any = object()  # in the place of a value that need not be there


@dataclass(frozen=True)
class Store:
    """The data of the YAML's ConfigMaps and Secrets, each by name."""

    config_maps: Mapping[str, Files] = field(default_factory=dict)
    secrets: Mapping[str, Files] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, Files]:
        return self.secrets if kind == SECRET else self.config_maps


@dataclass(frozen=True)
class Variables:
    """The variables of a container: ``plain`` and ``secret`` by name with their values, and ``left`` those entries of
    env and envFrom that only Podman can make.
    """

    plain: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)
    left: tuple[Mapping[str, Any], ...] = ()
    left_from: tuple[Mapping[str, Any], ...] = ()


def store(objects: Iterable[Object], found: Found) -> Store:
    """What the ConfigMaps and Secrets among these hold; what is no base64 is noted."""
    kinds: dict[str, dict[str, Files]] = {CONFIG_MAP: {}, SECRET: {}}
    for one in objects:
        if one.kind == CONFIG_MAP:
            data = {key: value.encode() for key, value in (one.body.get("data") or {}).items()}
            more = dict(_decoded(one, "binaryData", found))
            for key in sorted({*data} & {*more}):
                found.add(one, ("binaryData", key), "stands in data, too.", "Take one of them out.")
            kinds[CONFIG_MAP][one.name] = {**data, **more}
        elif one.kind == SECRET:
            given = {key: value.encode() for key, value in (one.body.get("stringData") or {}).items()}
            kinds[SECRET][one.name] = {**dict(_decoded(one, "data", found)), **given}
    return Store(kinds[CONFIG_MAP], kinds[SECRET])


def _decoded(one: Object, field_name: str, found: Found) -> Iterator[tuple[str, bytes]]:
    for key, value in (one.body.get(field_name) or {}).items():
        try:
            yield key, base64.b64decode("".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            text = " Write it as text into stringData." if one.kind == SECRET else " Write it as text into data."
            found.add(one, (field_name, key), "is no base64.", text.strip())


def encoded(data: Files) -> dict[str, str]:
    """As the fields ``data`` of a Secret and ``binaryData`` of a ConfigMap have it."""
    return {key: base64.b64encode(value).decode() for key, value in sorted(data.items())}


class Taking:
    """What one object takes of the data."""

    def __init__(self, one: Object, data: Store, found: Found) -> None:
        self._one, self._data, self._found = one, data, found
        self.of_host: set[str] = set()  # the secrets that the host must have

    def variables(self, container: Mapping[str, Any], path: Path) -> Variables:
        """The variables of a container, env before envFrom, as Kubernetes has it."""
        plain: dict[str, str] = {}
        secret: dict[str, str] = {}
        left, left_from = [], []
        for index, entry in enumerate(container.get("envFrom") or ()):
            if not self._all_of(entry, (*path, "envFrom", index), plain, secret):
                left_from.append(entry)
        for index, entry in enumerate(container.get("env") or ()):
            where = (*path, "env", index)
            made = self._one_of(entry, where, plain, secret)
            if not made:
                left.append(entry)
        return Variables(plain, secret, tuple(left), tuple(left_from))

    def _all_of(self, entry: Mapping[str, Any], path: Path, plain: dict[str, str], secret: dict[str, str]) -> bool:
        for key, kind, into, other in (
            ("configMapRef", CONFIG_MAP, plain, secret),
            ("secretRef", SECRET, secret, plain),
        ):
            if key not in entry:
                continue
            data = self._held(kind, entry[key]["name"], bool(entry[key].get("optional")), (*path, key))
            if data is None:
                return False
            for name, value in data.items():
                whole = f"{entry.get('prefix', '')}{name}"
                other.pop(whole, None)
                into[whole] = self._as_text(value, (*path, key), name)
        return True

    def _one_of(self, entry: Mapping[str, Any], path: Path, plain: dict[str, str], secret: dict[str, str]) -> bool:
        name, source = entry["name"], entry.get("valueFrom") or {}
        for key, kind, into, other in (
            ("configMapKeyRef", CONFIG_MAP, plain, secret),
            ("secretKeyRef", SECRET, secret, plain),
        ):
            if key in source:
                where = (*path, "valueFrom", key)
                value = self._value(kind, source[key], where)
                if value is None:
                    return False
                if value is not _NOTHING:
                    other.pop(name, None)
                    into[name] = self._as_text(value, where, source[key]["key"])
                return True
        if source:
            return False
        secret.pop(name, None)
        plain[name] = entry.get("value", "")
        return True

    def _value(self, kind: str, ref: Mapping[str, Any], path: Path) -> Any:
        """A value's bytes, or _NOTHING; None where the host may have it."""
        optional = bool(ref.get("optional"))
        data = self._held(kind, ref["name"], optional, path)
        if data is None:
            return None
        if ref["key"] in data:
            return data[ref["key"]]
        if not optional and (data or ref["name"] in self._data.of(kind)):
            self._no_key(kind, ref["name"], ref["key"], (*path, "key"))
        return _NOTHING

    def files(self, kind: str, source: Mapping[str, Any], path: Path) -> Files | None:
        """The files of a volume; None where only Podman can make them, or there are none to be."""
        name = source["secretName" if kind == SECRET else "name"]
        data = self._held(kind, name, bool(source.get("optional")), path)
        if data is None or "items" not in source:
            return data
        made = {}
        for index, item in enumerate(source["items"]):
            if item["key"] in data:
                made[item["path"]] = data[item["key"]]
            elif not source.get("optional"):
                self._no_key(kind, name, item["key"], (*path, "items", index, "key"))
        return made

    def _held(self, kind: str, name: str, optional: bool, path: Path) -> Files | None:
        """What is in one; {} where there is none and need not be; None where the host may have it."""
        data = self._data.of(kind).get(name)
        if data is not None:
            return data
        if kind == SECRET:
            if not optional:
                self.of_host.add(name)
            return None
        if not optional:
            remedy = "Add it to the YAML, or name its file in configmaps."
            self._found.add(self._one, path, f"there is no ConfigMap {name}.", remedy)
        return {}

    def _no_key(self, kind: str, name: str, key: str, path: Path) -> None:
        self._found.add(self._one, path, f"the {kind} {name} has no {key!r}.", "Correct the key, or add it there.")

    def _as_text(self, value: bytes, path: Path, key: str) -> str:
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            self._found.add(self._one, path, f"{key!r} is no text, and can't be a variable.", "Mount it as a file.")
            return ""
        return text
