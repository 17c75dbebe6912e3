# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.info import InfoAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.actual import Network, network
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.info import (
    ARGUMENT_SPEC,
    parse,
    present_and_missing,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.work.recreate import read_network
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import query
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session


class ActionModule(InfoAction):
    """Reads networks: all, some by name, or some by label."""

    ARGUMENT_SPEC = {**ARGUMENT_SPEC, **query.SPEC}

    def prepare(self, params: dict[str, Any]) -> dict[str, Any]:
        return parse(params)

    def perform(self, session: Session, prepared: dict[str, Any]) -> dict[str, Any]:
        client, engine = session.client, session.client.engine
        found: dict[str, Network | None]
        if prepared["name"] is None:
            found = {
                one["id" if engine.own_api else "Id"]: network(one, engine) for one in client.networks.list_native()
            }
        else:
            found = {name: read_network(client, name, engine) for name in prepared["name"]}
        return present_and_missing(found, client.containers.list(all=True), prepared)
