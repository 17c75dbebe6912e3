# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.info import InfoAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.info import (
    ARGUMENT_SPEC,
    list_filters,
    parse,
    present_and_missing,
    wanted,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.usage import observe
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import query
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.lookup import named_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(InfoAction):
    """Reads containers: all, some by name, or some by label."""

    ARGUMENT_SPEC = {**ARGUMENT_SPEC, **query.SPEC}

    def prepare(self, params: dict[str, Any]) -> dict[str, Any]:
        return parse(params)

    def perform(self, session: Session, prepared: dict[str, Any]) -> dict[str, Any]:
        names = prepared["name"]
        if names is None:
            found = session.client.containers.list(all=True, filters=list_filters(prepared))
            names = [container["Id"] for container in found]
        inspected = {name: named_container(session.client, name) for name in names}
        more = observe(session.client, wanted(inspected, prepared), prepared)
        return present_and_missing(inspected, prepared, session.client.engine, more)
