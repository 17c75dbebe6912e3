# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spreads a fan-out over as many processes as there are processors: the threads of one process share a processor, and
a thousand hosts that answer at once keep it busy for seconds.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, NoReturn, TypeVar

from ....errors import EngineError
from ....processors import processors
from .fan_out import FanOut, Work

Result = TypeVar("Result")
Named = tuple[str, Work[Result]]

# Pieces of work for which another process is worth its fork, about 20 ms.
LEAST = 32
# Seconds after the end in which a process may still tell what it has.
GRACE = 0.5


def number_of(pieces: int, at_once: int) -> int:
    """How many processes are worth it; one where other threads run, whose locks a fork would take along."""
    if threading.active_count() > 1:
        return 1
    return max(1, min(processors(), at_once, pieces // LEAST))


def spread(
    works: Sequence[Named[Result]], at_once: int, ends: float | None, number: int
) -> Iterator[tuple[str, Result]]:
    """(name, result) of each, as they end, as :class:`FanOut` gives them. The results must be such as can be pickled.

    :param at_once: the largest number of pieces of work at a time, in all processes together.
    :param number: of processes, at least 2.
    :raises RuntimeError: a piece of work has raised something; with its traceback.
    :raises EngineError: a process was killed.
    """
    for stream in (sys.stdout, sys.stderr):  # else each process would write what is still in there
        stream.flush()
    children: list[_Child] = []
    try:
        for index in range(number):
            share = at_once // number + (index < at_once % number)
            children.append(_Child(works[index::number], share, ends, [child.told for child in children]))
        yield from _told(children, ends)
    finally:
        for child in children:
            child.end()


def _told(children: Sequence[_Child], ends: float | None) -> Iterator[tuple[str, Any]]:
    running: dict[object, _Child] = {child.told: child for child in children}
    while running:
        left = None if ends is None else ends + GRACE - time.monotonic()
        if left is not None and left <= 0:
            return
        for child in [running[told] for told in wait([child.told for child in running.values()], left)]:
            try:
                name, result, problem = child.told.recv()
            except EOFError:
                running.pop(child.told).require_ended_well()
                continue
            if problem:
                raise RuntimeError(problem)
            yield name, result


class _Child:
    """A process that does its share; ``told`` is where its results come."""

    def __init__(self, works: Sequence[Named[Any]], at_once: int, ends: float | None, others: list[Connection]) -> None:
        self.told, theirs = Pipe(duplex=False)
        self._pid: int | None = os.fork()
        if self._pid == 0:
            for one in (*others, self.told):
                one.close()
            _work(works, at_once, ends, theirs)
        theirs.close()

    def require_ended_well(self) -> None:
        """It has told all that it will.

        :raises EngineError: because it was killed.
        """
        if (status := self._reaped()) != 0:
            how = f"by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"with code {status}"
            raise EngineError(
                f"A process of this task, which was reading hosts, has ended {how}.",
                hint="Is there too little memory (dmesg shows that)? Lower at_once.",
            )

    def end(self) -> None:
        """End it if it runs yet."""
        self.told.close()
        if self._pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._reaped()

    def _reaped(self) -> int:
        pid, self._pid = self._pid, None
        return os.waitpid(pid, 0)[1] if pid is not None else 0


def _work(works: Sequence[Named[Any]], at_once: int, ends: float | None, told: Connection) -> NoReturn:
    """What a child does: everything that its parent has set up for its own end is left to the parent."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        gc.freeze()  # nothing of the parent's is looked through, which would copy it
        for name, result in FanOut[Any](at_once, ends).run(works):
            told.send((name, result, ""))
    except BrokenPipeError:  # nobody waits any more
        pass
    except BaseException:
        with contextlib.suppress(OSError):
            told.send(("", None, traceback.format_exc()))
    finally:
        os._exit(0)
