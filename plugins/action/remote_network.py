# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.work.run import NetworkWork
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import owners_of
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(RemoteAction):
    """Brings one network into the state that the task describes."""

    ARGUMENT_SPEC = ARGUMENT_SPEC

    def prepare(self, params: dict[str, Any]) -> Options:
        return parse(params)

    def perform(self, session: Session, prepared: Options) -> dict[str, Any]:
        owners = owners_of(session, self.log, self.warn)
        return NetworkWork(session.client, prepared, self.check_mode, self.log, owners).run()
