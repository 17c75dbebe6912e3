# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_host_info: reads the hosts of a hosts.json on the controller."""

from __future__ import annotations

from typing import Any

from ....errors import HostsFileError
from ....hosts.read import parse_hosts
from ...shared.work.module import Module, Task
from ...shared.work.needed import skipped_without
from ..options import INFO_ARGUMENT_SPEC, Chosen, parse_info
from ..result import of_file
from .file import OwnFile

Prepared = tuple[OwnFile, Chosen]


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    return OwnFile(task.beside_playbook(params["path"])), parse_info(params)


def perform(task: Task, prepared: Prepared) -> dict[str, Any]:
    file, chosen = prepared
    data = file.read()
    if data is None:
        problem = f"{file.named}: there is no such file. Correct the path, or add a host with remote_host."
        missing = HostsFileError(file.named, [problem])
        return skipped_without(f"file {file.named}", missing, check_mode=task.check_mode, where="the controller")
    return of_file(parse_hosts(data, file.named), chosen, str(file.path))


MODULE = Module(argument_spec=INFO_ARGUMENT_SPEC, prepare=prepare, perform_here=perform, reads=True, query=True)
