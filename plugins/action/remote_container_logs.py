# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.named import required_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.session import Session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.scalars import split_env
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.options import (
    ARGUMENT_SPEC,
    Lines,
    Wanted,
    parse,
    result,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import Masker


class ActionModule(RemoteAction):
    """Reads what a container has written."""

    ARGUMENT_SPEC = ARGUMENT_SPEC

    def prepare(self, params: dict[str, Any]) -> Wanted:
        return parse(params)

    def perform(self, session: Session, prepared: Wanted) -> dict[str, Any]:
        client = session.client
        inspect = required_container(client, prepared.container)
        now = client.now() if prepared.needs_now else 0.0
        lines = Lines(prepared)
        client.logs(prepared.container, prepared.query(now), lines.add, tty=bool(inspect["Config"].get("Tty")))
        lines.end()
        masker = Masker(prepared.mask)
        masker.learn(split_env(inspect["Config"].get("Env")))
        return result(lines, masker, inspect)
