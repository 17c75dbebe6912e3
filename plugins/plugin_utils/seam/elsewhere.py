# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts whose entries stand in another inventory than the play's.

A play that works on containers must not have their hosts in its own inventory, where ``hosts: all`` would be them, too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.plugins.loader import inventory_loader
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from ..errors import InvalidOption

# Variables of a host whose entry stands elsewhere: the sources of that inventory, and the host's name there.
INVENTORY = "sshfleet_inventory"
NAME = "sshfleet_inventory_name"
_CHECKING = "host_key_checking"
HOSTS_JSON = "sshfleet.containers.hosts_json"


def hostvars(sources: Sequence[str], own: Any) -> Mapping[str, Any]:
    """The variables of every host of other inventory sources.

    :param sources: as ``-i`` takes them.
    :param own: Ansible's hostvars of the play, from which vault secrets are taken.
    :raises InvalidOption: a source that can't be read.
    """
    sources = [sources] if isinstance(sources, str) else [str(source) for source in sources]
    for source in sources:
        if "," not in source and not os.path.exists(source):  # noqa: PTH110 - as Ansible looks
            raise InvalidOption("inventory", source, "there is no such file.", "Name the inventory that has the host.")
    try:
        manager = _Manager(loader=own._loader, sources=sources)
    except (AnsibleError, SystemExit) as error:  # the latter of hosts_json, which has said why
        why = f": {error}" if isinstance(error, AnsibleError) else ", see above."
        raise InvalidOption("inventory", ", ".join(sources), f"it can't be read{why}", "Correct it.") from error
    found: Mapping[str, Any] = HostVars(manager, VariableManager(loader=own._loader, inventory=manager), own._loader)
    return found


def judge_host_keys(connection: Any) -> None:
    """Leave host keys checked where only the ansible.cfg of the play switches that off, as Molecule's does for its
    instances.

    :param connection: the loaded connection plugin of a host, with its options resolved.
    """
    origins = getattr(connection, "_origins", {})
    if C.CONFIG_FILE and str(origins.get(_CHECKING)) == str(C.CONFIG_FILE):
        connection._options[_CHECKING], origins[_CHECKING] = True, "default"


class _Manager(InventoryManager):
    """Reads a hosts.json whatever inventory plugins are enabled: these were chosen for another inventory."""

    def _fetch_inventory_plugins(self) -> list[Any]:
        return [inventory_loader.get(HOSTS_JSON), *super()._fetch_inventory_plugins()]
