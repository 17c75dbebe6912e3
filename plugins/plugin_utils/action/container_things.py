# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container's plan has to do with beside the container."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan import Plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.ownership import Thing

# What one request does: nobody can come in between.
_AT_ONCE = frozenset({"start", "stop", "restart", "pause", "unpause"})
# Network modes that name no network.
_MODES = frozenset({"bridge", "default", "host", "none", "private", "slirp4netns", "pasta"})


def things(name: str, planned: Plan) -> list[Thing]:
    """What is owned while it is done: the container, and the networks that it joins, which only have to stay; this
    controller sees to that.
    """
    single = len(planned.steps) == 1 and planned.steps[0].action in _AT_ONCE
    joined = [Thing("network", network, marked=False, shared=True) for network in networks_of(planned)]
    return [Thing("container", name, marked=not single), *joined]


def networks_of(planned: Plan) -> set[str]:
    """The networks that the plan puts the container into, by name."""
    names: set[str] = set()
    for step in planned.steps:
        if step.action == "connect_network":
            names.add(step.args["network"])
        if step.action in ("create", "recreate"):
            mode = step.args["body"]["HostConfig"].get("NetworkMode", "default")
            names.update(step.args["connect"])
            names.update([mode] if mode not in _MODES and ":" not in mode else [])
    return names
