# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets a task say ``remote_network_info`` for ``sshfleet.containers.remote_network_info``."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.action.remote_network_info import ActionModule

__all__ = ["ActionModule"]
