# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does something on many hosts, so many at a time, and waits no longer than a time that is set for all together."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

Result = TypeVar("Result")
Work = Callable[[], Result]


class FanOut(Generic[Result]):
    """A bounded pool of threads. They are daemons: one that hangs beyond the end keeps nobody from ending.

    :param at_once: the largest number of threads; there are never more than pieces of work.
    :param ends: the time, by ``time.monotonic``, at which nobody waits any longer.
    """

    def __init__(self, at_once: int, ends: float | None) -> None:
        self._at_once = at_once
        self._ends = ends
        self._waiting: queue.SimpleQueue[tuple[str, Work[Result]] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, Result | None, BaseException | None]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._open = 0

    def run(self, works: Iterable[tuple[str, Work[Result]]]) -> Iterator[tuple[str, Result]]:
        """(name, result) of each, as they end. What has not ended in time is left out.

        :param works: what is to be done, by name. It may take its time to say so: what it has said is done meanwhile.
        :raises Exception: what the first work that raised anything has raised.
        """
        try:
            for name, work in works:
                self._start(name, work)
                yield from self._ended(wait=False)
                if self._late():
                    return
            while self._open and not self._late():
                yield from self._ended(wait=True)
        finally:
            self._drop_the_rest()

    def _start(self, name: str, work: Work[Result]) -> None:
        self._open += 1
        self._waiting.put((name, work))
        if len(self._threads) < self._at_once:
            thread = threading.Thread(target=self._labour, daemon=True, name=f"fleet-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()

    def _labour(self) -> None:
        while (piece := self._waiting.get()) is not None:
            name, work = piece
            try:
                self._done.put((name, work(), None))
            except BaseException as error:  # it belongs to whoever reads the results
                self._done.put((name, None, error))

    def _ended(self, *, wait: bool) -> Iterator[tuple[str, Result]]:
        """Those that have ended; with ``wait``, at least one, unless it gets late."""
        while self._open:
            try:
                left = None if self._ends is None else max(0.0, self._ends - time.monotonic())
                name, result, error = self._done.get(block=wait, timeout=left)
            except queue.Empty:
                return
            wait = False
            self._open -= 1
            if error is not None:
                raise error
            yield name, result  # type: ignore[misc]

    def _late(self) -> bool:
        return self._ends is not None and time.monotonic() >= self._ends

    def _drop_the_rest(self) -> None:
        """Nobody begins anything any more, and whoever has nothing to do ends."""
        while not self._waiting.empty():
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        for _thread in self._threads:
            self._waiting.put(None)
        if not self._open:  # all of them only have to end: whoever forks after this does so without threads
            for thread in self._threads:
                thread.join()
