# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_volume: brings one volume into the state that the task describes."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.driver_options import secrets
from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, Options, parse
from .run import run_volume


def prepare(task: Task, params: dict[str, Any]) -> Options:
    options = parse(params)
    task.masker.learn_values(secrets(options.driver_options))
    return options


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    return run_volume(task.runner(session), options, check_mode=task.check_mode, telling=task.telling)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=prepare,
    perform=perform,
    formats=True,
    peers=("docker_volume", "podman_volume"),
    differs="never removes a volume that a container uses.",
)
