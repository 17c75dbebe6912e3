# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wanted lines of a container's log, from the pieces in which it comes, and the module's result."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from ..shared.secrets import Masker
from .options import STDERR, STDOUT, Wanted

# Docker keeps a longer line in pieces of this size, and puts the time before each of them.
PIECE = 16 * 1024
MOST_LINES = 500_000  # kept, whatever max_output is: an empty one costs a hundred times its byte
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) ")
_NAMES = {"log": None, "stdout": STDOUT, "stderr": STDERR}


class Lines:
    """Collects lines; of the wanted ones, the last are kept. A line that has no end yet waits for it.

    ``cut`` counts what did not fit into the wanted number of bytes: lines, and ends of lines.

    Where times are wanted, the engine puts one before each entry of its log, and keeps a long line, or one that was not
    written at once, in several: what stands before the others is taken out.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._kept: deque[tuple[int, str, int]] = deque()
        self._size = 0
        self._rest: dict[int, bytearray] = {}
        self._too_long: set[int] = set()
        self._begins: dict[int, list[int]] = {}  # where entries begin in what waits for its end
        self._entries_known = False
        self.cut = 0

    def add(self, stream: int, data: bytes, begins: bool = False) -> None:
        """Take what has come on a stream; ``begins``: with it begins an entry of the engine's log."""
        if begins:
            self._entries_known = True
            if self._rest.get(stream) and stream not in self._too_long:
                self._begins.setdefault(stream, []).append(len(self._rest[stream]))
        *complete, last = data.split(b"\n")
        for part in complete:
            self._extend(stream, part)
            self._line(stream, bytes(self._rest.pop(stream)))
        if last:
            self._extend(stream, last)

    def end(self) -> None:
        """Nothing more comes: what has no line end is a line, too."""
        for stream in list(self._rest):
            self._line(stream, bytes(self._rest.pop(stream)))

    def _extend(self, stream: int, part: bytes) -> None:
        rest = self._rest.setdefault(stream, bytearray())
        rest += part
        if self._wanted.most and len(rest) > self._wanted.most:
            del rest[self._wanted.most :]
            self._too_long.add(stream)

    def _line(self, stream: int, raw: bytes) -> None:
        begins = self._begins.pop(stream, [])
        if self._wanted.timestamps:
            raw = without_times(raw, begins) if self._entries_known else in_one_piece(raw)
        text = raw.decode(errors="replace").removesuffix("\r")
        cut = stream in self._too_long
        self._too_long.discard(stream)
        if self._wanted.grep is not None and not self._wanted.grep.search(text):
            return
        self.cut += cut
        self._kept.append((stream, text, len(raw) + 1))
        self._size += len(raw) + 1
        if self._wanted.tail is not None and len(self._kept) > self._wanted.tail:
            self._drop()
        while (
            self._wanted.most
            and len(self._kept) > 1
            and (self._size > self._wanted.most or len(self._kept) > MOST_LINES)
        ):
            self._drop()
            self.cut += 1

    def _drop(self) -> None:
        self._size -= self._kept.popleft()[2]

    def texts(self, stream: int | None = None) -> list[str]:
        """The wanted lines, of one stream or of both in the order in which they came."""
        return [text for number, text, _size in self._kept if stream in (None, number)]


def without_times(raw: bytes, places: Iterable[int]) -> bytes:
    """A line without the times at these places."""
    parts, position = [], 0
    for place in places:
        if found := _TIME.match(raw, place):
            parts.append(raw[position:place])
            position = found.end()
    return b"".join([*parts, raw[position:]])


def in_one_piece(raw: bytes) -> bytes:
    """A line of a terminal's log that begins with a time, without those that Docker has put into its midst."""
    first = _TIME.match(raw)
    if not first or len(raw) <= first.end() + PIECE:
        return raw
    parts, position = [raw[: first.end()]], first.end()
    while True:
        parts.append(raw[position : position + PIECE])
        position += PIECE
        if not (again := _TIME.match(raw, position)):
            return b"".join([*parts, raw[position:]])
        position = again.end()


def result(lines: Lines, masker: Masker, inspect: Mapping[str, Any]) -> dict[str, Any]:
    """The module's result: {changed, lines, log, stdout, stdout_lines, stderr, stderr_lines, truncated, running}."""
    texts = {name: [masker.text(text) for text in lines.texts(number)] for name, number in _NAMES.items()}
    told: dict[str, Any] = {"changed": False, "lines": texts["log"], "log": "\n".join(texts["log"])}
    for name in ("stdout", "stderr"):
        told |= {name: "\n".join(texts[name]), f"{name}_lines": texts[name]}
    return {**told, "truncated": lines.cut > 0, "running": bool((inspect.get("State") or {}).get("Running"))}
