# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.base import RemoteAction
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.settings import AUTO_PORTS_RANGE
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import env_file
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import (
    ARGUMENT_SPEC,
    Options,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.at_boot import boot_warnings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.image_memory import (
    ImageMemory,
    RememberingClient,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import owners_of
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.listeners import HostPorts, listeners
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session

IMAGES = ImageMemory()


class ActionModule(RemoteAction):
    """Brings one container into the state that the task describes."""

    ARGUMENT_SPEC = ARGUMENT_SPEC

    def prepare(self, params: dict[str, Any]) -> Options:
        if params.get("env_file"):
            from_file = self._env_file(params["env_file"])
            self.masker.learn(from_file)
            params = {**params, "env": {**from_file, **(params.get("env") or {})}}
        if params.get("published_ports"):
            params = {**params, AUTO_PORTS_RANGE.name: self.setting(AUTO_PORTS_RANGE, params)}
        return parse(params)

    def _env_file(self, path: str) -> dict[str, str]:
        """The variables of a file of the controller, found where a role's or a playbook's files are."""
        try:
            found = path if Path(path).is_absolute() else self._find_needle("files", path)
            data = Path(found).read_bytes()
        except (OSError, AnsibleError) as error:
            problem = getattr(error, "strerror", None) or "it could not be read."
            raise InvalidOption(
                "env_file", path, f"{problem}".rstrip(".") + ".", "It is a file of the controller."
            ) from None
        return env_file.variables("env_file", found, data)

    def perform(self, session: Session, prepared: Options) -> dict[str, Any]:
        scope = str(self._task._uuid), session.transport.connection_id, session.socket
        result = run_container(
            RememberingClient(session.client, scope, IMAGES),
            prepared,
            check_mode=self.check_mode,
            masker=self.masker,
            log=self.log,
            listeners=listeners(session.transport, self.settings.become),
            host_ports=HostPorts(session.transport),
            owners=owners_of(session, self.log, self.warn),
        )
        if not self.check_mode:  # where the task that sets the host up may not have run either
            result["warnings"] += boot_warnings(session, prepared.values, result, self.log)
        return result
