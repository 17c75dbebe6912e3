# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_image_ship: ships an image to many hosts; its action plugin opens the sessions."""

from __future__ import annotations

from typing import Any

from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, SPEC_RULES, Shipment, parse


def prepare(task: Task, params: dict[str, Any]) -> Shipment:
    return parse(params, task.hostvars, task.play_hosts)


MODULE = Module(argument_spec=ARGUMENT_SPEC, spec_rules=SPEC_RULES, prepare=prepare, perform=None)
