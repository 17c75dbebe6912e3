# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks with detach=false: the container runs to its end within the task, and may be removed then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...shared.plan import Plan, in_sequence
from ..options.parsing import Options

_STARTS = frozenset({"start", "restart"})


def with_the_end(options: Options, planned: Plan) -> Plan:
    """The plan, and what follows the start of a container that the task does not leave to itself."""
    starts = any(step.action in _STARTS or step.args.get("start") for step in planned.steps)
    if options.behaviour.detach or not starts:
        return planned
    about = planned.steps[-1].resource
    steps = [about.step("await_end", "detach is false")]
    after: dict[str, Any] = {"running": False}
    if options.behaviour.cleanup:
        steps.append(about.step("remove", "cleanup is set", {"volumes": not options.keep_volumes}))
        after = {"exists": False}
    before: Mapping[str, Any] = {"exists": True, "running": False, **planned.before}
    kept = {key: value for key, value in planned.after.items() if key not in ("running", "exists")}
    return replace(
        planned,
        steps=in_sequence((*planned.steps, *steps)),
        before={key: value for key, value in before.items() if key in planned.before or key in after},
        after={**kept, **after},
    )
