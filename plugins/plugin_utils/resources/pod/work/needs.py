# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks for what a new pod needs, before an old one goes: networks, and what others may have, as ports and a name."""

from __future__ import annotations

from collections.abc import Iterator

from ....engine.protocol import Client
from ....errors import InvalidOption
from ...container.options import port_uses
from ...shared.plan import Plan
from ...shared.work.needed import needed
from .. import needs
from ..options import Options
from ..plan import Observed

_MAKES = frozenset({"create", "recreate"})


def missing(client: Client, options: Options, observed: Observed, planned: Plan, check_mode: bool) -> list[str]:
    """What is to be said in check mode about what a run needs and does not find.

    :raises InvalidOption: that is missing, but for check mode: an earlier task may have made room for it.
    """
    actions = {step.action for step in planned.steps}
    warnings: list[str] = []
    if not actions & _MAKES:
        return warnings
    for name in needs.networks(options):
        if client.networks.inspect(name) is None:
            problem = "there is no such network on the host."
            error = InvalidOption("networks", name, problem, "Create the network first.")
            needed(f"network {name}", error, check_mode=check_mode, warn=warnings.append)
    for what, error in _taken(client, options, observed, starts="start" in actions):
        if not check_mode:
            raise error
        warnings.append(f"{what}; a run needs it.")
    return warnings


def _taken(client: Client, options: Options, observed: Observed, starts: bool) -> Iterator[tuple[str, InvalidOption]]:
    """What others have: words for people, and what a run fails with. The old pod's containers go with it."""
    own = {member.id for member in observed.members}
    name = options.given.get("infra_name")
    if name and (found := client.containers.inspect(name)) and found["Id"] not in own:
        problem = "another container has this name."
        yield f"Another container is called {name}", InvalidOption("infra_name", name, problem, "Use another name.")
    if not starts or not options.given.get("published_ports"):
        return
    others = (one for one in client.containers.list(all=True) if one["Id"] not in own and port_uses.is_running(one))
    uses = (use for one in others for use in port_uses.of_running(one))
    for use, error in needs.taken_ports(options, uses, client.engine):
        who = f"{use.by[0].upper()}{use.by[1:]}"
        yield f"{who} has the port {use.port}/{use.protocol} of the host", error
