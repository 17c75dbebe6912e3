# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a host's engine is reached: what the options of a task, its variables, the environment and the ini file amount
to.
"""

from __future__ import annotations

from ..dataclass import dataclass
from ..ssh.command.sudo import METHODS, Become
from ..ssh.transport import OPENSSH, PARAMIKO

__all__ = ["METHODS", "OPENSSH", "PARAMIKO", "Become", "ConnectionSettings"]


@dataclass(frozen=True)
class ConnectionSettings:
    """The resolved connection options of one task. Times are in seconds, ``engine_answer_limit`` is in MiB. ``become``
    is Ansible's, None where it is off.
    """

    engine: str = "auto"
    engine_socket: str | None = None
    engine_timeout: int = 60
    tunnel_idle: int = 600
    tunnel_retries: int = 3
    transport: str = "auto"
    become: Become | None = None
    engine_answer_limit: int = 64
    engine_answer_depth: int = 50

    @property
    def client(self) -> str:
        """What speaks ssh: ``OPENSSH`` or ``PARAMIKO``."""
        return PARAMIKO if self.transport == PARAMIKO else OPENSSH

    @property
    def way(self) -> str:
        """How the engine's socket is reached: ``auto``, ``forward`` or ``dial``."""
        return "auto" if self.transport in (OPENSSH, PARAMIKO) else self.transport
