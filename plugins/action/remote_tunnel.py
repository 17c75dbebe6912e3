# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.catalogue import module
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Resource
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import transport


class ActionModule(RemoteAction):
    """Shows, opens or closes the SSH connection to the target that all remote_* modules share."""

    ARGUMENT_SPEC = module("remote_tunnel").options

    def perform(self, session: Session, prepared: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError("remote_tunnel decides itself whether a session is opened")

    def work(self, prepared: dict[str, Any]) -> dict[str, Any]:
        if prepared["state"] == "present" and self.settings.client == transport.PARAMIKO:
            problem = "a connection of paramiko's ends with its task, so none can be opened ahead."
            raise InvalidOption("transport", transport.PARAMIKO, problem, "Leave this task out.")
        before = self._tunnel()
        wanted = {"status": before["open"], "present": True, "absent": False}[prepared["state"]]
        changed = wanted != before["open"]
        if changed and not self.check_mode:
            tunnel = Resource("tunnel", self.target.display)
            step = tunnel.step("open" if wanted else "close", f"state is {prepared['state']}")
            with Runner(None, self.log).doing(step):
                self._open() if wanted else transport.close(self.target)
        after = {**before, "open": wanted} if self.check_mode else self._tunnel()
        return {"changed": changed, "tunnel": after, "diff": {"before": before, "after": after}}

    def _open(self) -> None:
        self.opened(self.target, self.settings, self.log).close()

    def _tunnel(self) -> dict[str, Any]:
        tunnel = transport.live(self.target)
        return {"open": True, **tunnel.facts()} if tunnel else {"open": False}
