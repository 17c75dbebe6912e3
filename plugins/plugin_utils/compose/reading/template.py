# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables in texts: ``$A``, ``${A}``, ``${A:-default}``, ``${A:+other}``, ``${A:?message}``, without the colon too.

Source: the Compose Specification, "Interpolation". A dollar that begins none of these stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..problems import TooDeep

Lookup = Callable[[str], str | None]

DEEPEST = 30  # defaults within defaults
_DOLLAR = re.compile(r"\$(?:(?P<escaped>\$)|(?P<name>[_a-zA-Z][_a-zA-Z0-9]*)|(?P<brace>\{))")
_BRACED = re.compile(r"\$\{([_a-zA-Z][_a-zA-Z0-9]*)(?:(:?[-+?])|(?=\}))")


class BadTemplate(Exception):
    """A ``${`` that begins no variable."""


class MissingVariable(Exception):
    """A variable that is required has no value."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name)
        self.name, self.reason = name, reason


def substitute(text: str, lookup: Lookup, unset: Callable[[str], None], depth: int = 0) -> str:
    """A text with its variables replaced; a value is put in as it is.

    :param lookup: gives a variable's value, or None.
    :param unset: is told the name of each variable that is used without a default and not set.
    :raises BadTemplate, MissingVariable, TooDeep: see there.
    """
    if depth > DEEPEST:
        raise TooDeep
    pieces: list[str] = []
    position = 0
    while (found := _DOLLAR.search(text, position)) is not None:
        pieces.append(text[position : found.start()])
        position = found.end()
        if found["escaped"]:
            pieces.append("$")
        elif found["name"]:
            pieces.append(_value(found["name"], lookup, unset))
        else:
            value, position = _braced(text, found.start(), lookup, unset, depth)
            pieces.append(value)
    return "".join([*pieces, text[position:]])


def _value(name: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    value = lookup(name)
    if value is None:
        unset(name)
    return value or ""


def _braced(text: str, start: int, lookup: Lookup, unset: Callable[[str], None], depth: int) -> tuple[str, int]:
    """The value of the ``${…}`` at this place, and where it ends."""
    head = _BRACED.match(text, start)
    if head is None:
        raise BadTemplate(text)
    name, operator = head[1], head[2]
    if operator is None:
        return _value(name, lookup, unset), head.end() + 1
    end = _closing(text, start, head.end())
    argument = substitute(text[head.end() : end], lookup, unset, depth + 1)
    value = lookup(name)
    there = value is not None and (value != "" or not operator.startswith(":"))
    kind = operator[-1]
    if kind == "?" and not there:
        raise MissingVariable(name, argument)
    if kind == "+":
        return (argument if there else value or ""), end + 1
    return (value or "" if there else argument), end + 1


def _closing(text: str, start: int, begin: int) -> int:
    """Where the brace at ``start`` is closed: braces in an argument are balanced, else the line's last one counts."""
    line = text.find("\n", begin)
    last = text.rfind("}", begin, len(text) if line < 0 else line)
    if last < 0:
        raise BadTemplate(text)
    opened, position = 0, start
    while position <= last:
        if text[position] == "}":
            opened -= 1
            if opened == 0:
                return position
        elif text[position] == "{":
            opened += 1
            position += 1
        position += 1
    return last
