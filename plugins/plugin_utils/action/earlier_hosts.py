# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of the inventory sources that came before one, as a task sees them: with what their variables, files of
variables, the environment, the ini file and the command line say.

An inventory plugin is given hosts and groups, not what Ansible makes of them later. So Ansible's own manager of
variables is asked here, about what there is so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from ansible.errors import AnsibleError
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ..errors import FleetError, InvalidOptions
from ..resources.shared.result_format import PLAIN, Telling
from ..resources.shared.secrets import Masker
from ..seam.host import Hosts
from ..session.session import Session, open_session
from ..session.settings import ConnectionSettings
from ..ssh.address.target import SshTarget
from ..telling import as_message
from .base import failure

Way = tuple[SshTarget, ConnectionSettings]


class Sources:
    """An inventory as far as it has been read, with what Ansible's manager of variables asks of a whole one.

    :param data: Ansible's InventoryData.
    :param path: the source that is being read; files of variables beside it count, too.
    """

    def __init__(self, data: Any, path: str) -> None:
        self.hosts = data.hosts
        self.groups = data.groups
        self.get_host = data.get_host
        self.get_groups_dict = data.get_groups_dict
        self._sources = [*dict.fromkeys((*data.processed_sources, path))]


class EarlierHosts:
    """Reads hosts for an inventory plugin; what a reading of a fleet asks of a task.

    :param data: Ansible's InventoryData.
    :param loader: Ansible's DataLoader.
    :param path: the plugin's own source.
    :param params: the connection options of the source, in which one that is not given is None.
    :param display: Ansible's.
    """

    telling: Telling = PLAIN

    def __init__(self, data: Any, loader: Any, path: str, params: Mapping[str, Any], display: Any) -> None:
        self.path = path
        self._sources = Sources(data, path)
        self._loader = loader
        self._params = params
        self._display = display
        self._masker = Masker()
        self._masker.learn(params)
        self.play_hosts: list[str] = []

    @cached_property
    def groups(self) -> Mapping[str, list[str]]:
        return {name: [host.name for host in group.get_hosts()] for name, group in self._sources.groups.items()}

    def places(self, hosts: Iterable[str]) -> dict[str, Sequence[Any]]:
        """What makes a host the same one in two runs, as plain data. One whose settings can't be used is left out."""
        found: dict[str, Sequence[Any]] = {}
        for host in hosts:
            try:
                target, settings = self._way(host, self._params)
            except FleetError:  # it is told when it is read
                continue
            found[host] = (target.host, target.port, target.user, settings.engine, settings.engine_socket)
        return found

    def way(self, host: str, params: Mapping[str, Any]) -> Callable[[], Session]:
        target, settings = self._way(host, params)
        return partial(open_session, target, settings, lambda message: self.log(f"{host}: {message}"))

    def failure(self, error: FleetError) -> dict[str, Any]:
        return failure(error, self._masker)

    def log(self, message: str) -> None:
        self._show(message, self._display.vvv)

    def tell(self, message: str) -> None:
        self._show(message, self._display.v)

    def warn(self, message: str) -> None:
        """Show a warning, without secrets."""
        self._show(message, self._display.warning)

    def _show(self, message: str, show: Callable[[str], object]) -> None:
        show(as_message(self._masker.text(message)))

    def _way(self, host: str, params: Mapping[str, Any]) -> Way:
        """
        :raises FleetError: a setting of the host's that can't be honoured, or a variable that can't be read.
        """
        try:
            other = self._hosts.other(host)
            settings = other.settings(params)
            return other.target(settings.client), settings
        except AnsibleError as error:
            problem = f"The variables of {host} can't be used: {error}"
            raise InvalidOptions(problem, "Correct them, or leave the host out.") from error

    @cached_property
    def _hosts(self) -> Hosts:
        manager = VariableManager(loader=self._loader, inventory=self._sources)
        hostvars = HostVars(self._sources, manager, self._loader)
        # What the command line says of connections stands in a task's and a play's defaults.
        return Hosts(Task(), PlayContext(), None, None, {"hostvars": hostvars})
