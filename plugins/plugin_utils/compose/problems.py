# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with compose files: all problems at once, each with file, line, key, value and remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from ..dataclass import dataclass
from ..errors import ComposeFileError

# The way to a value from the top of a file: keys of mappings, numbers of list items.
Path = tuple[str | int, ...]
Model = dict[str, Any]

# What stands below these may be a secret, and is not repeated in a message.
_UNTOLD = frozenset({"environment", "args", "content"})


class _Untold:
    def __repr__(self) -> str:
        return "(untold)"


UNTOLD = _Untold()


class TooDeep(Exception):
    """A text is nested deeper than anybody writes."""


@dataclass(frozen=True)
class Source:
    """One document of a file, and in which of its lines each value stands."""

    file: str
    lines: Mapping[Path, int]

    def line(self, path: Path) -> tuple[int, int]:
        """How much of this way the document has, and the line of that much of it."""
        for length in range(len(path), 0, -1):
            if (line := self.lines.get(path[:length])) is not None:
                return length, line
        return 0, 1


def written(path: Path) -> str:
    """``services.web.ports[0]``, as people write it."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass
class Problems:
    """Collects what is wrong, and what is only worth a warning.

    :param secret: tells of a key whether its value may be a secret, which no message repeats.
    """

    sources: list[Source] = field(default_factory=list)
    secret: Callable[[str], bool] = lambda _key: False
    warnings: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def add(
        self, path: Path, problem: str, remedy: str = "", value: Any = UNTOLD, source: Source | None = None
    ) -> None:
        """Note a problem with the value at this path.

        :param source: the document that it is in; without it, the last one that has most of the path.
        """
        source, line = self._place(path, source)
        shown = "" if self._untold(path, value) else f" has the value {value!r}: it"
        self.at_line(source.file if source else "", line, f"{written(path)}{shown} {problem}".strip(), remedy)

    def at_line(self, file: str, line: int, problem: str, remedy: str = "") -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        text = f"{place}{problem} {remedy}".strip()
        if text not in self.found:
            self.found.append(text)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def stop_if_any(self) -> None:
        """
        :raises ComposeFileError: something was found.
        """
        if self.found:
            raise ComposeFileError(list(self.found))

    def _untold(self, path: Path, value: Any) -> bool:
        below = any(isinstance(part, str) and self.secret(part) for part in path[3:])
        text = isinstance(value, str) and not value[:1].isdigit()
        return value is UNTOLD or below or (text and not _UNTOLD.isdisjoint(path))

    def _place(self, path: Path, source: Source | None) -> tuple[Source | None, int]:
        if source is not None:
            return source, source.line(path)[1]
        best, most, line = None, -1, 0
        for candidate in self.sources:
            length, there = candidate.line(path)
            if length >= most:
                best, most, line = candidate, length, there
        return best, line
