# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How texts reach a terminal, others' words in them: engines', containers', sshd's and ssh's.

Nothing in them moves the cursor, turns letters around or looks like a line of Ansible's own, and none is endless.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

INDENT = "    "
MOST_LISTED = 20
LONGEST_MESSAGE = 16_000  # characters
LONGEST_VALUE = 200  # characters, of what a user gave

_LONG_WORD = re.compile(rf"(?<!\S)\S{{{LONGEST_VALUE + 1},}}")
# C0 without tab and line break, DEL, C1, line separators, what sets the direction of writing, halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    r"""A text whose control characters are written as Python writes them: ``\x1b``, ``\u202e``."""
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def shortened(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """A text without the middle of a very long one."""
    if len(text) <= longest:
        return text
    end = longest // 4
    return f"{text[: longest - end]} … ({len(text) - longest} characters are left out here) … {text[-end:]}"


def with_short_words(text: str) -> str:
    """A text without the middle of words that are longer than a value may be."""
    return _LONG_WORD.sub(lambda found: shortened(found[0], LONGEST_VALUE), text)


def as_message(text: str) -> str:
    """A message for people, shortened, visible, and set in but for its first line."""
    first, *more = visible(shortened(text).replace("\r\n", "\n").strip()).split("\n")
    return "\n".join([first, *map(indented, more)])


def indented(lines: str) -> str:
    """Lines, each set in."""
    return "\n".join(f"{INDENT}{line}".rstrip() for line in lines.split("\n"))


def everywhere_visible(value: Any) -> Any:
    """:func:`visible` for anything made of dicts, lists and texts."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {everywhere_visible(key): everywhere_visible(item) for key, item in value.items()}
    return [everywhere_visible(item) for item in value] if isinstance(value, (list, tuple)) else value


def listed(items: Iterable[Any], separator: str = ", ", what: str = "") -> str:
    """The first of these, and how many more there are; ``what`` says of what."""
    found = [str(item) for item in items]
    more = [f"and {len(found) - MOST_LISTED} more{what}"] if len(found) > MOST_LISTED else []
    return separator.join([*found[:MOST_LISTED], *more])
