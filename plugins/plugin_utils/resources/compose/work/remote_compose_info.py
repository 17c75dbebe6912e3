# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_compose_info: resolves compose files on the controller. No host is asked."""

from __future__ import annotations

import os
from typing import Any

from ....compose.project import Wanted, resolve
from ...shared.secrets import Masker
from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, SPEC_RULES, parse
from ..result import result, shown_openly


def prepare(task: Task, params: dict[str, Any]) -> tuple[Wanted, dict[str, Any]]:
    return parse(params, task.beside_playbook, os.environ), params


def perform(task: Task, prepared: tuple[Wanted, dict[str, Any]]) -> dict[str, Any]:
    wanted, params = prepared
    resolved = resolve(wanted)
    task.masker.learn(resolved.variables)
    task.masker.learn_from(resolved.config["services"])
    task.masker.leave(shown_openly(resolved.config))
    masker = task.masker if params["mask_env"] else Masker(enabled=False)
    told = result(resolved, masker, params["escape_dollars"])
    return {**told, "warnings": [task.masker.strictly(warning) for warning in told["warnings"]]}


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform_here=perform,
    reads=True,
    query=True,
)
