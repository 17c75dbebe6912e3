# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates the containers whose images are older than their policy allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ...shared.ownership import Thing
from ...shared.plan import Plan
from ...shared.work.runner import Runner
from ..command import FAILED, ROLLED_BACK
from ..options import Options
from ..plan import FILTER, Container, Observed, labelled, observed, plan
from ..result import failure, result
from .host import UpdateHost


def run_auto_update(runner: Runner, host: UpdateHost, options: Options, *, check_mode: bool = False) -> dict[str, Any]:
    """Update what can be, or in check mode tell what would be; the module's result.

    :raises EngineError: kind ``update_failed``: not all of it worked, with what did; else see ``UpdateHost``.
    """
    client = runner.engine
    host.require()
    after: list[Observed] = []

    def look() -> tuple[Observed, Plan]:
        had = _labelled(client)
        found = observed(had, host.pending(options)) if had else Observed()
        return found, plan(found)

    def change(found: Observed, planned: Plan) -> None:
        runner.run(planned, lambda _client, _step: after.append(observed(found.containers, host.update(options))))

    before, planned = look() if check_mode else runner.converge(look, things, change)
    seen = _explained(host, after[0]) if after else before
    if error := failure(planned, seen):
        raise error
    return result(planned, seen)


def _labelled(client: Client) -> list[Container]:
    return labelled(client.containers.list(all=True, filters=FILTER))


def things(found: Observed, planned: Plan) -> list[Thing]:
    """The containers that are made anew."""
    return [Thing("container", name) for step in planned.steps for name in step.shown["containers"]]


def _explained(host: UpdateHost, seen: Observed) -> Observed:
    """With the beginning of the unit's log, which says more than Podman."""

    def reason(one: Container) -> str:
        if one.status in (ROLLED_BACK, FAILED) and one.unit:
            words = host.words(one.unit, seen.began)
            return "; ".join(filter(None, (one.reason, f"the log of {one.unit} since then:\n{words}" if words else "")))
        return one.reason

    return replace(seen, containers=tuple(replace(one, reason=reason(one)) for one in seen.containers))
