# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.options import (
    ARGUMENT_SPEC,
    SPEC_RULES,
    Command,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.killing import (
    Killer,
    host_runs,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.run import Execution, skipped
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(RemoteAction):
    """Runs a command in a running container."""

    ARGUMENT_SPEC = ARGUMENT_SPEC
    SPEC_RULES = SPEC_RULES

    def prepare(self, params: dict[str, Any]) -> Command:
        command = parse(params)
        self._no_log_values |= set(filter(self.masker.hides, command.secrets()))
        return command

    def perform(self, session: Session, prepared: Command) -> dict[str, Any]:
        if self.check_mode:
            return skipped(session.client, prepared.container)
        killer = Killer(session.client, prepared.container, host_runs(session))
        return Execution(session.client, prepared, killer.end).run()
