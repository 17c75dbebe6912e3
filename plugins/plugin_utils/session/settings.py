# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a host's engine is reached: what the options of a task, its variables, the environment and the ini file amount
to.
"""

from __future__ import annotations

from ..dataclass import dataclass
from ..ssh.command.sudo import METHODS, Become

__all__ = ["METHODS", "Become", "ConnectionSettings"]


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
