# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HostEntry → Ansible variables. Their names are written here and nowhere else."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from . import chain
from .entry import HostEntry

DEFAULT_GROUP = "default_host"
SLICE = "sshfleet_slice"  # of the group all: which part of a file's hosts this is


@dataclass(frozen=True, slots=True)
class Controller:
    """What the file leaves to the machine it is read on.

    ``user``: the name for hosts without one; ``directory``: the hosts.json's own, absolute;
    ``expand``: replaces a leading ``~`` or ``~user`` by a home directory; ``ssh_config_file``: the absolute path of the
    only ssh_config that ssh is to read, '' for its usual ones.
    """

    user: str
    directory: str
    expand: Callable[[str], str]
    ssh_config_file: str = ""


def host_vars(
    entry: HostEntry, controller: Controller, entries: Mapping[str, HostEntry] | None = None
) -> dict[str, Any]:
    """The variables of one host; those that the entry says nothing about are left to Ansible's other sources.

    :param entries: all entries of the file under their names, which jump hosts may be.
    """
    variables: dict[str, Any] = {"ansible_host": entry.hostname, "ansible_user": entry.user or controller.user}
    if entry.port is not None:
        variables["ansible_port"] = entry.port
    if entry.identity_file is not None:
        variables["ansible_ssh_private_key_file"] = _key_path(entry.identity_file, controller)
    arguments = ["-F", controller.ssh_config_file] if controller.ssh_config_file else []
    if entry.jump_host is not None:
        hops = chain.hops(entry, entries or {})
        arguments += ["-o", f"ProxyJump={','.join(hop.place for hop in hops) or 'none'}"]
        if keys := {hop.place: _key_path(hop.identity_file, controller) for hop in hops if hop.identity_file}:
            variables["sshfleet_jump_keys"] = keys
    if arguments:
        variables["ansible_ssh_common_args"] = shlex.join(arguments)
    if entry.description:
        variables["sshfleet_description"] = entry.description
    return variables


def host_groups(entry: HostEntry, default_host: str | None) -> tuple[str, ...]:
    """The Ansible groups of one host."""
    return (*entry.groups, DEFAULT_GROUP) if entry.name == default_host else entry.groups


def _key_path(path: str, controller: Controller) -> str:
    expanded = controller.expand(path)
    # '~nobody/key' of an unknown user stays as it is, so that ssh's message names what the file says.
    return expanded if expanded.startswith("~") else str(PurePath(controller.directory, expanded))
