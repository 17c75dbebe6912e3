# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_login: logs in to a registry for the tasks that follow, or out of it."""

from __future__ import annotations

from typing import Any

from ....errors import EngineError
from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ...shared.work.needed import needed
from ..login import ARGUMENT_SPEC, SPEC_RULES, UNREACHED, Login, failed, parse
from . import logins


def perform(task: Task, session: Session, login: Login) -> dict[str, Any]:
    before = logins.known(session, login.registry)
    wanted = login.credentials
    warnings: list[str] = []
    if wanted is not None and (before != wanted or login.again):
        try:
            session.client.registries.log_in(wanted.auth())  # in check mode too: it changes nothing there
        except EngineError as error:
            if error.kind != UNREACHED:
                raise failed(wanted, error) from error
            thing = f"registry {wanted.registry} that could be asked ({error.words})"
            needed(thing, failed(wanted, error), check_mode=task.check_mode, warn=warnings.append)
    changed = before != wanted
    if changed and not task.check_mode:
        if wanted is None:
            logins.forget(session, login.registry)
        else:
            logins.keep(session, wanted)
    return {**login.result(changed=changed, before=before.username if before else None), "warnings": warnings}


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=parsed_by(parse),
    perform=perform,
    peers=("docker_login", "podman_login", "podman_logout"),
    differs=(
        "writes no configuration file: it keeps the credentials for the tasks that follow, as long as the SSH "
        "connection lives."
    ),
)
