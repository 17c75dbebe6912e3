# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Dockerfile's instructions, and which registries they take images from.

Read as BuildKit does (https://docs.docker.com/reference/dockerfile/), the newest reader there is: what an older one
makes of it is another matter, see ``builders``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ...dataclass import dataclass
from ..shared.image_names import registry_of

_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*")
_DIRECTIVES = frozenset({"syntax", "escape", "check"})
_WORD = re.compile(r"""(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\]|['"\\])+""")
_BALANCED = re.compile(r"""(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^'"\\])*""")
_QUOTED = re.compile(r"""\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)\"""")
_HEREDOC = re.compile(r"\d*<<(-?)([^<]+)")
_TAKE_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})
_VARIABLE = re.compile(r"\$(?:\{(\w+)[^}]*\}|(\w+))")


@dataclass(frozen=True)
class Instruction:
    """``word`` is in capitals, ``line`` counts from 1; ``rest`` is what follows the flags, its lines joined.

    ``flags`` are (name, value) in their order; ``heredocs`` are the names of the documents whose lines follow;
    ``kept`` tells that ONBUILD keeps it for other builds.
    """

    word: str
    line: int
    rest: str
    flags: tuple[tuple[str, str], ...] = ()
    heredocs: tuple[str, ...] = ()
    kept: bool = False

    def arguments(self) -> list[str]:
        """The words of ``rest`` without their quotes, or the texts of a JSON list."""
        try:
            listed = json.loads(self.rest)
        except ValueError:
            return [_unquoted(word) for word in _WORD.findall(self.rest)]
        return [str(one) for one in listed] if isinstance(listed, list) else [self.rest]

    def names(self) -> list[str]:
        """What an ARG line declares without a value of its own."""
        return [] if self.word != "ARG" else [word for word in _WORD.findall(self.rest) if "=" not in word]


def instructions(text: str) -> tuple[Instruction, ...]:
    """All of a Dockerfile; what can't be understood is an instruction that nobody knows."""
    return tuple(_Reader(text).read())


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = [line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n")]
        self._at = 0
        escape = re.escape(_directives(self._lines).get("escape", "\\"))
        # An escaped escape is no continuation.
        self._continued = re.compile(rf"(?:^|(?<!{escape})){escape}[ \t]*$")

    def read(self) -> Iterator[Instruction]:
        while self._at < len(self._lines):
            line = self._at + 1
            text = self._logical()
            if text:
                yield self._instruction(text, line)

    def _logical(self) -> str:
        """The next line with those that continue it; '' for one that says nothing."""
        text = self._next().lstrip()
        if text.startswith("#"):
            return ""
        joined, more = self._cut(text)
        while more and self._at < len(self._lines):
            text = self._next()
            if text.strip() and not text.lstrip().startswith("#"):
                part, more = self._cut(text)
                joined += part
        return joined.strip()

    def _next(self) -> str:
        self._at += 1
        return self._lines[self._at - 1]

    def _cut(self, text: str) -> tuple[str, bool]:
        """A line without the character that continues it, and whether it had one."""
        cut = self._continued.sub("", text)
        return cut, cut != text

    def _instruction(self, text: str, line: int, *, kept: bool = False) -> Instruction:
        word, *others = text.split(maxsplit=1)
        word, rest = word.upper(), "".join(others)
        if word == "ONBUILD" and rest:
            return self._instruction(rest, line, kept=True)
        flags, rest = _flags(rest)
        heredocs = tuple(self._heredocs(rest)) if word in _TAKE_HEREDOCS else ()
        return Instruction(word, line, rest, flags, heredocs, kept)

    def _heredocs(self, rest: str) -> Iterator[str]:
        """Passes over the documents that a line announces. One that never ends is none: ``$((1 <<2))``."""
        if "<<" not in rest or _is_json(rest) or not _BALANCED.fullmatch(rest):
            return
        for found in filter(None, map(_HEREDOC.fullmatch, _WORD.findall(rest))):
            name, indent = _unquoted(found[2]), "\t" if found[1] else ""
            end = next((at for at in range(self._at, len(self._lines)) if self._ends(at, name, indent)), None)
            if end is not None:
                self._at = end + 1
                yield name

    def _ends(self, at: int, name: str, indent: str) -> bool:
        line = self._lines[at]
        return (line.lstrip(indent) if indent else line) == name


def _directives(lines: Sequence[str]) -> dict[str, str]:
    """What the comments at the very top tell the reader."""
    found: dict[str, str] = {}
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.strip())
        if not match or match[1].lower() not in _DIRECTIVES:
            break
        found[match[1].lower()] = match[2]
    return found


def _flags(rest: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The flags that an instruction begins with, and what follows them."""
    flags: list[tuple[str, str]] = []
    while (match := _WORD.match(rest)) and match[0].startswith("--"):
        rest = rest[match.end() :].lstrip()
        if match[0] == "--":
            break
        name, _equals, value = match[0].removeprefix("--").partition("=")
        flags.append((name, _unquoted(value)))
    return tuple(flags), rest


def _is_json(rest: str) -> bool:
    try:
        return isinstance(json.loads(rest), list)
    except ValueError:
        return False


def _unquoted(word: str) -> str:
    return _QUOTED.sub(lambda match: match[1] or match[2] or match[3] or "", word)


def registries(text: str, args: Mapping[str, str]) -> list[str]:
    """The registries of the images that a Dockerfile takes; build arguments stand for their values.

    Names of stages look like images of Docker Hub; that is one registry too many, and no harm.
    """
    found = instructions(text)
    known = {**_defaults(found), **args}
    refs = [_VARIABLE.sub(lambda match: known.get(match[1] or match[2], ""), ref) for ref in _refs(found)]
    return sorted({registry_of(ref) for ref in refs if ref and ref != "scratch" and not ref.isdigit()})


def _defaults(found: Sequence[Instruction]) -> dict[str, str]:
    words = [word for one in found if one.word == "ARG" for word in _WORD.findall(one.rest)]
    return {name: _unquoted(value) for name, equals, value in (word.partition("=") for word in words) if equals}


def _refs(found: Sequence[Instruction]) -> Iterator[str]:
    for one in found:
        if one.word == "FROM":
            yield from one.arguments()[:1]
        for name, value in one.flags:
            if name == "from":
                yield value
            elif name == "mount":
                yield from (part.partition("=")[2] for part in value.split(",") if part.startswith("from="))
