# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a command: one step. What the command is stays out of it, for it may hold secrets."""

from __future__ import annotations

from ..shared.plan import Plan, Resource
from .options import Command


def plan(command: Command) -> Plan:
    """What is done."""
    reason = "the task starts a command" if command.detach else "the task runs a command"
    return Plan((Resource("container", command.container).step("exec", reason, {"command": command}),))
