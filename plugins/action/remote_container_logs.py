# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.options import (
    ARGUMENT_SPEC,
    Wanted,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.work.run import read_logs
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.needed import skipped_without
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(RemoteAction):
    """Reads what a container has written."""

    ARGUMENT_SPEC = ARGUMENT_SPEC

    def prepare(self, params: dict[str, Any]) -> Wanted:
        return parse(params)

    def perform(self, session: Session, prepared: Wanted) -> dict[str, Any]:
        try:
            return read_logs(session.client, prepared)
        except EngineError as error:
            if error.kind != "container_missing":
                raise
            return skipped_without(f"container {prepared.container}", error, check_mode=self.check_mode)
