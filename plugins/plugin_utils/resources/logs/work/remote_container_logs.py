# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container_logs: reads what a container has written."""

from __future__ import annotations

from typing import Any

from ....errors import EngineError
from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ...shared.work.needed import skipped_without
from ..options import ARGUMENT_SPEC, Wanted, parse
from .run import read_logs


def perform(task: Task, session: Session, wanted: Wanted) -> dict[str, Any]:
    try:
        return read_logs(session.client, wanted)
    except EngineError as error:
        if error.kind != "container_missing":
            raise
        return skipped_without(f"container {wanted.container}", error, check_mode=task.check_mode)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC, prepare=parsed_by(parse), perform=perform, reads=True, peers=("podman_logs",)
)
