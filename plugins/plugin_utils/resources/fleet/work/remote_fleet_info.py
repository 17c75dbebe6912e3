# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_fleet_info: reads all hosts of the play in one run, so many at a time."""

from __future__ import annotations

from typing import Any

from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, Wanted, parse
from .fleet import Fleet
from .limits import require_room

Prepared = tuple[Wanted, dict[str, Any]]  # with the options, which have those of the connections


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    wanted = parse(params)
    require_room(wanted, len(task.play_hosts))
    return wanted, params


def perform(task: Task, prepared: Prepared) -> dict[str, Any]:
    return Fleet(task, *prepared).result()


MODULE = Module(argument_spec=ARGUMENT_SPEC, prepare=prepare, perform_for_all=perform, reads=True, query=True)
