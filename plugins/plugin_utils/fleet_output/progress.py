# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the live region tells while a task runs: pure, with the time handed in."""

from __future__ import annotations

from collections.abc import Mapping

from ..dataclass import dataclass
from .names import natural


@dataclass(frozen=True)
class Progress:
    """A task at one moment. Times are seconds.

    ``total`` is how many hosts it is to run on, as far as that is known; ``running`` says when each host began.
    """

    task: str
    total: int
    done: int
    failed: int
    running: Mapping[str, float]
    began: float

    def slowest(self) -> str:
        """The host that has run longest, an empty text where none runs."""
        return min(self.running, key=lambda host: (self.running[host], natural(host)), default="")

    def left(self, now: float) -> float | None:
        """About how long this task will still take: as the hosts that are done have taken. None before one is."""
        if not self.done:
            return None
        return (now - self.began) / self.done * max(self.total - self.done, 0)


def told(progress: Progress, now: float) -> list[str]:
    """The lines below the bar."""
    counts = f"{progress.done} done · {len(progress.running)} running · {progress.failed} failed"
    left = progress.left(now)
    estimate = "" if left is None or progress.done >= progress.total else f" · about {clock(left)} left"
    lines = [f"{counts} · {clock(now - progress.began)}{estimate}"]
    if slowest := progress.slowest():
        lines.append(f"slowest: {slowest} ({clock(now - progress.running[slowest])})")
    return lines


def clock(seconds: float) -> str:
    """0:07, 12:00, 1:00:00."""
    minutes, rest = divmod(int(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
