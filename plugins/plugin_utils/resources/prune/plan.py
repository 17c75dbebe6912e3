# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: a step for each thing that goes, in the order in which they go. Nothing happens here."""

from __future__ import annotations

from collections.abc import Mapping

from ..shared.plan import Plan, Resource, Step
from .items import Chosen, Item
from .options import Options

CACHE = "builder_cache"
_KINDS = {"containers": "container", "images": "image", "networks": "network", "volumes": "volume"}


def plan(options: Options, chosen: Mapping[str, Chosen]) -> Plan:
    """One step for each thing, and one for all of the builder's cache, of which engines can't remove single records.

    They wait for nothing: one that is refused holds up no other.
    """
    steps: list[Step] = []
    for kind, found in chosen.items():
        if kind != CACHE:
            steps += [_step(kind, item, reason(options, kind)) for item in found.items]
        elif found.items:
            cache = Resource("builder cache", f"({len(found.items)} records)")
            steps.append(cache.step("prune", reason(options, kind), {"predicted": found}))
    return Plan(tuple(steps))


def _step(kind: str, item: Item, why: str) -> Step:
    return Step(Resource(_KINDS[kind], item.name), "prune", why, {"item": item}, id=f"{_KINDS[kind]} {item.id}: prune")


def of_kind(planned: Plan, kind: str) -> tuple[Step, ...]:
    """The steps for one kind of things."""
    return tuple(step for step in planned.steps if step.resource.kind == _KINDS.get(kind, "builder cache"))


def reason(options: Options, kind: str) -> str:
    """Why things of a kind go."""
    if kind == "containers":
        return "it does not run"
    if kind == "images" and options.kinds[kind].flag("dangling", True):
        return "no container uses it, and it has no name"
    return "nothing uses it" if kind == CACHE else "no container uses it"
