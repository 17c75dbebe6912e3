# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The yardstick: an action that does nothing, so that what it costs is Ansible's own."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader, shell_loader

# ansible-playbook loads these before it forks, the ad hoc command in each worker anew. Ours are loaded early too, so
# without this line the yardstick would flatter them.
connection_loader.get("ssh", class_only=True)
shell_loader.get("sh", class_only=True)


class ActionModule(ActionBase):
    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        return {"changed": False}
