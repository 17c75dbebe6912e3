# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SshTarget: everything that distinguishes one connection from another, as Ansible has resolved it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
from dataclasses import field
from functools import cached_property
from typing import Any

from ...dataclass import dataclass
from . import options

IDENTITY_LENGTH = 16  # hex digits: short, because a control socket's path has 86 bytes at most


def place(host: str, user: str | None, port: int | None) -> str:
    """``[user@]host[:port]`` as ssh takes a jump host, with an IPv6 address in brackets."""
    host = f"[{host}]" if ":" in host else host
    return f"{f'{user}@' if user else ''}{host}{f':{port}' if port else ''}"


@dataclass(frozen=True)
class SshTarget:
    """Where to connect and how. ``name`` is the inventory name, for messages only and no part of the identity.

    ``ssh_args`` (Ansible's ssh_args, which win over port, user and key) and ``extra_args`` (ssh_common_args and
    ssh_extra_args, which don't) are split but not yet cleaned.
    ``host_key_checking`` is None where nobody set it. ``connect_timeout`` is in seconds.
    ``password`` is the login's (or the PIN of ``pkcs11_provider``), typed where a prompt contains ``password_prompt``;
    ``private_key`` is a key's text; neither is ever shown or written on a command line. ``salt`` is the user's secret:
    the identity stands on every command line, and without it a password could be guessed from there.
    ``jump_keys`` are pairs of a jump host as ``[user@]host[:port]`` and its key file. ``via`` is the jump host that
    this one is reached through, over that one's own master; only ``jumps`` sets it.
    """

    host: str
    port: int | None = None
    user: str | None = None
    private_key_file: str | None = None
    ssh_executable: str = "ssh"
    ssh_args: tuple[str, ...] = ()
    host_key_checking: bool | None = None
    connect_timeout: int = 10
    agent_socket: str | None = None
    name: str = ""
    extra_args: tuple[str, ...] = ()
    password: str | None = field(default=None, repr=False)
    password_prompt: str = ""
    pkcs11_provider: str | None = None
    private_key: str | None = field(default=None, repr=False)
    private_key_passphrase: str | None = field(default=None, repr=False)
    salt: str = field(default="", repr=False)
    jump_keys: tuple[tuple[str, str], ...] = ()
    via: SshTarget | None = None

    @cached_property
    def early_arguments(self) -> list[options.Argument]:
        """The cleaned ssh_args: they stand before port, user and key.

        :raises InvalidOption: an argument that can't be used.
        """
        return options.sanitised(self.ssh_args)

    @cached_property
    def late_arguments(self) -> list[options.Argument]:
        """The cleaned common and extra arguments: they stand after port, user and key.

        :raises InvalidOption: an argument that can't be used.
        """
        return options.sanitised(self.extra_args)

    @property
    def arguments(self) -> list[options.Argument]:
        """All cleaned ssh arguments in their order.

        :raises InvalidOption: an argument that can't be used.
        """
        return [*self.early_arguments, *self.late_arguments]

    @property
    def display(self) -> str:
        """``name (user@address:port)`` for messages, as much of it as is known."""
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        host = f"[{self.host}]" if port and ":" in self.host else self.host
        address = f"{user}{host}{port}"
        return f"{self.name} ({address})" if self.name.rpartition(" ")[2] not in ("", address) else self.name or address

    @property
    def login(self) -> str:
        """The ``ssh …`` words a person would type to reach this host."""
        words = ["ssh"]
        if self.via:
            words += ["-J", self._way()]
        if self.private_key_file:
            words += ["-i", self.private_key_file]
        if self.port:
            words += ["-p", str(self.port)]
        return " ".join([*words, f"{self.user}@{self.host}" if self.user else self.host])

    def _way(self) -> str:
        """The jump hosts as ssh's -J takes them, first hop first."""
        via = self.via
        if via is None:
            return ""
        hop = place(via.host, via.user, via.port)
        return f"{via._way()},{hop}" if via.via else hop

    def identity(self) -> str:
        """A hash (``IDENTITY_LENGTH`` hex digits) of everything that distinguishes this connection from others; it
        stays the same.

        The controller's own hostname is part of it (homes on NFS), and so is the working directory where an argument is
        a relative path.

        :raises InvalidOption: an ssh argument that can't be used.
        """
        parts: list[Any] = [
            self.host,
            self.port,
            self.user,
            self.private_key_file,
            self.ssh_executable,
            [argument.rendered() for argument in self.early_arguments],
            [argument.rendered() for argument in self.late_arguments],
            self.host_key_checking,
            self.agent_socket,
            self._password_mark(),
            self.password_prompt,
            self.pkcs11_provider,
            self.private_key,
            self.jump_keys,
            self.via.identity() if self.via else "",
            socket.gethostname(),
            os.getcwd() if self._depends_on_directory() else "",  # noqa: PTH109 - a str, and 20 times faster
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:IDENTITY_LENGTH]

    def _password_mark(self) -> str:
        if self.password is None:
            return ""
        return hmac.new(self.salt.encode(), self.password.encode(), hashlib.sha256).hexdigest()

    def _depends_on_directory(self) -> bool:
        key = self.private_key_file
        return bool(key and not key.startswith(("/", "~"))) or options.uses_relative_path(self.arguments)
