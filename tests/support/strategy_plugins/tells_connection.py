# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The strategy fleet, which says at its end whether its own process has loaded the connection plugin for containers."""

from __future__ import annotations

import sys

from ansible.utils.display import Display

from ansible_collections.sshfleet.containers.plugins.plugin_utils.strategy.plugin import FleetStrategy


class StrategyModule(FleetStrategy):
    """The class that Ansible looks for."""

    def cleanup(self) -> None:
        super().cleanup()
        loaded = any(name.endswith("plugin_utils.connection.plugin") for name in sys.modules)
        Display().display(f"connection loaded: {loaded}")
