# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.login import (
    ARGUMENT_SPEC,
    SPEC_RULES,
    Login,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.registry.work.run import run_login
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(RemoteAction):
    """Logs in to a registry for the tasks that follow, or out of it."""

    ARGUMENT_SPEC = ARGUMENT_SPEC
    SPEC_RULES = SPEC_RULES

    def prepare(self, params: dict[str, Any]) -> Login:
        return parse(params)

    def perform(self, session: Session, prepared: Login) -> dict[str, Any]:
        return run_login(self.runner(session), session, prepared, check_mode=self.check_mode)
