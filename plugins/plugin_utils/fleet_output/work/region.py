# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines at the end of a terminal that change while the rest scrolls by.

Nothing of the terminal's state is touched but for the moment of one write: no cursor is hidden, no mode is set. So
there is nothing to put back, whatever ends the run.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

INTERVAL = 0.2  # seconds
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"

Draw = Callable[[int], list[str]]


class Region:
    """Draws every fifth of a second what ``draw`` makes for a width, below all that is written to stdout and stderr.

    :param lock: what Ansible holds while it writes and while it forks, so that no child is made in the midst of it.
    """

    def __init__(self, draw: Draw, lock: AbstractContextManager[Any]) -> None:
        self._draw, self._lock = draw, lock
        self._lines = 0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._streams: dict[str, Any] = {}

    def start(self) -> None:
        """Begin to draw, unless it does already, or stdout is no terminal."""
        if self._thread is not None or not sys.stdout.isatty():
            return
        self._ended = threading.Event()
        with self._lock:
            for name in ("stdout", "stderr"):
                stream = getattr(sys, name)
                if stream.isatty():
                    self._streams[name] = stream
                    setattr(sys, name, _Above(stream, self))
        self._thread = threading.Thread(target=self._tick, args=(self._ended,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End drawing, and take away what was drawn."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._ended.set()
        with self._lock:
            self.clear()
            for name, stream in self._streams.items():
                setattr(sys, name, stream)
            self._streams.clear()
        thread.join()

    def write(self, stream: Any, text: str) -> int:
        """Write above the region, which then comes back by itself."""
        with self._lock:
            self.clear()
            return int(stream.write(text))

    def clear(self) -> None:
        """Take away what is drawn."""
        if self._lines:
            self._put(f"\r\x1b[{self._lines}A\x1b[J")
            self._lines = 0

    def _tick(self, ended: threading.Event) -> None:
        while not ended.wait(INTERVAL):
            with self._lock:
                if not ended.is_set():
                    self._redraw()

    def _redraw(self) -> None:
        if any(stream.open_line for name in self._streams if isinstance(stream := getattr(sys, name), _Above)):
            return  # somebody is in the midst of a line
        lines = self._draw(shutil.get_terminal_size().columns - 1)
        up = f"\r\x1b[{self._lines}A" if self._lines else "\r"
        self._put("".join([_NO_WRAP, up, *(f"{line}\x1b[K\n" for line in lines), "\x1b[J", _WRAP]))
        self._lines = len(lines)

    def _put(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # the terminal is gone
            self._streams["stdout"].write(text)
            self._streams["stdout"].flush()


class _Above:
    """A stream whose writes go above the region."""

    def __init__(self, stream: Any, region: Region) -> None:
        self._stream, self._region = stream, region
        self.open_line = False

    def write(self, text: str) -> int:
        if text:
            self.open_line = not text.endswith("\n")
        return self._region.write(self._stream, text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
