# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands that are one text are split into words as a shell does, without any expansion.

Source: what docker compose 2.40.3 does, which cuts a command at the first operator of a shell.
"""

from __future__ import annotations

_OPERATORS = ";&|<>"
_SPACES = " \t\r\n"


class BadCommand(Exception):
    """A command that can't be split, or would be cut."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def split(command: str) -> list[str]:
    """The words of a command; what stands in ``$(…)`` or backquotes stays as it is.

    :raises BadCommand: see there.
    """
    splitter = _Splitter(command)
    for character in command:
        splitter.take(character)
    return splitter.end()


class _Splitter:
    def __init__(self, command: str) -> None:
        self._command = command
        self._words: list[str] = []
        self._word: list[str] = []
        self._begun = False
        self._escaped = False
        self._within = ""  # the quote, backquote or bracket that is open

    def take(self, character: str) -> None:
        if self._escaped:
            self._escaped = False
            self._add(character)
        elif character == "\\" and self._within != "'":
            self._escaped = True
        elif self._within:
            self._inside(character)
        elif character in "'\"":
            self._within, self._begun = character, True
        elif character in _SPACES:
            self._finish()
        elif character in _OPERATORS:
            problem = f"is cut by compose at {character!r}, which only a shell understands."
            raise BadCommand(problem, self._by_shell())
        else:
            self._outside(character)

    def _inside(self, character: str) -> None:
        closed = character == {"(": ")"}.get(self._within, self._within)
        if not closed or self._within in "`(":
            self._add(character)
        if closed:
            self._within = ""

    def _outside(self, character: str) -> None:
        if character == "`":
            self._within = "`"
        elif character == "(" and self._word[-1:] == ["$"]:
            self._within = "("
        elif character in "()":
            raise BadCommand(f"has a {character!r}, which only a shell understands.", self._by_shell())
        self._add(character)

    def _add(self, character: str) -> None:
        self._word.append(character)
        self._begun = True

    def _finish(self) -> None:
        if self._begun:
            self._words.append("".join(self._word))
        self._word, self._begun = [], False

    def end(self) -> list[str]:
        if self._within or self._escaped:
            what = "an escape" if self._escaped else f"a {self._within!r}"
            raise BadCommand(f"has {what} that is not closed.", "Close it, or escape it with \\.")
        self._finish()
        return self._words

    def _by_shell(self) -> str:
        return f"Write [sh, -c, {self._command!r}], or quote the character."
