# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``.dockerignore``: which files of a directory are no part of a build's context.

The rules are Docker's (https://docs.docker.com/build/concepts/context/#dockerignore-files): the last line that matches
a path, or a directory above it, decides; a line that begins with ``!`` takes it back in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One line: what it matches, and whether it takes back in."""

    pattern: re.Pattern[str]
    keeps: bool


class Ignore:
    """The rules of one file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules = tuple(rule for line in lines if (rule := _rule(line)) is not None)
        self.takes_back = any(rule.keeps for rule in self._rules)

    def excludes(self, path: str) -> bool:
        """Whether a path (relative, with slashes) is left out."""
        parts = path.split("/")
        paths = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
        excluded = False
        for rule in self._rules:
            if excluded == rule.keeps and any(rule.pattern.fullmatch(one) for one in paths):
                excluded = not rule.keeps
        return excluded


def _rule(line: str) -> Rule | None:
    if line.startswith("#"):
        return None
    text = line.strip()
    keeps = text.startswith("!")
    text = text.removeprefix("!").strip()
    text = posixpath.normpath(text).lstrip("/") if text else ""
    if not text or text == ".":
        return None
    return Rule(re.compile(_expression(text), re.DOTALL), keeps)


def _expression(pattern: str) -> str:
    """Go's filepath.Match, with ``**`` for any number of directories, as a regular expression."""
    found, position = "", 0
    while position < len(pattern):
        rest = pattern[position:]
        if rest.startswith("**/"):
            piece, length = "(?:.*/)?", 3
        elif rest.startswith("**"):
            piece, length = ".*", 2
        elif rest[0] == "*":
            piece, length = "[^/]*", 1
        elif rest[0] == "?":
            piece, length = "[^/]", 1
        elif rest[0] == "[" and (end := rest.find("]", 1)) > 1:
            piece, length = _characters(rest[1:end]), end + 1
        elif rest[0] == "\\" and len(rest) > 1:
            piece, length = re.escape(rest[1]), 2
        else:
            piece, length = re.escape(rest[0]), 1
        found += piece
        position += length
    return found


def _characters(inside: str) -> str:
    negated = inside.startswith("^")
    listed = inside.removeprefix("^").replace("\\", "\\\\").replace("[", "\\[")
    return f"[{'^/' if negated else ''}{listed}]" if listed else re.escape(f"[{inside}]")
