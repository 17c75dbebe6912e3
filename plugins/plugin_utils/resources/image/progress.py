# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine tells while it works, as lines for people; and the end of a build's output."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from ...telling import shortened

# Told many times a second, with a bar that moves.
_MOVING = frozenset({"Downloading", "Extracting", "Pushing", "Waiting", "Verifying Checksum", "Preparing"})
_DIGEST = re.compile(r"digest: (sha256:[0-9a-f]{64})")
_WRITTEN = frozenset({"Pushed", "Pushing", "Mounted"})
MOST_OUTPUT = 1024 * 1024  # characters
MOST_TOLD = 10_000  # lines of progress: an image has some for each of at most 127 layers
LONGEST_STATUS = 500  # characters
NO_MORE = "The engine tells more of its progress than an image can have; the rest is not shown."
LEFT_OUT = "[… {count} characters of earlier output left out here …]\n"


class Progress:
    """Takes the entries of a stream of progress; each status of each layer is told once.

    ``output`` is what a build has written; ``digest`` and ``wrote`` are what a push has told.
    """

    def __init__(self, tell: Callable[[str], None], mask: Callable[[str], str] = str) -> None:
        self._tell = tell
        self._mask = mask
        self._told: set[str] = set()
        self._output: deque[str] = deque()
        self._length = 0
        self._cut = 0
        self.digest: str | None = None
        self.wrote = False

    def __call__(self, entry: Mapping[str, Any]) -> None:
        if text := entry.get("stream"):
            self._write(str(text))
        status, layer = str(entry.get("status") or ""), str(entry.get("id") or "")
        if not status:
            return
        self.wrote = self.wrote or status.startswith(tuple(_WRITTEN))
        if found := _DIGEST.search(status):
            self.digest = found[1]
        if status not in _MOVING:
            self._tell_once(shortened(f"{layer}: {status}" if layer else status, LONGEST_STATUS))

    def _tell_once(self, line: str) -> None:
        if line in self._told or len(self._told) > MOST_TOLD:
            return
        self._told.add(line)
        self._tell(line if len(self._told) <= MOST_TOLD else NO_MORE)

    def _write(self, text: str) -> None:
        text = self._mask(shortened(text, MOST_OUTPUT))
        self._output.append(text)
        self._length += len(text)
        while self._length > MOST_OUTPUT and len(self._output) > 1:
            gone = len(self._output.popleft())
            self._length -= gone
            self._cut += gone
        for line in text.splitlines():
            if line.strip():
                self._tell(line)

    @property
    def output(self) -> str:
        """The last part of what was written, masked."""
        mark = LEFT_OUT.format(count=self._cut) if self._cut else ""
        return mark + "".join(self._output)
