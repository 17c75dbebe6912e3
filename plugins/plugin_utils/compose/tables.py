# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables whose keys are patterns of paths: ``services.*.ports``, where ``*`` is any key or list item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from .problems import Path

Row = TypeVar("Row")


class Table(Generic[Row]):
    """Finds the row of a path."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._rows: dict[int, list[tuple[list[str], Row]]] = {}
        for pattern, row in rows.items():
            parts = pattern.split(".")
            self._rows.setdefault(len(parts), []).append((parts, row))

    def at(self, path: Path) -> Row | None:
        for parts, row in self._rows.get(len(path), ()):
            if all(part == "*" or part == own for part, own in zip(parts, path, strict=True)):
                return row
        return None


def mapped(value: Any, path: Path, table: Table[Callable[[Any, Path], Any]]) -> Any:
    """A model in which each value that the table has a row for was replaced by what that makes of it.

    What a row returns is final: a row that wants what is below it replaced, too, calls this for the items.
    """
    change = table.at(path)
    return change(value, path) if change is not None else items_mapped(value, path, table)


def items_mapped(value: Any, path: Path, table: Table[Callable[[Any, Path], Any]]) -> Any:
    """:func:`mapped` for the items of a mapping or list."""
    if isinstance(value, dict):
        return {key: mapped(item, (*path, key), table) for key, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, (*path, index), table) for index, item in enumerate(value)]
    return value


def cloned(value: Any) -> Any:
    """A copy that shares no mapping and no list."""
    if isinstance(value, dict):
        return {key: cloned(item) for key, item in value.items()}
    return [cloned(item) for item in value] if isinstance(value, list) else value
