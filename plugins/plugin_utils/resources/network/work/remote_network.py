# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_network: brings one network into the state that the task describes."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ..options import ARGUMENT_SPEC, Options, parse
from .run import run_network


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    return run_network(task.runner(session), options, check_mode=task.check_mode, telling=task.telling)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    formats=True,
    peers=("docker_network", "podman_network"),
    differs=(
        "brings the containers of a network that has to be made anew back into it, stopped ones too, and the old "
        "network if the new one is refused."
    ),
)
