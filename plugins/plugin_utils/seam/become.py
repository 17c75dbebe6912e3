# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible knows of ``become`` for a task, read from its own become plugin."""

from __future__ import annotations

from typing import Any

from ..ssh.command.sudo import METHODS, Become


def become_of(connection: Any) -> Become | None:
    """The task's become settings, None where become is off.

    Of a method other than sudo, only the name is kept. Who needs to become refuses it; a login as root does not need
    to.

    :param connection: the loaded connection plugin. Ansible puts the become plugin there, with its options resolved.
    """
    plugin = getattr(connection, "become", None)
    if plugin is None:
        return None
    method = str(plugin.name)
    if method not in METHODS:
        return Become(method=method)
    password = plugin.get_option("become_pass")
    return Become(
        method=method,
        user=str(plugin.get_option("become_user") or "root"),
        exe=str(plugin.get_option("become_exe") or "sudo"),
        flags=str(plugin.get_option("become_flags") or ""),
        password=str(password) if password else None,
    )
