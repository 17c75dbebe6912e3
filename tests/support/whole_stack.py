# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules on a host of the lab in this process, by all that a task goes through but Ansible itself: options, ssh's
connection, session, engine, runner, marks, and the second try where nothing was sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from lab_hosts import Lab
from resource_world import stand_in

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import owners_of
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.attempt import attempted
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.session import Session, open_session
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget


def target_of(lab: Lab, host: str, *more: str) -> SshTarget:
    """A host of the lab, with more arguments of ssh."""
    entry = lab.hosts[host]
    known = ("-F", "none", "-o", f"UserKnownHostsFile={lab.known_hosts}")
    return SshTarget(
        host=entry["hostname"], user=entry.get("user", "root"), private_key_file=lab.key, ssh_args=(*known, *more),
        connect_timeout=10, name=host,
    )  # fmt: skip


def _quiet(message: str) -> None:
    """Nobody reads it."""


@dataclass
class Engine:
    """An engine of a host, for tasks of this process; the runtime directory is that of its environment."""

    target: SshTarget
    settings: ConnectionSettings
    log: Callable[[str], None] = field(default=_quiet)

    def opened(self) -> Session:
        return open_session(self.target, self.settings, self.log)

    def run(self, module: str, params: Mapping[str, Any], check: bool = False) -> dict[str, Any]:
        """What a module returns; "network" is remote_network.

        :raises FleetError: as the task would tell it.
        """
        entry = catalogue.module(f"remote_{module}")
        assert entry.perform is not None
        perform = entry.perform
        validation = ArgumentSpecValidator(entry.options, **entry.spec_rules).validate(dict(params))
        assert not validation.error_messages, validation.error_messages
        task = stand_in(self.log, self._runner, check)
        task.identity = uuid.uuid4().hex
        prepared = entry.prepare(task, validation.validated_parameters)
        return attempted(self.opened, lambda session: perform(task, session, prepared), self.log)

    def _runner(self, session: Session, client: Client | None = None, at_once: int = 1) -> Runner:
        owners = owners_of(session, self.log, self.log)
        return Runner(client or session.client, self.log, owners=owners, at_once=at_once)
