# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of variables: ``.env``, ``env_file`` and ``label_file``.

Source: the Compose Specification, "env_file format", and what docker compose 2.40.3 makes of such files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..problems import TooDeep
from .template import BadTemplate, Lookup, MissingVariable, substitute

_BLANK = " \t\v\f\r\x85\xa0"
_EXPORT = re.compile(r"export\s+")
_KEY = re.compile(r"[^=:\n]*")
_ODD = re.compile(r"[^\w.\-\[\]\s]")
_ESCAPES = re.compile(r'\\(?:[abcfnrtv$"\\]|0\d{0,3})')
_ESCAPED = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"', "$": "$$"
}  # fmt: skip


class BadLine(Exception):
    """A line of such a file that can't be read."""

    def __init__(self, line: int, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


@dataclass
class _Reader:
    text: str
    into: dict[str, str]
    outer: Lookup
    unset: Callable[[str], None]
    position: int = 0

    def line(self) -> int:
        return self.text.count("\n", 0, self.position) + 1

    def run(self) -> None:
        while self._start():
            begun = self.line()
            key, has_value = self._key(begun)
            if not has_value:
                if (value := self.outer(key)) is not None:
                    self.into[key] = value
                continue
            self.into[key] = self._value(begun)

    def _start(self) -> bool:
        """Go to the next statement; whether there is one."""
        while True:
            while self.position < len(self.text) and self.text[self.position].isspace():
                self.position += 1
            if self.text[self.position : self.position + 1] != "#":
                return self.position < len(self.text)
            end = self.text.find("\n", self.position)
            self.position = len(self.text) if end < 0 else end

    def _key(self, line: int) -> tuple[str, bool]:
        if (export := _EXPORT.match(self.text, self.position)) is not None:
            self.position = export.end()
        found = _KEY.match(self.text, self.position)
        raw = found[0] if found else ""
        if (odd := _ODD.search(raw)) is not None:
            raise BadLine(line, f"has the character {odd[0]!r} in a variable's name.", "Write NAME=VALUE.")
        end = self.position + len(raw)
        sign = self.text[end : end + 1]
        self.position = end + 1
        key = raw.rstrip()
        if " " in key:
            raise BadLine(line, f"has a blank in a variable's name: {key!r}.", "Write NAME=VALUE.")
        while sign and self.text[self.position : self.position + 1] in tuple(_BLANK):
            self.position += 1
        return key, sign in ("=", ":") and bool(sign)

    def _value(self, line: int) -> str:
        quote = self.text[self.position : self.position + 1]
        if quote in ("'", '"') and quote:
            return self._quoted(quote, line)
        end = self.text.find("\n", self.position)
        raw = self.text[self.position : len(self.text) if end < 0 else end]
        self.position += len(raw) + 1
        return self._expanded(raw.partition(" #")[0].rstrip(), line)

    def _quoted(self, quote: str, line: int) -> str:
        found = re.compile(rf"(?:[^{quote}\\]|\\.|\\\Z)*", re.DOTALL).match(self.text, self.position + 1)
        inner = found[0] if found else ""
        end = self.position + 1 + len(inner)
        if self.text[end : end + 1] != quote:
            raise BadLine(line, f"has a {quote} that is not closed.", "Close it.")
        self.position = end + 1
        self._nothing_after(line)
        inner = inner.replace("\\" + quote, quote)
        if quote == "'":
            return inner
        return self._expanded(_ESCAPES.sub(_unescaped, inner), line)

    def _nothing_after(self, line: int) -> None:
        end = self.text.find("\n", self.position)
        rest = self.text[self.position : len(self.text) if end < 0 else end].strip()
        if rest and not rest.startswith("#"):
            raise BadLine(line, "has text after the closing quote, which would be dropped.", "Put all of it in quotes.")

    def _expanded(self, value: str, line: int) -> str:
        def lookup(name: str) -> str | None:
            outer = self.outer(name)
            return self.into.get(name) if outer is None else outer

        try:
            return substitute(value, lookup, self.unset)
        except BadTemplate:
            raise BadLine(line, "has a ${ that begins no variable.", "Write $$ for a $ that is to stay.") from None
        except MissingVariable as error:
            reason = f": {error.reason}" if error.reason else ""
            raise BadLine(line, f"requires the variable {error.name}, which has no value{reason}.", "Set it.") from None
        except TooDeep:
            raise BadLine(line, "has defaults within defaults too deep.", "Write it simpler.") from None


def _unescaped(found: re.Match[str]) -> str:
    rest = found[0][1:]
    if rest.startswith("0"):
        octal = rest[1:]
        return (
            chr(int(octal, 8)) if len(octal) == 3 and int(octal, 8) < 256 and not set(octal) & {"8", "9"} else found[0]
        )
    return _ESCAPED.get(rest, found[0])


def read(text: str, into: dict[str, str], outer: Lookup, unset: Callable[[str], None]) -> None:
    """Put a file's variables into a dict, which earlier lines and files of it have filled.

    :param outer: what has precedence in ``${…}``, and gives lines without ``=`` their value.
    :raises BadLine: at the first line that can't be read.
    """
    _Reader(text.removeprefix("\ufeff"), into, outer, unset).run()


def read_raw(text: str, into: dict[str, str], outer: Lookup) -> None:
    """The format ``raw``: everything after the first ``=`` as it is.

    :raises BadLine: at the first line that can't be read.
    """
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = line.lstrip()
        if not line or line.startswith("#"):
            continue
        key, sign, value = line.partition("=")
        if not key:
            raise BadLine(number, "has no variable's name.", "Write NAME=VALUE.")
        if re.search(r"\s", key):
            raise BadLine(number, f"has a blank in a variable's name: {key!r}.", "Write NAME=VALUE, without export.")
        if sign:
            into[key] = value
        elif (found := outer(key)) is not None:
            into[key] = found
