# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which differences an engine can mend in a living container, and the request that does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ...shared.plan import Difference
from ..options import scalars
from ..options.table import BY_NAME

# By field of an update, the options of the container with which some engines refuse it.
_EXCLUDES = (("NanoCpus", ("cpu_period", "cpu_quota")), ("CpuPeriod", ("cpus",)), ("CpuQuota", ("cpus",)))


def update_body(
    found: Iterable[Difference],
    desired: Mapping[str, Any],
    actual: Mapping[str, Any],
    engine: Engine,
    running: bool,
) -> dict[str, Any] | None:
    """The body for POST /containers/{name}/update that mends these differences.

    :param actual: all options of the container, the compared ones or more.
    :return: None when one of them can't be changed live on this engine; {} when there is nothing to update.
    """
    body: dict[str, Any] = {}
    fields = engine.changes_live(running)
    for difference in found:
        update = BY_NAME[difference.option].update
        part = update(desired, actual, engine) if update else None
        if part is None or not fields.issuperset(part):
            return None
        body.update(part)
    excluded = any(actual.get(other) for key, others in _EXCLUDES for other in others if key in body)
    if excluded and engine.update_refuses_cpus_beside_quota:
        return None
    if body and engine.update_resets_restart_policy:
        body.update(scalars.update_restart_policy(desired, actual, engine) or {})
    return body
