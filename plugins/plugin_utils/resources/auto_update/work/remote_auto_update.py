# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_auto_update: lets Podman update the containers that have a policy for it."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ..options import ARGUMENT_SPEC, Options, parse, require_taken
from .host import UpdateHost
from .run import run_auto_update


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    require_taken(options, session.client.engine)
    return run_auto_update(task.runner(session), UpdateHost(session), options, check_mode=task.check_mode)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    engines=("podman",),
    elsewhere="Docker has none: remote_container with pull: always recreates a container whose image is a newer one.",
)
