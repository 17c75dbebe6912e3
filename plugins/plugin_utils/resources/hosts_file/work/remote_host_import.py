# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_host_import: takes hosts of the run's inventory, or of an ssh configuration, over into a hosts.json."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption
from ....hosts.login_name import login_name
from ....session import ssh_settings
from ...shared.work.module import Module, Task
from ..importing import ARGUMENT_SPEC, Elsewhere, Imported, Wanted, of_inventory, of_ssh_config, parse, planned, result
from .file import OwnFile


@dataclass(frozen=True)
class Prepared:
    """A task whose options are checked. ``ssh_config`` is the path of an ssh configuration, None for the inventory."""

    file: OwnFile
    wanted: Wanted
    ssh_config: str | None
    backup: bool


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    config = None
    if params["source"] == "ssh_config":
        config = task.beside_playbook(os.path.expanduser(params["ssh_config"]))  # noqa: PTH111 - as Ansible does
    return Prepared(OwnFile(task.beside_playbook(params["path"])), parse(params), config, params["backup"])


def perform(task: Task, prepared: Prepared) -> dict[str, Any]:
    file, wanted = prepared.file, prepared.wanted
    found = list(
        _of_the_inventory(task, wanted) if prepared.ssh_config is None else _of_ssh(prepared.ssh_config, wanted)
    )
    if not found and wanted.names is not None:
        raise InvalidOption("name", list(wanted.names), "no host has such a name there.", "Correct the patterns.")
    if task.check_mode:
        return result(planned(file.read(), wanted, found, file.named), str(file.path), None)
    with file.alone():
        there = file.read()
        seen = planned(there, wanted, found, file.named)
        backup = _written(task, prepared, seen, there)
    return result(seen, str(file.path), backup)


def _of_the_inventory(task: Task, wanted: Wanted) -> Iterator[Elsewhere]:
    for name in task.hostvars:
        if wanted.takes(name) and name != "localhost":
            variables = task.hostvars[name]
            groups = variables.get("group_names") or ()
            yield of_inventory(name, variables, groups, str(Path.cwd()), ssh_settings.jump_host)


def _of_ssh(config: str, wanted: Wanted) -> Iterator[Elsewhere]:
    names = [name for name in ssh_settings.hosts_of(config) if wanted.takes(name)]
    own = login_name()
    for name, (found, more) in ssh_settings.configured(names, config).items():
        yield of_ssh_config(name, found, more, own)


def _written(task: Task, prepared: Prepared, seen: Imported, there: bytes | None) -> str | None:
    """Write what is planned; the path of the backup, None where there is none."""
    backup = None
    runner = task.runner_here()
    for step in seen.plan.steps:
        with runner.doing(step):
            backup = prepared.file.write(there, seen.after.encode(), keep=prepared.backup)
    return backup


MODULE = Module(argument_spec=ARGUMENT_SPEC, prepare=prepare, perform_here=perform)
