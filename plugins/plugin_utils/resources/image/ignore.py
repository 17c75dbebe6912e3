# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``.dockerignore``: which files of a directory are no part of a build's context.

The rules are those that Docker's client goes by (https://docs.docker.com/build/concepts/context/#dockerignore-files,
and github.com/moby/patternmatcher): the last line that matches a path, or a directory above it, decides; a line that
begins with ``!`` takes it back in. Podman's client and Docker's before 23 read two things otherwise, and send more:

- ``**/*.log`` with ``!keep``: to Docker, a directory that was never left out isn't taken back in, and so is nothing
  below it: keep/a.log is left out. The others send it.
- ``**.txt``: to Docker, all paths that end so. To the others, files of this very name.

One file gives one context here, whichever the engine: what Docker leaves out, which may be a secret, is never sent.

Below a directory that is left out, ``!**/*.md`` finds files as BuildKit does; Docker's old builder doesn't look there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from ...dataclass import dataclass
from ...errors import InvalidOption

_SPECIAL = frozenset("*?[]\\")
_BACKSLASH = "Before a special character, '\\' takes it as it is; leave it out elsewhere."
_CLASS = "Write a set like [abc], [a-z] or [^a], with '\\' before a ']' or '-' in it; for a plain '[', write '\\['."
_NAMED = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": "\\x00-\\x7f", "blank": "\\t ", "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~", "punct": "!-/:-@\\[-`{-~", "space": "\\t-\\r ",
    "upper": "A-Z", "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f",
}  # fmt: skip


class _BadPattern(Exception):
    """What is wrong with a pattern, and the remedy."""


@dataclass(frozen=True)
class Rule:
    """One line: what it matches, and whether it takes back in."""

    pattern: re.Pattern[str]
    keeps: bool


class Ignore:
    """The rules of one file.

    :param text: its content.
    :param file: its path, for errors.
    :raises InvalidOption: a line is no pattern; Docker and Podman refuse these as well.
    """

    def __init__(self, text: str, file: str) -> None:
        rules = []
        for number, line in enumerate(text.split("\n"), start=1):
            try:
                rules.append(_rule(line))
            except _BadPattern as found:
                where = f"{file}, line {number}"
                problem, remedy = found.args
                raise InvalidOption("build.path", where, f"{line.strip()!r}: {problem}.", remedy) from None
        self._rules = tuple(rule for rule in rules if rule is not None)
        self.takes_back = any(rule.keeps for rule in self._rules)

    def excludes(self, path: str) -> bool:
        """Whether a path (relative, with slashes) is left out."""
        parts = path.split("/")
        excluded, matched = False, [False] * len(self._rules)
        for length in range(1, len(parts) + 1):
            excluded, matched = self._decide("/".join(parts[:length]), matched)
        return excluded

    def _decide(self, path: str, above: Sequence[bool]) -> tuple[bool, list[bool]]:
        """Whether a path is left out, and which rules matched it.

        :param above: which rules matched the directory it is in.
        """
        excluded, matched = False, []
        for rule, inherited in zip(self._rules, above, strict=True):
            matched.append(inherited or (excluded == rule.keeps and bool(rule.pattern.fullmatch(path))))
            if matched[-1]:
                excluded = not rule.keeps
        return excluded, matched


def _rule(line: str) -> Rule | None:
    if line.startswith("#"):
        return None
    text = line.strip()
    keeps = text.startswith("!")
    text = text.removeprefix("!").strip()
    text = posixpath.normpath(text).lstrip("/") if text else ""
    if keeps and not text:
        raise _BadPattern("there is nothing to take back in", "Write what it is behind the '!'.")
    if not text or text == ".":
        return None
    return Rule(re.compile(_expression(text), re.DOTALL), keeps)


def _expression(pattern: str) -> str:
    """Go's filepath.Match, with ``**`` for any number of directories, as a regular expression."""
    found, position = "", 0
    while position < len(pattern):
        rest = pattern[position:]
        if rest.startswith("**"):
            piece, length = _directories(rest, first=position == 0)
        elif rest[0] == "*":
            piece, length = "[^/]*", 1
        elif rest[0] == "?":
            piece, length = "[^/]", 1
        elif rest[0] == "[":
            piece, length = _characters(rest)
        elif rest[0] == "^" and not _SPECIAL.isdisjoint(pattern):
            piece, length = "^", 1  # all clients take it for the beginning, beside wildcards
        else:
            character, length = _character(rest)
            piece = re.escape(character)
        found += piece
        position += length
    return found


def _directories(rest: str, *, first: bool) -> tuple[str, int]:
    """What begins with ``**``, and how much of it that takes. Before plain text, ``**`` at the very beginning is any
    beginning.
    """
    if rest == "**" or (first and rest[2] != "/" and _SPECIAL.isdisjoint(rest[2:])):
        return ".*", 2
    return "(?:.*/)?", 3 if rest.startswith("**/") else 2


def _character(rest: str) -> tuple[str, int]:
    """The character that comes next, and how long it is written. Docker takes a letter or digit behind ``\\`` for an
    escape of regular expressions: it refuses some, and others then match nothing of the kind.
    """
    if rest[0] != "\\":
        return rest[0], 1
    if len(rest) == 1:
        raise _BadPattern("nothing follows the '\\'", _BACKSLASH)
    if rest[1].isalnum() or not rest[1].isascii():
        raise _BadPattern(f"'\\{rest[1]}' stands for nothing", _BACKSLASH)
    return rest[1], 2


def _characters(rest: str) -> tuple[str, int]:
    """The set of characters that comes next, and how long it is written."""
    position = 2 if rest.startswith("[^") else 1
    begun, found = position, ""
    while position == begun or not rest.startswith("]", position):
        piece, length = _range(rest[position:])
        found += piece
        position += length
    return f"[{'^' if begun > 1 else ''}{found}]", position + 1


def _range(rest: str) -> tuple[str, int]:
    """One character of a set, from one to another, or all of a name such as ``[:alpha:]``."""
    name, colon, _rest = rest.removeprefix("[:").partition(":]")
    if rest.startswith("[:") and colon:
        if name not in _NAMED:
            raise _BadPattern(f"there are no characters [:{name}:]", f"Use one of {', '.join(_NAMED)}.")
        return _NAMED[name], len(name) + 4
    first, length = _of_set(rest)
    if not rest.startswith("-", length):
        return re.escape(first), length
    last, more = _of_set(rest[length + 1 :])
    if last < first:
        raise _BadPattern(f"{first}-{last} goes backwards", _CLASS)
    return f"{re.escape(first)}-{re.escape(last)}", length + 1 + more


def _of_set(rest: str) -> tuple[str, int]:
    if not rest:
        raise _BadPattern("a '[' without its ']'", _CLASS)
    if rest[0] in "]-":
        raise _BadPattern(f"a '{rest[0]}' where a character of the set belongs", _CLASS)
    return _character(rest)
