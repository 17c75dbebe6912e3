# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_compose_info: resolves compose files on the controller; a host is asked only for what of them runs there."""

from __future__ import annotations

import os
from typing import Any

from ....compose.project import Wanted, resolve
from ....session.session import Session
from ...shared.secrets import Masker
from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, SPEC_RULES, parse
from ..result import on_host, result, shown_openly
from ..translation import labels


def prepare(task: Task, params: dict[str, Any]) -> tuple[Wanted, dict[str, Any]]:
    return parse(params, task.beside_playbook, os.environ), params


def resolved(task: Task, prepared: tuple[Wanted, dict[str, Any]]) -> dict[str, Any]:
    wanted, params = prepared
    found = resolve(wanted)
    task.masker.learn(found.variables)
    task.masker.learn_from(found.config["services"])
    task.masker.leave(shown_openly(found.config))
    masker = task.masker if params["mask_env"] else Masker(enabled=False)
    told = result(found, masker, params["escape_dollars"])
    return {**told, "warnings": [task.masker.strictly(warning) for warning in told["warnings"]]}


def perform(task: Task, session: Session, prepared: tuple[Wanted, dict[str, Any]]) -> dict[str, Any]:
    told = resolved(task, prepared)
    client = session.client
    mine = {"label": [f"{labels.PROJECT}={told['project_name']}"]}
    names = [one["Id"] for one in client.containers.list(all=True, filters=mine)]
    inspects = [one for one in map(client.containers.inspect, names) if one is not None]
    masker = task.masker if prepared[1]["mask_env"] else Masker(enabled=False)
    return {**told, **on_host(told["config"], inspects, client.engine, masker)}


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    perform_here=resolved,
    asks_host=lambda prepared: bool(prepared[1]["running"]),
    reads=True,
    query=True,
)
