# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that hosts are at, from the moment in which one is known until what it said has been told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .progress import Progress
from .results import BAD, CHANGED, TaskResults, Words
from .summary import Summary, Task

Key = str  # what makes a task this one and no other


class Running:
    """One such task: its title, since when, and which of its hosts began when (seconds)."""

    def __init__(self, title: str, now: float) -> None:
        self.title, self.began = title, now
        self.hosts: dict[str, float] = {}
        self.results = TaskResults()
        self.titled = False  # whether its title has been told

    def progress(self, total: int) -> Progress:
        """Where it is, with this many hosts in the play."""
        counts = self.results.counts
        done, failed = sum(counts.values()), sum(counts[status] for status in BAD)
        total = max(total, done + len(self.hosts))
        return Progress(self.title, total, done, failed, dict(self.hosts), self.began)


class Tasks:
    """All of them. Results also go to the summary; ``now`` is a clock in seconds."""

    def __init__(self, summary: Summary, now: Callable[[], float]) -> None:
        self.latest: Running | None = None
        self._summary, self._now = summary, now
        self._running: dict[Key, Running] = {}
        self._items: dict[tuple[Key, str], list[str]] = {}
        self._diffs: dict[tuple[Key, str], list[str]] = {}

    def of(self, key: Key, title: str, play: str) -> Running:
        """The task, which begins now if it is not known."""
        if key not in self._running:
            self._running[key] = Running(title, self._now())
            self._summary.tasks.setdefault(key, Task(title, play))
        return self._running[key]

    def host_begins(self, running: Running, host: str) -> None:
        """A host begins with it."""
        running.hosts[host] = self._now()
        self.latest = running

    def item(self, key: Key, host: str, text: str) -> None:
        """What is told of one item of a loop on a host whose result is still to come."""
        self._items.setdefault((key, host), []).append(text)

    def diff(self, key: Key, host: str, text: str) -> None:
        """A diff of a host whose result is still to come."""
        self._diffs.setdefault((key, host), []).append(text.rstrip("\n"))

    def items(self, key: Key, host: str) -> Words | None:
        """What is told of a host's items, which are then forgotten."""
        items = self._items.pop((key, host), None)
        return Words(*2 * ["\n".join(items)]) if items else None

    def result(self, key: Key, host: str, groups: Iterable[str], status: str, words: Words | None) -> bool:
        """A host is done with a task that has begun; whether it is the first that said this."""
        running = self._running[key]
        began = running.hosts.pop(host, None)
        self._summary.add(key, host, groups, status, None if began is None else self._now() - began)
        diffs = self._diffs.pop((key, host), [])
        if words is None and (diffs or status == CHANGED):
            words = Words()
        return running.results.add(host, status, words and words.above(diffs))

    def idle(self, key: Key) -> Running | None:
        """The task, which is then forgotten, if no host is at it."""
        return None if self._running[key].hosts else self._running.pop(key)

    def ended(self) -> Iterator[Running]:
        """All of them, which are then forgotten."""
        running, self._running, self.latest = self._running, {}, None
        yield from running.values()
