# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of a command, as much of it as is wanted."""

from __future__ import annotations

MARK = "\n[… {cut} bytes of output left out here: max_output is {most} …]\n"


class Output:
    """Keeps the beginning and the end of what comes, half of ``most`` bytes each, and counts what falls out between.

    ``most`` 0 keeps everything.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._head = bytearray()
        self._tail = bytearray()
        self._room = most - most // 2
        self.cut = 0

    def beginning(self, most: int) -> str:
        """So many bytes of the beginning, as text."""
        return bytes((self._head + self._tail if self.cut == 0 else self._head)[:most]).decode(errors="replace")

    def add(self, data: bytes) -> None:
        if not self._most:
            self._head += data
            return
        free = self._room - len(self._head)
        if free > 0:
            self._head += data[:free]
            data = data[free:]
        self._tail += data
        limit = self._most // 2
        if len(self._tail) > 2 * limit + 4096:  # trimmed now and then, so that its cost stays in proportion
            self._trim(limit)

    def _trim(self, limit: int) -> None:
        surplus = len(self._tail) - limit
        if surplus > 0:
            self.cut += surplus
            del self._tail[:surplus]

    def text(self) -> str:
        """The text, with a mark where something was left out. Bytes that are no UTF-8 are replaced."""
        self._trim(self._most // 2 if self._most else len(self._tail))
        if not self.cut:
            return bytes(self._head + self._tail).decode(errors="replace")
        mark = MARK.format(cut=self.cut, most=self._most)
        return self._head.decode(errors="replace") + mark + self._tail.decode(errors="replace")
