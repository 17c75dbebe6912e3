# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_host: adds, changes or removes one host of a hosts.json on the controller."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ....dataclass import dataclass
from ....errors import HostsFileError, SshError
from ....hosts.entry import HostEntry
from ....hosts.login_name import login_name
from ....hosts.variables import Controller, host_groups, host_vars
from ...shared.work.module import Module, Task
from ...shared.work.needed import skipped_without
from ..options import ARGUMENT_SPEC, Wanted, parse
from ..plan import NoSuchHost, Planned, found_by_name, planned
from ..result import of_change
from .file import OwnFile

NOT_TRIED = "Check mode does not try whether {host} can be reached over SSH; a run does, before it writes (verify)."
NOT_WRITTEN = "Nothing was written; with verify set to false, it is written without a connection."


@dataclass(frozen=True)
class Prepared:
    """A task whose options are checked. ``verify`` and ``backup`` are the options of these names."""

    file: OwnFile
    wanted: Wanted
    verify: bool
    backup: bool


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    wanted = parse(params)
    return Prepared(OwnFile(task.beside_playbook(params["path"])), wanted, params["verify"], params["backup"])


def perform(task: Task, prepared: Prepared) -> dict[str, Any]:
    try:
        return _Work(task, prepared).done()
    except NoSuchHost as error:
        thing, where = f"host {prepared.wanted.name}", prepared.file.named
        return skipped_without(thing, error, check_mode=task.check_mode, where=where)


class _Work:
    """One task. A connection takes seconds, so it is tried before others are kept off the file, and once more where
    they have meanwhile changed how the host is reached.
    """

    def __init__(self, task: Task, prepared: Prepared) -> None:
        self._task = task
        self._prepared = prepared
        self._file = prepared.file
        self._reached: dict[str, Any] | None = None  # the variables with which the host was reached

    def done(self) -> dict[str, Any]:
        while True:
            seen = self._look()
            if not seen.plan.changed:
                return self._told(seen)
            if self._task.check_mode:
                return self._told(seen) | ({"warnings": [self._not_tried]} if self._is_to_be_tried(seen) else {})
            if self._is_to_be_tried(seen):
                self._reach(seen)
            with self._file.alone():
                seen = self._look()
                if not self._is_to_be_tried(seen):
                    return self._told(seen, self._written(seen))

    @property
    def _not_tried(self) -> str:
        return NOT_TRIED.format(host=self._prepared.wanted.name)

    def _look(self) -> Planned:
        self._there = self._file.read()
        return planned(self._there, self._prepared.wanted, self._file.named)

    def _told(self, seen: Planned, backup: str | None = None) -> dict[str, Any]:
        return of_change(seen, str(self._file.path), backup)

    def _is_to_be_tried(self, seen: Planned) -> bool:
        return self._prepared.verify and seen.reaches and self._variables(seen) != self._reached

    def _reach(self, seen: Planned) -> None:
        """
        :raises SshError: the host can't be reached as the file would say. The task's own host is another one.
        """
        self._reached = self._variables(seen)
        name = self._prepared.wanted.name
        groups = host_groups(_entry(seen), seen.hosts.default_host)
        try:
            self._task.reach(name, self._reached, groups)
        except SshError as error:
            error.unreachable = False
            error.hint = f"{NOT_WRITTEN} {error.hint}".strip()  # which often ends with a command
            raise

    def _variables(self, seen: Planned) -> dict[str, Any]:
        """What the inventory would say of the host."""
        entry = _entry(seen)
        user = "" if entry.user else _user(self._file.named)
        directory = str(Path(self._file.named).absolute().parent)
        controller = Controller(user, directory, os.path.expanduser)
        return host_vars(entry, controller, found_by_name(seen.hosts))

    def _written(self, seen: Planned) -> str | None:
        """Write what is planned; the path of the backup, None where there is none."""
        backup = None
        runner = self._task.runner_here()
        for step in seen.plan.steps:
            with runner.doing(step):
                backup = self._file.write(self._there, seen.after.encode(), keep=self._prepared.backup)
        return backup


def _entry(seen: Planned) -> HostEntry:
    if seen.entry is None:
        raise ValueError("a host that is removed is not reached")
    return seen.entry


def _user(path: str) -> str:
    """The name of the user who runs Ansible, which hosts without one get.

    :raises HostsFileError: there is none.
    """
    if name := login_name():
        return name
    problem = f"{path}: the user who runs Ansible (uid {os.getuid()}) has no name. Give the host a user."
    raise HostsFileError(path, [problem])


MODULE = Module(argument_spec=ARGUMENT_SPEC, prepare=prepare, perform_here=perform)
