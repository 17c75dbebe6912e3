# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the hosts of a play, so many at a time: an entry for each, whatever became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ....errors import FleetError, SshError, TooLate
from ....session.attempt import attempted
from ....session.session import WELL_KNOWN_SOCKETS, Session
from ...shared.work.module import FleetReader
from ..options import Wanted
from ..result import Entry, entry, result
from . import processes
from .fan_out import FanOut
from .reading import Reading

Ways = Sequence[Callable[[], Session]]


class Fleet:
    """One reading of the hosts of the play."""

    def __init__(self, task: FleetReader, wanted: Wanted, params: Mapping[str, Any]) -> None:
        self._task = task
        self._wanted = wanted
        self._params = params
        self._hosts = task.play_hosts
        self._groups = _groups_of(task.groups)
        self._entries: dict[str, Entry] = {}

    def result(self) -> dict[str, Any]:
        ends = None if self._wanted.timeout_all is None else time.monotonic() + self._wanted.timeout_all
        for host, told in self._read_all(ends):
            self._note(host, told)
        for host in self._hosts:
            if host not in self._entries:
                late = TooLate(self._wanted.timeout_all or 0)
                self._note(host, self._told(host, [], [late], began=None))
        return result([self._entries[host] for host in self._hosts], self._wanted)

    def _read_all(self, ends: float | None) -> Iterator[tuple[str, Entry]]:
        at_once = self._wanted.at_once
        number = processes.number_of(len(self._hosts), at_once)
        if number == 1:
            return FanOut[Entry](at_once, ends).run(self._works())
        self._task.tell(f"{number} processes read {len(self._hosts)} hosts")
        return processes.spread(list(self._works()), at_once, ends, number)

    def _works(self) -> Iterator[tuple[str, Callable[[], Entry]]]:
        """What is to be done for each host. Its settings are resolved here, by one thread: Ansible's templates can't be
        used by several.
        """
        for host in self._hosts:
            try:
                ways = self._ways(host)
            except FleetError as error:
                self._note(host, self._told(host, [], [error], began=None))
            else:
                yield host, partial(self._read, host, ways)

    def _ways(self, host: str) -> Ways:
        if not self._wanted.every_engine:
            return [self._task.way(host, self._params)]
        asked = ({**self._params, "engine": engine, "engine_socket": None} for engine in WELL_KNOWN_SOCKETS)
        return [self._task.way(host, params) for params in asked]

    def _read(self, host: str, ways: Ways) -> Entry:
        began = time.monotonic()
        engines: list[Entry] = []
        errors: list[FleetError] = []
        for way in ways:
            readings: list[Reading] = []
            try:
                attempted(way, partial(self._read_engine, readings), partial(self._log, host), keep=self._wanted.keep)
            except FleetError as error:
                errors.append(error)
            engines += [reading.entry for reading in readings[-1:]]
        return self._told(host, engines, errors, began)

    def _read_engine(self, readings: list[Reading], session: Session) -> None:
        """Read one engine; what was read of it stays in ``readings``, also where the rest fails."""
        readings.append(Reading(self._task, session, self._wanted))
        readings[-1].read()

    def _told(self, host: str, engines: list[Entry], errors: list[FleetError], began: float | None) -> Entry:
        """The entry of a host. That it has only one of two engines is no error."""
        missing = [error for error in errors if isinstance(error, SshError) and error.kind == "socket_missing"]
        counted = [error for error in errors if error not in missing or (len(missing) == len(errors) and not engines)]
        seconds = 0.0 if began is None else time.monotonic() - began
        told = self._task.failure(counted[0])["error"] if counted else None
        reached = bool(engines) or (began is not None and not any(_no_way(error) for error in counted))
        error = {key: told[key] for key in ("kind", "message", "hint")} if told else None
        return entry(host, self._groups.get(host, ()), engines, error, reached=reached, seconds=seconds)

    def _note(self, host: str, told: Entry) -> None:
        """Keep an entry, and tell how far it is, ten times in all."""
        self._entries[host] = told
        number, every = len(self._entries), max(1, len(self._hosts) // 10)
        if number % every == 0 or number == len(self._hosts):
            failed = sum(1 for one in self._entries.values() if one.get("error"))
            self._task.tell(f"{number} of {len(self._hosts)} hosts read, {failed} of them not completely")

    def _log(self, host: str, message: str) -> None:
        self._task.log(f"{host}: {message}")


def _no_way(error: FleetError) -> bool:
    return isinstance(error, SshError) and error.unreachable


def _groups_of(groups: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """{host: its groups}, from Ansible's {group: its hosts}, without the two that say nothing."""
    found: dict[str, list[str]] = {}
    for group, hosts in groups.items():
        if group not in ("all", "ungrouped"):
            for host in hosts:
                found.setdefault(host, []).append(group)
    return found
