# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container's plan has to do with beside the container."""

from __future__ import annotations

from ....engine.differences.engine import Engine
from ...shared.ownership import Thing
from ...shared.plan import Plan
from ..options import networks

# What one request does: nobody can come in between.
_AT_ONCE = frozenset({"start", "stop", "restart", "pause", "unpause"})
MAKES = frozenset({"create", "recreate"})  # steps of which there is a new container then


def things(name: str, planned: Plan, engine: Engine) -> list[Thing]:
    """What is owned while it is done: the container, and the networks that it joins, which only have to stay; this
    controller sees to that.
    """
    single = len(planned.steps) == 1 and planned.steps[0].action in _AT_ONCE
    joined = [Thing("network", network, marked=False, shared=True) for network in networks_of(planned, engine)]
    return [Thing("container", name, marked=not single), *joined]


def networks_of(planned: Plan, engine: Engine) -> set[str]:
    """The networks that the plan puts the container into, by name."""
    names: set[str] = set()
    for step in planned.steps:
        if step.action == "connect_network":
            names.add(step.args["network"])
        if step.action in MAKES:
            body = step.args["body"]
            mode = body["HostConfig"].get("NetworkMode", "default")
            names.update(step.args["connect"], (body.get("NetworkingConfig") or {}).get("EndpointsConfig") or ())
            names.update([mode] if networks.names_network(mode, engine) else [])
    return names
