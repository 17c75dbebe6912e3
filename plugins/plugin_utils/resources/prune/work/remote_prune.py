# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_prune: removes what nothing uses."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ..options import ARGUMENT_SPEC, Options, parse
from ..result_format import FORMATS
from .run import run_prune


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    result = run_prune(task.runner(session), options, check_mode=task.check_mode)
    return task.telling.choose(FORMATS)(result)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    formats=True,
    peers=("docker_prune", "podman_prune"),
    differs=(
        "leaves alone what was not created by this collection, unless ``only_ours`` is false, and its check mode lists "
        "what would go."
    ),
)
