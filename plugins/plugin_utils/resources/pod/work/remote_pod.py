# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_pod: brings one pod of Podman's into the state that the task describes."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ..options import ARGUMENT_SPEC, Options, parse
from .run import run_pod


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    return run_pod(task.runner(session), options, check_mode=task.check_mode)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    engines=("podman",),
    elsewhere="Docker has no pods: containers share a network with network_mode=container:NAME of remote_container.",
    peers=("podman_pod",),
    differs=(
        "does not remove a pod's containers because an option differs, unless ``force`` is true; the task fails with "
        "their names. An option that a task does not name is not compared, where podman_pod takes it for its default; "
        "a pod that is not there is made with ``state: stopped``, too, where podman_pod fails."
    ),
)
