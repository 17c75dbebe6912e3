# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a secret may be written in a text, and where it is: in time linear in the text, however many they are."""

from __future__ import annotations

import ipaddress
import json
import re
import shlex
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

# A secret shorter than this would mask half of a text by chance, and so would these words.
SHORTEST_IN_TEXT = 4
PLAIN_WORDS = frozenset({"true", "false", "none", "null", "auto", "default", "enabled", "disabled"})
# A shorter one, or one of letters only, is masked as a whole word: "shop" is no part of "bishops".
LONG_IN_TEXT = 8
_LONGEST_ADDRESS = 64
_FEW = 16

_AS_IT_IS = re.compile(r"[A-Za-z0-9_.-]*")  # to JSON, URLs and shells alike


def says_nothing(value: str) -> bool:
    """Whether a value says nothing, whatever its name: it stays in texts, where it would be masked by chance."""
    if len(value) < SHORTEST_IN_TEXT or value.lower() in PLAIN_WORDS:
        return True
    if len(value) > _LONGEST_ADDRESS:
        return False
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "." in value or ":" in value


def spellings(value: str) -> set[str]:
    """A secret as it may stand in a text: as it is, line by line, and as JSON, a URL or a shell has it."""
    found = {value, value.strip()}
    lines = [line.strip() for line in value.splitlines()]
    if len(lines) > 1:
        found.update(line for line in lines if not line.startswith("-----"))  # a PEM's frame is none
    for text in [text for text in found if not _AS_IT_IS.fullmatch(text)]:
        escaped = [json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]
        found.update(escaped, (json.dumps(once)[1:-1] for once in escaped))
        found.add(repr(text)[1:-1])
        found.add(shlex.quote(text).removeprefix("'").removesuffix("'"))
        encoded = text.encode(errors="surrogatepass")
        found.update((quote(encoded, safe=""), quote(encoded), quote_plus(encoded)))
    return {spelling for spelling in found if not says_nothing(spelling)}


def is_word(spelling: str) -> bool:
    """Whether it is masked as a whole word only."""
    return spelling.isascii() and (spelling.isalpha() or (spelling.isalnum() and len(spelling) < LONG_IN_TEXT))


class Finder:
    """Finds spellings in texts, the longest first. All begin with one of a few characters' beginnings, and only these
    are looked for at each place of a text: one large regular expression would take as long as all spellings together.
    """

    def __init__(self, found: Iterable[str]) -> None:
        self._beginnings: dict[str, list[str]] = {}
        for spelling in sorted(found, key=len, reverse=True):
            self._beginnings.setdefault(spelling[:SHORTEST_IN_TEXT], []).append(spelling)

    def replace(self, text: str, mask: str) -> str:
        """The text with ``mask`` in the place of every spelling."""
        if len(self._beginnings) <= _FEW and not any(beginning in text for beginning in self._beginnings):
            return text
        pieces, position, width = [], 0, SHORTEST_IN_TEXT
        for start in [at for at in range(len(text) - width + 1) if text[at : at + width] in self._beginnings]:
            length = self._at(text, start) if start >= position else 0
            if length:
                pieces += [text[position:start], mask]
                position = start + length
        return "".join([*pieces, text[position:]])

    def _at(self, text: str, start: int) -> int:
        """The length of the longest spelling that stands there; 0 for none."""
        for spelling in self._beginnings[text[start : start + SHORTEST_IN_TEXT]]:
            if text.startswith(spelling, start) and (not is_word(spelling) or _alone(text, start, len(spelling))):
                return len(spelling)
        return 0


def _alone(text: str, start: int, length: int) -> bool:
    """Whether no letter or digit is beside it. In a text that was made JSON, a line's first word stands behind the
    letter of an escape.
    """
    before, after = text[start - 1 : start], text[start + length : start + length + 1]
    escape = start > 1 and text[start - 2] == "\\" and before in "nrt"
    return not _in_word(after) and (escape or not _in_word(before))


def _in_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
