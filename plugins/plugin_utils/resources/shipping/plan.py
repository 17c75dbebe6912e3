# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a shipment: a step for each target that lacks the image, or its name. They wait for nothing."""

from __future__ import annotations

from collections.abc import Mapping

from ..shared.plan import Plan, Resource, Step
from .options import PRESENT, SHIP, TAG

REASONS = {SHIP: "the image is not there", TAG: "the image is there under another name"}


def plan(name: str, actions: Mapping[str, str]) -> Plan:
    """Decide what to do.

    :param name: the image's.
    :param actions: by target, what it needs.
    """
    return Plan(tuple(step(name, host, action) for host, action in actions.items() if action != PRESENT))


def step(name: str, host: str, action: str) -> Step:
    """What is done for one target."""
    return Resource("image", f"{name} on {host}").step(action, REASONS[action], {"target": host})
