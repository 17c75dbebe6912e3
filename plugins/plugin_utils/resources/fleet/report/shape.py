# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape that a snapshot of a fleet has, as far as the report relies on it; snapshots come from files, too.

Keys that are not named here are let through and never looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ....errors import InvalidOption
from ....telling import shortened

Snapshot = Mapping[str, Any]
Check = Callable[[Any], None]
_LONGEST = 80  # characters of a value in a message: a name, not a text


class _Wrong(Exception):
    """A value that is not what is wanted; ``path`` grows from the inside out."""

    def __init__(self, wanted: str, value: Any) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.value = value
        self.path: list[str | int] = []


def _kind(wanted: str, *kinds: type) -> Check:
    def check(value: Any) -> None:
        # JSON's true and false are numbers for Python
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise _Wrong(wanted, value)
        if isinstance(value, float) and not math.isfinite(value):
            raise _Wrong(wanted, value)

    return check


def _maybe(inner: Check) -> Check:
    """That, or null."""
    return lambda value: None if value is None else inner(value)


def _each(items: Any, inner: Check) -> None:
    for key, value in items:
        try:
            inner(value)
        except _Wrong as wrong:
            wrong.path.insert(0, key)
            raise


def _many(inner: Check) -> Check:
    """A list of these."""

    def check(value: Any) -> None:
        if not isinstance(value, (list, tuple)):
            raise _Wrong("a list", value)
        _each(enumerate(value), inner)

    return check


def _named(inner: Check) -> Check:
    """A mapping of any names to these."""

    def check(value: Any) -> None:
        _a_mapping(value)
        _each(value.items(), inner)

    return check


def _having(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """A mapping with these keys, and maybe those."""

    def check(value: Any) -> None:
        _a_mapping(value)
        for key, inner in required.items():
            if key not in value:
                raise _Wrong(f"a mapping with the key {key!r}", value)
            _each([(key, value[key])], inner)
        for key, inner in optional.items():
            if key in value:
                _each([(key, value[key])], inner)

    return check


def _a_mapping(value: Any) -> None:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise _Wrong("a mapping with texts as keys", value)


_TEXT = _kind("a text", str)
_NUMBER = _kind("a number", int, float)
_TRUTH = _kind("true or false", bool)
_TEXT_OR_NUMBER = _maybe(_kind("a text or a number", str, int))

_CONTAINER = _having(
    {"name": _TEXT, "id": _TEXT, "image": _maybe(_TEXT), "image_id": _maybe(_TEXT), "status": _TEXT},
    {
        "command": _maybe(_kind("a text or a list", str, list)),  # a list of a container that was inspected
        "health": _maybe(_TEXT),
        "labels": _maybe(_named(_maybe(_TEXT))),
        "networks": _maybe(_named(lambda value: None)),
        "ports": _maybe(_named(_maybe(_many(_having({}, {"host_ip": _maybe(_TEXT), "host_port": _TEXT_OR_NUMBER}))))),
        "said": _maybe(_TEXT),
    },
)
_ENGINE = _having(
    {"engine": _having({"name": _TEXT}, {"version": _maybe(_TEXT)})},
    {"containers": _many(_CONTAINER), "disk": _maybe(_named(_having({"size": _NUMBER}, {})))},
)
_FAILURE = {"kind": _maybe(_TEXT), "message": _TEXT, "hint": _maybe(_TEXT)}
_HOST = _having(
    {"host": _TEXT, "groups": _many(_TEXT), "reached": _TRUTH, "complete": _TRUTH, "engines": _many(_ENGINE)},
    {"error": _maybe(_having({}, _FAILURE))},
)
_VERSION = _having({"id": _maybe(_TEXT), "hosts": _many(_TEXT), "containers": _NUMBER}, {})
_PORT = _having(
    {"host": _TEXT, "container": _TEXT, "port": _TEXT, "host_port": _TEXT_OR_NUMBER}, {"host_ip": _maybe(_TEXT)}
)
_TOTALS = _having(
    {},
    {
        "hosts": _named(_NUMBER),
        "containers": _named(_NUMBER),
        "images": _many(_having({"image": _maybe(_TEXT), "versions": _many(_VERSION)}, {})),
        "ports": _many(_PORT),
    },
)
_SNAPSHOT = _having({"hosts": _many(_HOST), "totals": _TOTALS}, {})


def checked(value: Any, option: str, name: str = "") -> Snapshot:
    """A snapshot that has the shape of what ``remote_fleet_info`` returns.

    :param option: which option gave it, for the message.
    :param name: which of several that the option gives, '' of the only one.
    :raises InvalidOption: says where in it which value is wrong; the whole snapshot is never repeated.
    """
    try:
        _SNAPSHOT(value)
    except _Wrong as wrong:
        raise _refused(option, wrong, name) from None
    return value


def _refused(option: str, wrong: _Wrong, name: str) -> InvalidOption:
    place = f"in {name}, {_written(wrong.path)}" if name else _written(wrong.path)
    problem = f"{place} must be {wrong.wanted}, and is {_described(wrong.value)}."
    remedy = "Give what sshfleet.containers.remote_fleet_info has returned, unchanged."
    error = InvalidOption(option, wrong.value if isinstance(wrong.value, str) else place, problem, remedy)
    error.message = f"Option {option!r} is no snapshot of a fleet: {problem}"
    return error


def _written(path: list[str | int]) -> str:
    """hosts[3].engines[0].containers"""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shortened(part, _LONGEST)}" for part in path)
    text = "".join(parts)
    return text.removeprefix(".") or "it"


def _described(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        keys = ", ".join(shortened(str(key), _LONGEST) for key in list(value)[:5])
        return f"a mapping with the keys {keys or '(none)'}{' and more' if len(value) > 5 else ''}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    return shortened(repr(value), _LONGEST)
