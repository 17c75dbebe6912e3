# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.login import (
    ARGUMENT_SPEC,
    SPEC_RULES,
    UNREACHED,
    Login,
    failed,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.work import logins
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.needed import needed
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(RemoteAction):
    """Logs in to a registry for the tasks that follow, or out of it."""

    ARGUMENT_SPEC = ARGUMENT_SPEC
    SPEC_RULES = SPEC_RULES

    def prepare(self, params: dict[str, Any]) -> Login:
        return parse(params)

    def perform(self, session: Session, prepared: Login) -> dict[str, Any]:
        before = logins.known(session, prepared.registry)
        wanted = prepared.credentials
        warnings: list[str] = []
        if wanted is not None and (before != wanted or prepared.again):
            try:
                session.client.registries.log_in(wanted.auth())  # in check mode too: it changes nothing there
            except EngineError as error:
                if error.kind != UNREACHED:
                    raise failed(wanted, error) from error
                thing = f"registry {wanted.registry} that could be asked ({error.words})"
                needed(thing, failed(wanted, error), check_mode=self.check_mode, warn=warnings.append)
        changed = before != wanted
        if changed and not self.check_mode:
            if wanted is None:
                logins.forget(session, prepared.registry)
            else:
                logins.keep(session, wanted)
        return {**prepared.result(changed=changed, before=before.username if before else None), "warnings": warnings}
