# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.info import InfoAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.facts import engine_facts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import identify
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import query
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(InfoAction):
    """Tells who the engine behind the target's socket is and what it holds."""

    ARGUMENT_SPEC = {"disk_usage": {"type": "bool", "default": False}, **query.SPEC}

    def perform(self, session: Session, prepared: dict[str, Any]) -> dict[str, Any]:
        session.client.system.ping()
        usage = session.client.system.disk_usage() if prepared["disk_usage"] else None
        # Asked anew: the engine may have been upgraded since the tunnel was opened.
        identity = identify(session.client.system.version())
        return {"engine": {**engine_facts(identity, session.client.system.info(), usage), "socket": session.socket}}
