# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How values are written in quadlets so that a container gets them as they are, and how words are read there.

A value goes through three hands: the generator takes a line apart, writes the words into the command line of a unit,
and systemd takes that apart. Its ``%`` and ``$`` are nobody's before, so they stand twice. Which keys take quotes, and
what they make of them, is otherwise in each release of Podman: what needs any is written where all read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...dataclass import dataclass
from ...errors import InvalidOption

_WORD = re.compile(r"""[^\s"'\\\x00-\x1f\x7f]+""")
_LINE = re.compile(r"""[^\s"'\\\x00-\x1f\x7f]+(?: [^\s"'\\\x00-\x1f\x7f]+)*""")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SEPARATOR = ";"  # of systemd's commands, where it stands alone
_SPACES = " \t\n\r"
_QUOTES = "\"'"


def is_word(text: str) -> bool:
    """Whether it is one word to everybody, without quotes."""
    return _WORD.fullmatch(text) is not None


def is_line(text: str) -> bool:
    """Whether it can stand behind a key that takes the whole line."""
    return _LINE.fullmatch(text) is not None


def doubled(text: str) -> str:
    """A text without specifiers and variables of systemd's."""
    return text.replace("%", "%%").replace("$", "$$")


def word(text: str) -> str:
    """One word for a key that takes words as a command line has them."""
    if is_word(text):
        return doubled(text)
    return f'"{"".join(map(_escaped, doubled(text)))}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\x{ord(character):02x}" if ord(character) < 32 or ord(character) == 127 else character


def argument(option: str, text: str) -> str:
    """One word of a command.

    :raises InvalidOption: the generator loses it, or systemd takes it for the end of the command.
    """
    if text in ("", _SEPARATOR):
        problem = "a command of a quadlet can have no empty word." if not text else "systemd takes it for a separator."
        raise InvalidOption(option, text, problem, "Let a shell in the container have it: [sh, -c, '…'].")
    return word(text)


@dataclass(frozen=True)
class Word:
    """A word in a text: what it means, where its value begins there (behind the first ``=``) and where it ends."""

    text: str
    value_at: int
    end: int


def words(line: str, start: int = 0) -> Iterator[Word]:
    """The words of a line from a place on, as systemd and the generator tell them apart; also of an unfinished one."""
    position, length = start, len(line)
    while position < length:
        if line[position] in _SPACES:
            position += 1
            continue
        found, position = _word(line, position)
        yield found


def _word(line: str, position: int) -> tuple[Word, int]:
    quote, letters, value_at, end = "", [], -1, position
    while position < len(line):
        character = line[position]
        if not quote and character in _SPACES:
            break
        position += 1
        if character == quote:
            quote = ""
            continue
        if not quote and character in _QUOTES:
            quote = character
            continue
        if character == "\\" and position < len(line):
            character, position = line[position], position + 1
        letters.append(character)
        end = position
        if character == "=" and value_at < 0:
            value_at = position
    return Word("".join(letters), value_at, max(end, value_at)), position
