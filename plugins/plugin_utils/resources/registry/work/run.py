# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs in to a registry for the tasks that follow, or out of it."""

from __future__ import annotations

from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.plan import Step
from ...shared.work.needed import needed
from ...shared.work.runner import Runner
from ..login import Login, failed, unreached
from ..plan import plan
from . import logins


def run_login(runner: Runner, memory: logins.Memory, login: Login, *, check_mode: bool = False) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :raises EngineError: the registry denies it, or can't be asked.
    """
    before, wanted = logins.known(memory, login.registry), login.credentials
    warnings: list[str] = []
    if wanted is not None and (before != wanted or login.again):
        try:
            runner.engine.registries.log_in(wanted.auth())  # in check mode too: it changes nothing there
        except EngineError as error:
            if not unreached(error):
                raise failed(wanted, error) from error
            thing = f"registry {wanted.registry} that could be asked ({error.words})"
            needed(thing, failed(wanted, error), check_mode=check_mode, warn=warnings.append)

    def do(_client: Client, _step: Step) -> None:
        if wanted is None:
            logins.forget(memory, login.registry)
        else:
            logins.keep(memory, wanted)

    planned = plan(login, before)
    if not check_mode:
        runner.run(planned, do)
    told = login.result(changed=planned.changed, before=before.username if before else None)
    return {**told, "warnings": warnings}
