# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other hosts of the inventory, as a task that runs once for many sees them: their SSH settings and ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible import constants as C
from ansible.plugins.loader import become_loader, connection_loader

from ..session.settings import ConnectionSettings
from ..ssh.address.target import SshTarget
from . import settings as connection_settings
from .become import become_of
from .target import JUMP_KEYS, ssh_target


class OtherHosts:
    """``config_name`` is that of our settings with Ansible's configuration manager."""

    def __init__(self, hostvars: Mapping[str, Any], task: Any, play_context: Any, config_name: str) -> None:
        self._hostvars = hostvars
        self._task = task
        self._play_context = play_context
        self._config_name = config_name

    def target(self, name: str, params: Mapping[str, Any]) -> tuple[SshTarget, ConnectionSettings]:
        """The way to a host of the inventory.

        :param params: the task's connection options for it.
        :raises SshError: kind ``connection``: it is not reached by ssh.
        :raises InvalidOption: a setting that can't be honoured.
        """
        variables = self._hostvars[name]
        connection = self._connection(variables)
        target = ssh_target(connection, name, variables.get(JUMP_KEYS))
        settings = connection_settings.resolve(params, lambda option: self._look_up(option, variables))
        return target, replace(settings, become=become_of(connection))

    def _connection(self, variables: Mapping[str, Any]) -> Any:
        """The host's connection plugin with its options resolved, as Ansible does it for the host of a task."""
        kind = str(variables.get("ansible_connection") or "ssh")
        connection = connection_loader.get(kind, self._play_context, None)
        keys = {key: value for key, value in self._task.dump_attrs().items() if key != "retries"}
        keys |= {"timeout": self._play_context.timeout, "password": self._play_context.password or None}
        connection.set_options(task_keys=keys, var_options=_options("connection", connection, variables))
        if variables.get("ansible_become", self._task.become):
            method = str(variables.get("ansible_become_method") or self._task.become_method or C.DEFAULT_BECOME_METHOD)
            plugin = become_loader.get(method)
            keys["become_pass"] = self._play_context.become_pass or None
            plugin.set_options(task_keys=keys, var_options=_options("become", plugin, variables))
            connection.set_become_plugin(plugin)
        return connection

    def _look_up(self, option: str, variables: Mapping[str, Any]) -> tuple[Any, str]:
        names = [setting.variable for setting in connection_settings.SETTINGS if setting.variable in variables]
        value, origin = C.config.get_config_value_and_origin(
            option, plugin_type="action", plugin_name=self._config_name,
            variables={name: variables[name] for name in names},
        )  # fmt: skip
        return value, str(origin)


def _options(kind: str, plugin: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    names = C.config.get_plugin_vars(kind, plugin._load_name)
    return {name: variables[name] for name in names if name in variables}
