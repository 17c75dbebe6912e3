# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_tunnel: shows, opens or closes the SSH connection that all modules share; its action plugin does so."""

from __future__ import annotations

from ...shared.work.module import Module, parsed_by

MODULE = Module(
    argument_spec={"state": {"type": "str", "choices": ["status", "present", "absent"], "default": "status"}},
    prepare=parsed_by(dict),
)
