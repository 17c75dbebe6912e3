# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host as a task sees it: how it is reached over ssh, and how its engine is to be used.

The task's own host, the one that it is delegated to and any other of the inventory are resolved here, all alike; they
differ in who loads the connection plugin and templates the variables, Ansible or :class:`Hosts`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from ansible import constants as C
from ansible.inventory.host import Host as InventoryHost
from ansible.plugins.loader import become_loader, connection_loader
from ansible.vars.hostvars import HostVarsVars

from ..dataclass import dataclass
from ..session.settings import ConnectionSettings
from ..ssh.address.target import SshTarget
from ..ssh.transport import OPENSSH
from . import elsewhere
from . import settings as connection_settings
from .become import become_of
from .target import JUMP_KEYS, ssh_target

# Registered with Ansible's own configuration manager: variables, environment and ini then work as for any plugin.
CONFIG_NAME = "sshfleet.containers.remote"
C.config.initialize_plugin_configuration_definitions("action", CONFIG_NAME, connection_settings.CONFIG_DEFINITIONS)


_VARIABLE = {setting.name: setting.variable for setting in connection_settings.LOOKED_UP}


@dataclass
class Host:
    """One host as a task sees it.

    ``connection`` is its loaded connection plugin, with its options and become resolved; it is never connected.
    ``variable`` returns one variable of the host, templated, or None where the host has none of that name. ``of_all``
    keeps (value, origin) of the options that hosts without a variable of their own have alike.
    """

    name: str
    connection: Any
    variable: Callable[[str], Any]
    of_all: dict[str, tuple[Any, str]] = field(default_factory=dict)
    _found: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def target(self, client: str = OPENSSH) -> SshTarget:
        """How the host is reached.

        :param client: what speaks ssh.
        :raises SshError: kind ``connection``: it is not reached by ansible.builtin.ssh.
        :raises InvalidOption: a setting that can't be honoured.
        """
        return ssh_target(self.connection, self.name, self.variable(JUMP_KEYS), client)

    def settings(self, params: Mapping[str, Any]) -> ConnectionSettings:
        """How the host's engine is used.

        :param params: the task's options. One that is missing or None is looked up.
        :raises InvalidOption: a value that can't be used; the error names where it came from.
        """
        settings = connection_settings.resolve(params, self._look_up)
        return replace(settings, become=become_of(self.connection))

    def setting(self, setting: connection_settings.Setting, params: Mapping[str, Any]) -> Any:
        """One option, from the task, variables, environment, ini file or its default.

        :raises InvalidOption: a value that can't be used; the error names where it came from.
        """
        return connection_settings.resolve_one(setting, params, self._look_up)

    def setting_of_all(self, setting: connection_settings.Setting) -> Any:
        """One option from environment, ini file or its default, whatever variables say.

        :raises InvalidOption: as ``setting`` does.
        """
        return connection_settings.resolve_one(setting, {}, self._look_up_for_all)

    def _look_up(self, option: str) -> tuple[Any, str]:
        if option not in self._found:  # templated once
            self._found[option] = self.variable(_VARIABLE[option])
        value = self._found[option]
        return self._look_up_for_all(option) if value is None else _looked_up(option, {_VARIABLE[option]: value})

    def _look_up_for_all(self, option: str) -> tuple[Any, str]:
        if option not in self.of_all:
            self.of_all[option] = _looked_up(option, {})
        return self.of_all[option]


def _looked_up(option: str, variables: Mapping[str, Any]) -> tuple[Any, str]:
    value, origin = C.config.get_config_value_and_origin(
        option, plugin_type="action", plugin_name=CONFIG_NAME, variables=dict(variables)
    )
    return value, str(origin)


@dataclass(frozen=True)
class Inventory:
    """The hosts of the inventory, for whoever is not the one that Ansible loads their connection plugin for.

    :param hostvars: Ansible's, which template what they are asked for.
    :param keys: what a task and the command line say of all hosts' connections, by Ansible's keywords.
    :param become: whether, and by which method, to become where a host's own variables say nothing.
    :param become_pass: the password from the command line (``-K``).
    :param elsewhere: whether it is not the play's inventory, see ``elsewhere.py``.
    """

    hostvars: Mapping[str, Any]
    play_context: Any
    keys: Mapping[str, Any]
    become: tuple[bool, str | None] = (False, None)
    become_pass: str | None = None
    elsewhere: bool = False
    _of_all: dict[str, tuple[Any, str]] = field(default_factory=dict, compare=False, repr=False)
    _plugins: dict[tuple[str, str], _Plugin] = field(default_factory=dict, compare=False, repr=False)

    def host(self, name: str) -> Host:
        """A host by its name in the inventory."""
        return self._host(name, self.hostvars[name])

    def __contains__(self, name: str) -> bool:
        return name in self.hostvars

    def to_be(self, name: str, variables: Mapping[str, Any], groups: Sequence[str]) -> Host:
        """A host as it would be if an inventory said this of it: with what else Ansible has for its name and groups."""
        known: Any = self.hostvars
        host = InventoryHost(name)
        for group in groups:
            if group in known._inventory.groups:
                host.add_group(known._inventory.groups[group])
        for variable, value in variables.items():
            host.set_variable(variable, value)
        found = known._variable_manager.get_vars(host=host, include_hostvars=False)
        return self._host(name, HostVarsVars(found, loader=known._loader, host=name))

    def _host(self, name: str, variables: Mapping[str, Any]) -> Host:
        return Host(name, self._connection(variables), variables.get, self._of_all)

    def _connection(self, variables: Mapping[str, Any]) -> Any:
        """A host's connection plugin with its options resolved, as Ansible does it for the host of a task."""
        keys = self.keys
        kind = str(variables.get("ansible_connection") or "ssh")
        connection = self._plugin(
            ("connection", kind), lambda: connection_loader.get(kind, self.play_context, None), keys
        )
        timeout = variables.get("ansible_timeout")  # no option of any plugin names it: Ansible maps it to the keyword
        connection = connection.of_host(variables, {} if timeout is None else {"timeout": timeout})
        if self.elsewhere:
            elsewhere.judge_host_keys(connection)
        becomes, method = self.become
        if variables.get("ansible_become", becomes):
            method = str(variables.get("ansible_become_method") or method or C.DEFAULT_BECOME_METHOD)
            keys = {**keys, "become_pass": self.become_pass}
            become = self._plugin(("become", method), lambda: become_loader.get(method), keys)
            connection.set_become_plugin(become.of_host(variables))
        return connection

    def _plugin(self, name: tuple[str, str], load: Callable[[], Any], keys: Mapping[str, Any]) -> _Plugin:
        if name not in self._plugins:
            self._plugins[name] = _Plugin(name[0], load(), keys)
        return self._plugins[name]


@dataclass(frozen=True)
class Hosts:
    """The hosts of one task. ``connection`` and ``templar`` are those that Ansible gives to its action, ``variables``
    the task's.
    """

    task: Any
    play_context: Any
    connection: Any
    templar: Any
    variables: Mapping[str, Any]

    def own(self) -> Host:
        """The host that the task talks to: its own, or the one that it is delegated to."""
        name, variables = str(self.variables.get("inventory_hostname", "")), self.variables
        if self.task.delegate_to:
            name = str(self.task.delegate_to)
            variables = self.variables.get("ansible_delegated_vars", {}).get(self.task.delegate_to, {})

        def variable(wanted: str) -> Any:
            return self.templar.template(variables[wanted]) if wanted in variables else None

        if sources := variable(elsewhere.INVENTORY):
            return self.elsewhere(sources).host(str(variable(elsewhere.NAME) or name))
        return Host(name, self.connection, variable)

    def elsewhere(self, sources: Sequence[str]) -> Inventory:
        """The hosts of another inventory.

        :raises InvalidOption: it can't be read.
        """
        return self._inventory_of(elsewhere.hostvars(sources, self.variables["hostvars"]), elsewhere=True)

    def other(self, name: str) -> Host:
        """Another host of the inventory, for a task that runs once for many."""
        return self._inventory.host(name)

    def to_be(self, name: str, variables: Mapping[str, Any], groups: Sequence[str]) -> Host:
        """A host as it would be if an inventory said this of it."""
        return self._inventory.to_be(name, variables, groups)

    @cached_property
    def _inventory(self) -> Inventory:
        return self._inventory_of(self.variables["hostvars"])

    def _inventory_of(self, hostvars: Mapping[str, Any], elsewhere: bool = False) -> Inventory:
        keys = {key: value for key, value in self.task.dump_attrs().items() if key != "retries"}
        keys |= {"timeout": self.play_context.timeout, "password": self.play_context.password or None}
        becomes = self.task.become, self.task.become_method
        become_pass = self.play_context.become_pass or None
        return Inventory(hostvars, self.play_context, keys, becomes, become_pass, elsewhere)


class _Plugin:
    """A connection or become plugin of many hosts. Most of its options are the same for all of them, and resolving one
    takes Ansible a while: only those that a host's own variables set are resolved for each host.
    """

    def __init__(self, kind: str, plugin: Any, keys: Mapping[str, Any]) -> None:
        self._kind = kind
        self._plugin = plugin
        self._keys = keys
        self._set_by: dict[str, list[str]] = {}
        for option, defined in plugin.option_definitions.items():
            for variable in defined.get("vars") or ():
                self._set_by.setdefault(variable["name"], []).append(option)
        plugin.set_options(task_keys=keys, var_options={})

    def of_host(self, variables: Mapping[str, Any], keys: Mapping[str, Any] = MappingProxyType({})) -> Any:
        """The plugin as it is for the host with these variables, and what they make of keywords."""
        set_here = {name: variables[name] for name in self._set_by if name in variables}
        plugin = copy.copy(self._plugin)
        plugin._options, plugin._origins = dict(plugin._options), dict(plugin._origins)
        for option in {*keys, *(option for name in set_here for option in self._set_by[name])}:
            plugin._options[option], plugin._origins[option] = C.config.get_config_value_and_origin(
                option,
                plugin_type=self._kind,
                plugin_name=plugin._load_name,
                keys={**self._keys, **keys},
                variables=set_here,
            )
        return plugin
