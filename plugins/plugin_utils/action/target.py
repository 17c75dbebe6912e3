# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the SSH settings that Ansible resolved for a host to an SshTarget; whatever can't be honoured is refused."""

from __future__ import annotations

import os
import shlex
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

# Settings of ansible.builtin.ssh that would be dropped silently, each with the way out.
NOT_HONOURED = {
    "password": (
        "ansible_password",
        "The tunnel never asks for and never types a password.",
        "Use a key file (ansible_ssh_private_key_file) or an ssh-agent for this host.",
    ),
    "private_key": (
        "ansible_private_key",
        "Key content in a variable is not used for tunnels.",
        "Put the key into a file (ansible_ssh_private_key_file) or load it into an ssh-agent.",
    ),
}


def ssh_target(connection: Any, name: str) -> SshTarget:
    """Read the resolved options of the host's loaded ssh connection plugin.

    :param connection: an instance of ansible.builtin.ssh's Connection, never connected here.
    :param name: the inventory name, for messages.
    :raises SshError: the host is not reached by ansible.builtin.ssh (kind ``connection``).
    :raises InvalidOption: a setting that can't be honoured.
    """
    _require_ssh(connection, name)
    for option, (variable, problem, remedy) in NOT_HONOURED.items():
        if _option(connection, option):
            raise InvalidOption(variable, "********", problem, remedy)
    checking, origin = connection.get_option_and_origin("host_key_checking")
    later = [_split(option, _option(connection, option)) for option in ("ssh_common_args", "ssh_extra_args")]
    port = _option(connection, "port")
    key = _option(connection, "private_key_file")
    return SshTarget(
        host=str(_option(connection, "host") or name),
        port=int(port) if port is not None else None,
        user=_text(_option(connection, "remote_user")),
        private_key_file=os.path.expanduser(str(key)) if key else None,  # noqa: PTH111 - as Ansible does, '~user' too
        ssh_executable=str(_option(connection, "ssh_executable") or "ssh"),
        ssh_args=tuple(_split("ssh_args", _option(connection, "ssh_args"))),
        extra_args=tuple(word for words in later for word in words),
        host_key_checking=None if origin == "default" else bool(checking),
        connect_timeout=int(_option(connection, "timeout") or 10),
        agent_socket=os.environ.get("SSH_AUTH_SOCK") or None,
        name=name,
    )


def _require_ssh(connection: Any, name: str) -> None:
    transport = getattr(connection, "transport", None) or type(connection).__module__
    if transport in ("ssh", "ansible.builtin.ssh"):
        return
    if transport == "local":
        raise SshError(
            "connection",
            f"{name} is a local target (ansible_connection=local): these modules manage remote hosts only, "
            "and there is no fallback to an engine on the controller.",
            "Name a host that is reached over SSH, or set ansible_connection=ssh for it.",
        )
    raise SshError(
        "connection",
        f"{name} is reached by the connection plugin {transport!r}; these modules need ansible.builtin.ssh.",
        "Set ansible_connection=ssh for this host.",
    )


def _option(connection: Any, option: str) -> Any:
    try:
        return connection.get_option(option)
    except KeyError:  # an option of newer cores only
        return None


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _split(option: str, value: Any) -> list[str]:
    try:
        return shlex.split(str(value)) if value else []
    except ValueError as problem:
        raise InvalidOption(f"ansible_{option}", value, f"{problem}.", "Close the quotation.") from None
