# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes an SshTarget of the SSH settings that Ansible has resolved for a host. A setting that can't be honoured is
refused.
"""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Mapping
from typing import Any

from ansible import constants as C

from ..errors import InvalidOption, SshError
from ..ssh.address import jumps
from ..ssh.address.target import SshTarget
from ..ssh.transport import OPENSSH, salt
from . import ssh_secrets

JUMP_KEYS = "sshfleet_jump_keys"


def ssh_target(connection: Any, name: str, jump_keys: Any = None, client: str = OPENSSH) -> SshTarget:
    """Read the resolved options of the host's loaded ssh connection plugin.

    :param connection: an instance of ansible.builtin.ssh's Connection, never connected here.
    :param name: the inventory name, for messages.
    :param jump_keys: the value of the host's variable sshfleet_jump_keys.
    :param client: what speaks ssh; OpenSSH's client needs somebody who types passwords.
    :raises SshError: the host is not reached by ansible.builtin.ssh (kind ``connection``).
    :raises InvalidOption: a setting that can't be honoured.
    """
    _require_ssh(connection, name)
    option = functools.partial(_option, connection)
    password = ssh_secrets.password(
        option, getattr(connection._play_context, "password", None), with_sshpass=client == OPENSSH
    )
    content = ssh_secrets.private_key(option)
    checking, origin = connection.get_option_and_origin("host_key_checking")
    later = [_split(name, option(name)) for name in ("ssh_common_args", "ssh_extra_args")]
    port, timeout = option("port"), option("timeout")
    key = None if content.text else option("private_key_file")
    return SshTarget(
        host=str(option("host") or name),
        port=int(port) if port is not None else None,
        user=_text(option("remote_user")),
        private_key_file=os.path.expanduser(str(key)) if key else None,  # noqa: PTH111 - as Ansible does, '~user' too
        ssh_executable=str(option("ssh_executable") or "ssh"),
        ssh_args=_split("ssh_args", option("ssh_args")),
        extra_args=tuple(word for words in later for word in words),
        host_key_checking=None if origin == "default" else bool(checking),
        connect_timeout=10 if timeout is None else int(timeout),
        agent_socket=_agent(has_key=content.text is not None),
        password=password.text,
        password_prompt=password.prompt,
        pkcs11_provider=password.card,
        private_key=content.text,
        private_key_passphrase=content.passphrase,
        salt=salt() if password.text else "",
        name=name,
        jump_keys=_jump_keys(jump_keys),
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


def _agent(*, has_key: bool) -> str | None:
    """The agent's socket, None for none. An agent that Ansible starts anew in each run holds only key texts, which we
    do not need from there.
    """
    if has_key and C.config.get_config_value("SSH_AGENT") == "auto":
        return None
    return os.environ.get("SSH_AUTH_SOCK") or None


def _jump_keys(value: Any) -> tuple[tuple[str, str], ...]:
    """Pairs (jump host, key file). Those that say most about the jump host come first.

    :raises InvalidOption: this is no dictionary of key files by jump host.
    """
    remedy = 'Write {"user@host:port": "/path/to/key"}, with the user and the port only where the ProxyJump has them.'
    if value is None:
        return ()
    if not isinstance(value, Mapping) or not all(isinstance(key, str) and key for key in value.values()):
        raise InvalidOption(JUMP_KEYS, value, "this is no dictionary of key files under their jump hosts.", remedy)
    for name in value:
        try:
            known = len(jumps.parse(str(name))) == 1
        except InvalidOption:
            known = False
        if not known:
            raise InvalidOption(JUMP_KEYS, value, f"{name!r} is no jump host.", remedy)
    keys = [(str(name), os.path.expanduser(str(key))) for name, key in value.items()]  # noqa: PTH111 - '~user' too
    return tuple(sorted(keys, key=lambda pair: (-len(pair[0]), pair)))


def _option(connection: Any, option: str) -> Any:
    try:
        return connection.get_option(option)
    except KeyError:  # an option of newer cores only
        return None


def _text(value: Any) -> str | None:
    return str(value) if value else None


_words = functools.lru_cache(64)(lambda text: tuple(shlex.split(text)))  # many hosts have the same


def _split(option: str, value: Any) -> tuple[str, ...]:
    try:
        return _words(str(value)) if value else ()
    except ValueError as problem:
        raise InvalidOption(f"ansible_{option}", value, f"{problem}.", "Close the quotation.") from None
