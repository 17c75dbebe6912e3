# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_login: logs in to a registry for the tasks that follow, or out of it."""

from __future__ import annotations

from typing import Any

from ....errors import InvalidOption
from ....session.session import Session
from ....session.settings import PARAMIKO
from ...shared.work.module import Module, Task
from ..login import ARGUMENT_SPEC, SPEC_RULES, Login, parse
from ..result_format import FORMATS
from .run import run_login


def prepare(task: Task, params: dict[str, Any]) -> Login:
    if task.setting("transport", params) == PARAMIKO:
        problem = "a login is kept with the connection, and one of paramiko's ends with its task."
        raise InvalidOption("transport", PARAMIKO, problem, "Use OpenSSH's client (transport=openssh).")
    return parse(params)


def perform(task: Task, session: Session, login: Login) -> dict[str, Any]:
    result = run_login(task.runner(session), session, login, check_mode=task.check_mode)
    return task.telling.choose(FORMATS)(result)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    formats=True,
    peers=("docker_login", "podman_login", "podman_logout"),
    differs=(
        "writes no configuration file: it keeps the credentials for the tasks that follow, as long as the SSH "
        "connection lives."
    ),
)
