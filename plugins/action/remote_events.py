# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.info import InfoAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.events import options as events
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import query
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import mask_url
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(InfoAction):
    """Reads what has happened on an engine."""

    ARGUMENT_SPEC = {**events.ARGUMENT_SPEC, **query.SPEC}

    def prepare(self, params: dict[str, Any]) -> events.Wanted:
        return events.parse(params)

    def perform(self, session: Session, prepared: events.Wanted) -> dict[str, Any]:
        since, until = prepared.window(session.client.system.clock())
        return events.result(session.client.events.list(since, until, prepared.filters()), prepared, mask_url)
