# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A controller as far as owners need one: the locks and the salt of a runtime directory, without any connection."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import runtime_dir
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master.lock import TargetLock, lock_about


class ControllerDirectory:
    """Two of them are two controllers, on one machine."""

    def __init__(self, directory: Path) -> None:
        self._directory = str(directory)

    def lock(self, about: str) -> TargetLock:
        return lock_about(self._directory, about)

    def salt(self) -> str:
        return runtime_dir.salt(self._directory)
