# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a copy: one step for all that differs, because it goes in one archive."""

from __future__ import annotations

from collections.abc import Sequence

from ..shared.plan import Plan, Resource
from .entries import Change


def plan(target: Resource, changes: Sequence[Change]) -> Plan:
    """Decide what to do.

    :param target: what is written to: a container, or a path of the controller.
    """
    if not changes:
        return Plan()
    reasons = dict.fromkeys(reason for change in changes for reason in change.reasons)
    count = "1 thing" if len(changes) == 1 else f"{len(changes)} things"
    return Plan((target.step("copy", f"{count}: {', '.join(reasons)}", {"changes": list(changes)}),))
