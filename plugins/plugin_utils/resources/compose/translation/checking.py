# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a resolved project can't be translated, and what nothing becomes of: the table of keys, applied."""

from __future__ import annotations

from typing import Any

from ....compose.problems import UNTOLD, Path, Problems, written
from ....compose.tables import Table
from .keys import KEYS, Key

_ROWS = Table({key.pattern: key for key in KEYS})
# The keys below which others have a row.
_PARENTS = frozenset(
    pattern[:end] for pattern in (key.pattern for key in KEYS) for end in range(len(pattern)) if pattern[end] == "."
)
_NOT_KNOWN = "is not known here."
_LONGEST = 40  # characters
# Values that say nothing.
_NOTHING: tuple[Any, ...] = (None, {}, [])


def row_of(path: Path) -> Key | None:
    """The row that a key is in: its own, or that of a key above it."""
    for length in range(len(path), 0, -1):
        if (row := _ROWS.at(path[:length])) is not None:
            return row
    return None


def check(value: Any, problems: Problems, path: Path = (), above: Key | None = None) -> None:
    """Note all keys that are refused, and warn of those that are without effect."""
    row = _ROWS.at(path) or above
    if row is not None and row is not above:
        _applied(row, value, path, problems)
    if isinstance(value, dict) and (row is None or is_parent(path)):
        for key, item in value.items():
            if path or not key.startswith("x-"):
                check(item, problems, (*path, key), row)
    elif isinstance(value, list) and (row is None or is_parent(path)):
        for index, item in enumerate(value):
            check(item, problems, (*path, index), row)
    elif row is None and value not in _NOTHING:
        problems.add(path, _NOT_KNOWN, "Leave it out.")


def _applied(row: Key, value: Any, path: Path, problems: Problems) -> None:
    if not row.when(value) or value in _NOTHING:
        return
    if row.refused:
        problems.add(path, row.refused, row.instead, value if _is_short(value) else UNTOLD)
    if row.warned:
        problems.warn(f"{written(path)} {row.warned}")


def _is_short(value: Any) -> bool:
    """Whether a value can be repeated in a message."""
    return isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= _LONGEST and "\n" not in value)


def is_parent(path: Path) -> bool:
    """Whether a row is for something below this key."""
    return any(_fits(parent.split("."), path) for parent in _PARENTS)


def _fits(pattern: list[str], path: Path) -> bool:
    return len(pattern) == len(path) and all(one in ("*", key) for one, key in zip(pattern, path, strict=True))
