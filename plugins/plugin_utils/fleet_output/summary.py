# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has come to: counts for each task, host group and host, as lines and as data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ..telling import visible
from .exit_codes import Ending
from .files import SUMMARY_JSON, SUMMARY_TEXT
from .names import folded, limit_pattern, natural
from .progress import clock
from .results import BAD, CHANGED, FAILED, IGNORED, OK, SKIPPED, STATUSES, UNREACHABLE

MOST_GROUPS = 20  # on a screen; files have all
_LONGEST_NAME = 50  # characters of a task's name in a table
_COLUMNS = (OK, CHANGED, FAILED, UNREACHABLE, SKIPPED, IGNORED)
# The names that Ansible's own statistics have for these.
_OF_STATISTICS = {FAILED: "failures"}

Counts = dict[str, int]


class Task:
    """One task of the run. ``slowest`` is a host and its seconds."""

    def __init__(self, name: str, play: str) -> None:
        self.name, self.play = name, play
        self.counts: Counts = dict.fromkeys(STATUSES, 0)
        self.slowest: tuple[str, float] | None = None


class Summary:
    """Collects a run. Grows with hosts and with tasks, not with their product."""

    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.hosts: dict[str, Counts] = {}
        self._groups: dict[str, set[str]] = {}

    def add(self, key: str, host: str, groups: Iterable[str], status: str, seconds: float | None) -> None:
        """One host's result of the task with this key, which has begun."""
        task = self.tasks[key]
        task.counts[status] += 1
        if seconds is not None and (task.slowest is None or seconds > task.slowest[1]):
            task.slowest = host, seconds
        if host not in self.hosts:
            self.hosts[host] = dict.fromkeys(STATUSES, 0)
            for group in groups:
                self._groups.setdefault(group, set()).add(host)
        self.hosts[host][status] += 1

    def settle(self, statistics: Mapping[str, Mapping[str, int]]) -> None:
        """Take Ansible's own counts of each host, in which rescued failures are none."""
        for host, counts in statistics.items():
            self.hosts[host] = {status: counts.get(_OF_STATISTICS.get(status, status), 0) for status in STATUSES}

    def failed(self) -> dict[str, bool]:
        """Of each host, whether it failed or was unreachable."""
        return {host: any(counts[status] for status in BAD) for host, counts in self.hosts.items()}

    def failed_hosts(self) -> list[str]:
        """In natural order."""
        return sorted((host for host, bad in self.failed().items() if bad), key=natural)

    def groups(self) -> dict[str, Counts]:
        """Of each group, how many hosts it has here (``hosts``), and how many of them are what."""
        return {group: self._group(members) for group, members in sorted(self._groups.items())}

    def _group(self, members: set[str]) -> Counts:
        states = [_state(self.hosts[host]) for host in members]
        return {"hosts": len(states), **{status: states.count(status) for status in (OK, CHANGED, FAILED, UNREACHABLE)}}

    def lines(self, seconds: float, most_groups: int | None = MOST_GROUPS) -> Iterator[str]:
        """The summary for people, without the exit code, which is not known yet."""
        hosts = f"{len(self.hosts)} host{'s' * (len(self.hosts) != 1)}"
        yield f"SUMMARY {hosts}, {len(self.tasks)} task{'s' * (len(self.tasks) != 1)}, {clock(seconds)}"
        if self.tasks:
            rows = [
                [_shortened(task.name), *_numbers(task.counts, _COLUMNS), _slowest(task)]
                for task in self.tasks.values()
            ]
            yield from _table(["task", *_COLUMNS, "slowest"], rows)
        groups = self.groups()
        if groups:
            columns = ("hosts", OK, CHANGED, FAILED, UNREACHABLE)
            told = list(groups.items())[:most_groups]
            yield from _table(["group", *columns], [[visible(name), *_numbers(row, columns)] for name, row in told])
            if more := len(groups) - len(told):
                yield f"and {more} more group{'s' * (more != 1)}"
        if failed := self.failed_hosts():
            yield f"Failed or unreachable: {folded(failed)} ({len(failed)} of {len(self.hosts)})"
            yield f"--limit {limit_pattern(failed)}"

    def files(self, playbook: str, began: float, seconds: float, ending: Ending | None) -> dict[str, str]:
        """The texts of the files that tell of a run; ``began`` is seconds since 1970."""
        when = datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds")
        data = self.data(seconds, ending, playbook=playbook, began=when)
        lines = [*self.lines(seconds, most_groups=None), *([str(ending)] if ending else [])]
        return {
            SUMMARY_JSON: json.dumps(data, ensure_ascii=False, indent=2) + "\n",
            SUMMARY_TEXT: "\n".join(lines) + "\n",
        }

    def data(self, seconds: float, ending: Ending | None, **more: Any) -> dict[str, Any]:
        """The same for programs; ``exit`` is None where the exit code never became known."""
        failed = self.failed_hosts()
        return {
            **more,
            "seconds": round(seconds, 3),
            "tasks": [_task(task) for task in self.tasks.values()],
            "groups": self.groups(),
            "hosts": {host: {"state": _state(counts), **counts} for host, counts in self.hosts.items()},
            "failed_hosts": failed,
            "limit": limit_pattern(failed),
            "exit": None if ending is None else {"code": ending.code, "words": ending.words},
        }


def _task(task: Task) -> dict[str, Any]:
    slowest = task.slowest and {"host": task.slowest[0], "seconds": round(task.slowest[1], 3)}
    return {"task": task.name, "play": task.play, **task.counts, "slowest": slowest}


def _state(counts: Mapping[str, int]) -> str:
    """What counts most of what happened on a host."""
    return next((status for status in (FAILED, UNREACHABLE, CHANGED) if counts[status]), OK)


def _numbers(counts: Mapping[str, int], columns: Iterable[str]) -> list[str]:
    return [str(counts[column]) for column in columns]


def _slowest(task: Task) -> str:
    return "" if task.slowest is None else f"{folded([task.slowest[0]])} {task.slowest[1]:.1f} s"


def _shortened(name: str) -> str:
    name = visible(name.replace("\n", " "))
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Names to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        cells = [
            cell.rjust(width) if column and (head[column] != "slowest") else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
