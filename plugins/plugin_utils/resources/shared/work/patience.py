# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits for whoever changes what a run wants to change: a moment at a time, telling for whom, and not for ever."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from ....dataclass import dataclass
from ....errors import EngineError

Log = Callable[[str], None]


@dataclass(frozen=True)
class Pace:
    """Seconds: ``beat`` between an owner's signs of life, ``lapse`` without one after which it counts as gone, ``look``
    between two looks of one that waits, ``silence`` until that is told aloud, and for how long it waits at most.
    """

    beat: float = 5.0
    lapse: float = 45.0
    look: float = 0.3
    silence: float = 3.0
    patience: float = 900.0


class Waiting:
    """Waits a moment at a time for somebody, says once for whom, and not for ever."""

    def __init__(self, thing: str, pace: Pace, log: Log, tell: Log) -> None:
        self._thing = thing
        self._pace = pace
        self._log = log
        self._tell = tell
        self._told = ""
        self._told_aloud = False
        self._began = seconds()

    def on(self, who: str) -> None:
        """Wait a moment.

        :raises EngineError: kind ``busy``: it was long enough.
        """
        if who != self._told:
            self._log(f"The {self._thing} is being changed by {who}: waiting for that.")
            self._told = who
        pace, waited = self._pace, seconds() - self._began
        if waited >= pace.silence and not self._told_aloud:
            self._tell(f"The {self._thing} is being changed by {who}: waiting, for {pace.patience:g} seconds at most.")
            self._told_aloud = True
        if waited >= pace.patience:
            raise EngineError(
                f"The {self._thing} is being changed by {who}, still after {pace.patience:g} seconds. "
                "Nothing was changed here.",
                hint="Run the task again when the other run has ended.", kind="busy",
            )  # fmt: skip
        time.sleep(pace.look * random.uniform(0.5, 1.5))  # noqa: S311 - so that two don't meet again and again


def seconds() -> float:
    """A clock that is never set, and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
