# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan whose host ports were still to be chosen, with those that were chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ....engine.differences.engine import Engine
from ...shared.plan import Difference, Plan, Step
from ..options import ports
from .leftover import Leftover

OPTION = "published_ports"
MAKES = ("create", "recreate")


def making(planned: Plan) -> Step | None:
    """The step that makes a container, if there is one."""
    return next((step for step in planned.steps if step.action in MAKES), None)


def give_way(planned: Plan) -> set[str]:
    """The IDs of the containers that the plan's steps replace or remove."""
    found = (step.args.get(key) for step in planned.steps for key in ("old", "unfinished", "container"))
    return {_identity(one) for one in found if one}


def assigned(planned: Plan, chosen: ports.Bindings, engine: Engine) -> Plan:
    """The plan with these host ports, in what is done and in what is reported."""
    steps = tuple(_step(step, chosen, engine) for step in planned.steps)
    found = tuple(_difference(difference, chosen) for difference in planned.found)
    result = replace(planned, steps=steps, found=found)
    if any(step.action == "create" for step in steps):
        result = replace(result, after={**result.after, OPTION: chosen})
    return result


def rewritten(planned: Plan, bindings: ports.Bindings, engine: Engine) -> Plan:
    """The plan with the same ports in another notation, which nobody is told."""
    return replace(planned, steps=tuple(_rewritten(step, bindings, engine) for step in planned.steps))


def _rewritten(step: Step, bindings: ports.Bindings, engine: Engine) -> Step:
    if step.action not in MAKES:
        return step
    return replace(step, args={**step.args, "body": with_ports(step.args["body"], bindings, engine)})


def with_ports(body: Mapping[str, Any], chosen: ports.Bindings, engine: Engine) -> dict[str, Any]:
    """A create request's body with these host ports."""
    result = {**body, "HostConfig": dict(body["HostConfig"]), "ExposedPorts": dict(body.get("ExposedPorts") or {})}
    ports.write(result, chosen, engine)
    return result


def _identity(one: Leftover | Mapping[str, Any] | str) -> str:
    if isinstance(one, Leftover):
        return one.id
    return one if isinstance(one, str) else str(one["Id"])


def _step(step: Step, chosen: ports.Bindings, engine: Engine) -> Step:
    if step.action not in MAKES:
        return step
    return replace(_rewritten(step, chosen, engine), shown={**step.shown, OPTION: dict(chosen)})


def _difference(difference: Difference, chosen: ports.Bindings) -> Difference:
    if difference.option != OPTION:
        return difference
    return replace(difference, after={port: chosen.get(port, ends) for port, ends in difference.after.items()})
