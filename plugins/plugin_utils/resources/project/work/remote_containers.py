# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_containers: brings many containers, with their networks and volumes, into the state that a task describes."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, Wanted, application, control
from .preparing import prepared
from .run import run_project


def prepare(task: Task, params: dict[str, Any]) -> Wanted:
    return prepared(task, application(params), control(params), params["images"])


def perform(task: Task, session: Session, wanted: Wanted) -> dict[str, Any]:
    return run_project(task, session, wanted)


MODULE = Module(argument_spec=ARGUMENT_SPEC, prepare=prepare, perform=perform)
