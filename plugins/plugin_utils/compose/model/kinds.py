# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How values of a model are written in the result: one function for each kind of key.

A kind gets a value in the one form that ``canonical`` leaves, and returns what ``docker compose config --format json``
prints for it, or OMIT where that prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import pack
from typing import Any

from ..problems import Path, Problems
from ..reading.scalars import go_text
from .durations import BadDuration, duration_text, nanoseconds
from .sizes import BadSize, size

OMIT: Any = object()
Kind = Callable[[Any, Path, Problems], Any]


def optional(kind: Kind) -> Kind:
    """Printed as soon as it is written, also where the value says nothing."""

    def work(value: Any, path: Path, problems: Problems) -> Any:
        if value is None:
            return OMIT
        made = kind(value, path, problems)
        return _NOTHING.get(kind, made) if made is OMIT else made

    return work


def text(value: Any, path: Path, problems: Problems) -> Any:
    if value is None or value == "":
        return OMIT
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    problems.add(path, "must be a text.", "Put it into quotes.", go_text(value))
    return OMIT


def boolean(value: Any, path: Path, problems: Problems) -> Any:
    if isinstance(value, str) and value.lower() in _WORDS:
        value = _WORDS[value.lower()]
    if value is not None and not isinstance(value, bool):
        problems.add(path, "must be true or false.", "", value)
    return True if value is True else OMIT


_WORDS = {
    **dict.fromkeys(("true", "y", "yes", "on"), True),
    **dict.fromkeys(("false", "n", "no", "off"), False),
}


def integer(value: Any, path: Path, problems: Problems) -> Any:
    try:
        number = int(value or 0)
    except (TypeError, ValueError, OverflowError):
        problems.add(path, "must be a whole number.", "", value)
        return OMIT
    return number or OMIT


def unsigned(value: Any, path: Path, problems: Problems) -> Any:
    """A whole number that is no text."""
    if isinstance(value, str):
        problems.add(path, "must be a number, and is a text.", "Leave the quotes out.", value)
        return OMIT
    return integer(value, path, problems)


def number(value: Any, path: Path, problems: Problems) -> Any:
    """A number of Go's float32, with as few digits as tell it apart from others."""
    try:
        return single(float(value or 0)) or OMIT
    except (TypeError, ValueError, OverflowError):
        problems.add(path, "must be a number.", "", value)
        return OMIT


def single(value: float) -> float | int:
    """The shortest number that is the same in 32 bits.

    :raises OverflowError, ValueError: there is none: it is too large, or no number.
    """
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if _in_32_bits(short) == _in_32_bits(value):
            return int(short) if short == int(short) else short
    return value


def _in_32_bits(value: float) -> bytes:
    return pack("<f", value)


_NOTHING: dict[Kind, Any] = {boolean: False, integer: 0, number: 0}


def size_text(value: Any, path: Path, problems: Problems) -> Any:
    """A number of bytes, as a text of digits."""
    if value is None or value == "":
        return OMIT
    try:
        found = size(value)
    except BadSize as error:
        problems.add(path, error.problem, error.remedy, value)
        return OMIT
    return str(found) if found else OMIT


def duration(value: Any, path: Path, problems: Problems) -> Any:
    try:
        found = nanoseconds(go_text(value)) if value is not None else 0
    except BadDuration as error:
        problems.add(path, str(error), "Write a number with its unit: 90s, 1m30s, 500ms, 2h.", value)
        return OMIT
    return duration_text(found) if found else OMIT


_NOTHING[duration] = "0s"


def texts(value: Any, path: Path, problems: Problems) -> Any:
    """A list of texts; one text is a list of it."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    made = [text(item, (*path, index), problems) for index, item in enumerate(items)]
    return ["" if item is OMIT else item for item in made] or OMIT


def any_texts(value: Any, _path: Path, _problems: Problems) -> Any:
    """A list of texts or numbers, which become texts."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [go_text(item) for item in items] or OMIT


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    items = value if isinstance(value, list) else []
    parted = [go_text(item).partition("=") for item in items]
    return [(key, assigned if sign else None) for key, sign, assigned in parted]


def mapping(value: Any, _path: Path, _problems: Problems) -> Any:
    """Texts by name; what has no value gets an empty one. Written as a mapping, or as a list of NAME=VALUE."""
    return {key: "" if item is None else go_text(item) for key, item in _pairs(value)} or OMIT


def environment(value: Any, path: Path, problems: Problems) -> Any:
    """Texts by name; what has no value stays without."""
    made: dict[str, str | None] = {}
    for key, item in _pairs(value):
        if key and key[-1].isspace():
            problems.add(path, f"has a blank at the end of the name {key!r}.", "Write NAME=VALUE without blanks.")
        made[key] = None if item is None else go_text(item)
    return made or OMIT


def hosts(value: Any, path: Path, problems: Problems) -> Any:
    """``NAME=ADDRESS`` for each address of a host, sorted."""
    found: dict[str, list[str]] = {}
    if isinstance(value, dict):
        for name, addresses in value.items():
            found[name] = [go_text(one or "") for one in (addresses if isinstance(addresses, list) else [addresses])]
    for index, item in enumerate(value if isinstance(value, list) else ()):
        sign = "=" if "=" in item else ":"
        name, there, addresses = go_text(item).partition(sign)
        if not there:
            problems.add((*path, index), "has no address.", "Write HOST=ADDRESS.", item)
        found.setdefault(name, []).extend(addresses.split(","))
    for name in found:
        if not name or set(name) & {":", "="}:
            problems.add(path, f"has the host name {name!r}.", "Write HOST=ADDRESS.")
    return sorted(f"{name}={_bare(one)}" for name, addresses in found.items() for one in addresses) or OMIT


def _bare(address: str) -> str:
    return address[1:-1] if len(address) > 2 and address.startswith("[") and address.endswith("]") else address


def struct(fields: Mapping[str, Kind], always: tuple[str, ...] = ()) -> Kind:
    """A mapping with these keys only.

    :param always: keys that are mappings by themselves, printed also where nothing is said in them.
    """

    def work(value: Any, path: Path, problems: Problems) -> Any:
        if value is None:
            return OMIT
        if not isinstance(value, dict):
            problems.add(path, "must be a mapping.", "", value)
            return OMIT
        made = {}
        for key, kind in fields.items():
            item = value.get(key, {} if key in always else None)
            if (done := kind({} if item is None and key in always else item, (*path, key), problems)) is not OMIT:
                made[key] = done
        return made

    return work


def each(kind: Kind) -> Kind:
    """A list of what is of this kind."""

    def work(value: Any, path: Path, problems: Problems) -> Any:
        items = value if isinstance(value, list) else []
        made = [kind(item, (*path, index), problems) for index, item in enumerate(items)]
        return [item for item in made if item is not OMIT] or OMIT

    return work


def named(kind: Kind) -> Kind:
    """A mapping of what is of this kind; what says nothing is null."""

    def work(value: Any, path: Path, problems: Problems) -> Any:
        items = value if isinstance(value, dict) else {}
        made = {key: kind(item, (*path, key), problems) for key, item in items.items()}
        return {key: None if item is OMIT else item for key, item in made.items()} or OMIT

    return work
