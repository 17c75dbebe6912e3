# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands for a terminal: what a person would see after all that was written to it."""

from __future__ import annotations

import io
import re

_PART = re.compile(r"\x1b\[(\??[0-9;]*)([A-Za-z])|(.)", re.DOTALL)


class Terminal(io.StringIO):
    """Keeps lines and a cursor, and knows the few sequences that are used; any other fails the test."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.row = self.column = 0
        self.wraps = True

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        for number, command, sign in _PART.findall(text):
            if command == "A":
                self.row -= int(number)
                assert self.row >= 0
            elif command == "J":
                del self.lines[self.row + 1 :]
                self.lines[self.row] = self.lines[self.row][: self.column]
            elif command == "K":
                self.lines[self.row] = self.lines[self.row][: self.column]
            elif command in ("h", "l"):
                assert number == "?7"
                self.wraps = command == "h"
            elif command:
                assert command == "m", command  # colours
            elif sign == "\n":
                self.row, self.column = self.row + 1, 0
                if self.row == len(self.lines):
                    self.lines.append("")
            elif sign == "\r":
                self.column = 0
            else:
                line = self.lines[self.row]
                self.lines[self.row] = line[: self.column] + sign + line[self.column + 1 :]
                self.column += 1
        return len(text)
