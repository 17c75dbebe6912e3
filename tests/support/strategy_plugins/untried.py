# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The strategy fleet as it is with a version of ansible-core that nobody has tried it with. The version is made up."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.strategy import plugin

plugin.core_version = "2.99.0"


class StrategyModule(plugin.FleetStrategy):
    """The class that Ansible looks for."""
