# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON text → a tree that knows where each key and value stands; duplicates are kept, so that they can be reported.

Python's json module drops positions and duplicates, accepts NaN, and answers deep nesting with a RecursionError.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

# A hosts.json is four levels deep; the rest is room for wrong values, which are then reported as such.
MAX_DEPTH = 50

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[-\w.+]+")
_LITERALS = {"true": ("boolean", True), "false": ("boolean", False), "null": ("null", None)}
_FOREIGN_WORDS = {
    "NaN": "a number that JSON does not have",
    "Infinity": "a number that JSON does not have",
    "-Infinity": "a number that JSON does not have",
    "True": "Python's spelling; JSON has true",
    "False": "Python's spelling; JSON has false",
    "None": "Python's spelling; JSON has null",
}
_LONGEST_INTEGER = 18  # digits; int() refuses thousands of them, and no key of ours wants more than five


class Node(NamedTuple):
    """One value. ``kind``: object (value: list[Member]), array (list[Node]), string, number, boolean or null."""

    kind: str
    value: Any
    offset: int
    end: int  # the offset behind it


class Member(NamedTuple):
    """One ``"key": value`` of an object; ``offset`` is the key's."""

    key: str
    offset: int
    node: Node


class JsonError(Exception):
    """The text is not JSON: what is wrong at which offset (in characters), and the remedy."""

    def __init__(self, problem: str, remedy: str, offset: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.offset = offset


class Lines:
    """Offsets in a text → line numbers, counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


def scan(text: str) -> Node:
    """Read one JSON document in linear time.

    :raises JsonError: at the first place that is not JSON.
    """
    scanner = _Scanner(text)
    node, end = scanner.value(scanner.skip(0), 0)
    rest = scanner.skip(end)
    if rest < len(text):
        raise scanner.unexpected(rest, "the end of the file")
    return node


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        first = self.text[at : at + 1]
        if first == '"':
            text, end = self._string(at)
            return Node("string", text, at, end), end
        if first in ("{", "["):
            if depth >= MAX_DEPTH:
                raise JsonError(f"is nested more than {MAX_DEPTH} levels deep", "A hosts.json has four levels.", at)
            return self._object(at, depth + 1) if first == "{" else self._array(at, depth + 1)
        return self._scalar(at)

    def _scalar(self, at: int) -> tuple[Node, int]:
        word = _WORD.match(self.text, at)
        found = word.group() if word else ""
        if found in _LITERALS:
            kind, value = _LITERALS[found]
            return Node(kind, value, at, at + len(found)), at + len(found)
        number = _NUMBER.fullmatch(found)
        if not number:
            raise self.unexpected(at, "a value")
        whole = number.group(1) is None and number.group(2) is None and len(found) <= _LONGEST_INTEGER
        return Node("number", int(found) if whole else float(found), at, at + len(found)), at + len(found)

    def _object(self, start: int, depth: int) -> tuple[Node, int]:
        members: list[Member] = []
        at = self.skip(start + 1)
        if self.text[at : at + 1] == "}":
            return Node("object", members, start, at + 1), at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise self.unexpected(at, "a key in double quotes")
            key, end = self._string(at)
            colon = self.skip(end)
            if self.text[colon : colon + 1] != ":":
                raise self.unexpected(colon, f"':' after the key {key[:60]!a}")
            node, end = self.value(self.skip(colon + 1), depth)
            members.append(Member(key, at, node))
            at, ended = self._next(end, "}")
            if ended:
                return Node("object", members, start, at), at

    def _array(self, start: int, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        at = self.skip(start + 1)
        if self.text[at : at + 1] == "]":
            return Node("array", items, start, at + 1), at + 1
        while True:
            node, end = self.value(at, depth)
            items.append(node)
            at, ended = self._next(end, "]")
            if ended:
                return Node("array", items, start, at), at

    def _next(self, end: int, closing: str) -> tuple[int, bool]:
        """After an item: where the next one begins, or the place after the closing bracket and True."""
        mark = self.skip(end)
        if self.text[mark : mark + 1] == closing:
            return mark + 1, True
        if self.text[mark : mark + 1] != ",":
            raise self.unexpected(mark, f"',' or '{closing}'")
        following = self.skip(mark + 1)
        if self.text[following : following + 1] in ("}", "]"):
            raise JsonError("has a trailing comma", f"Remove the comma before {self.text[following]!r}.", mark)
        return following, False

    def _string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise _bad_string(error, at, self._last()) from error
        return text, end

    def _last(self) -> int:
        """The end of the text without its final line breaks, so that a message names a line that people see."""
        return len(self.text.rstrip())

    def unexpected(self, at: int, expected: str) -> JsonError:
        """Why the text at this offset cannot be what was expected there."""
        if at >= len(self.text):
            return JsonError(
                f"ends where {expected} was expected", "The file is cut off: write it again.", self._last()
            )
        first = self.text[at]
        if first == "#" or self.text.startswith(("//", "/*"), at):
            return JsonError("has a comment", 'JSON has no comments; a host has room for one in "description".', at)
        if first == "'":
            return JsonError("has a single quote", "JSON wants double quotes around keys and texts.", at)
        word = _WORD.match(self.text, at)
        found = word.group()[:60] if word else first
        if found in _FOREIGN_WORDS:
            return JsonError(f"has {found} where {expected} was expected", f"That is {_FOREIGN_WORDS[found]}.", at)
        return JsonError(f"has {found!a} where {expected} was expected", "Correct the JSON there.", at)


def _bad_string(error: JSONDecodeError, start: int, last: int) -> JsonError:
    if error.msg.startswith("Unterminated"):
        return JsonError("ends within a text in double quotes", "It is cut off, or a closing quote is missing.", last)
    if error.msg.startswith("Invalid control"):
        remedy = "Close the quotes on the same line; a text cannot hold line breaks or tabs."
        return JsonError("has a line break or control character within double quotes", remedy, start)
    return JsonError(r"has an invalid \ escape within double quotes", r"Write \\ for a backslash.", error.pos)
