# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container_exec: runs a command in a running container."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, SPEC_RULES, Command, parse
from ..result_format import FORMATS
from .killing import Killer, host_runs
from .run import run_command, skipped


def prepare(task: Task, params: dict[str, Any]) -> Command:
    command = parse(params)
    task.hide(filter(task.masker.hides, command.secrets()))
    return command


def perform(task: Task, session: Session, command: Command) -> dict[str, Any]:
    told = task.telling.choose(FORMATS)
    if task.check_mode:
        return told(skipped(session.client, command.container))
    killer = Killer(session.client, command.container, host_runs(session))
    return told(run_command(task.runner(session), command, killer.end))


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    formats=True,
    peers=("docker_container_exec", "podman_container_exec"),
    differs=(
        "gives a command's exit code as data, as the peers do, and 126 or 127 with the engine's words for a command "
        "that cannot be started. It can have a time limit, after which its processes really end."
    ),
)
