# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a task. Nothing of a Secret, and no variable of a container, is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...engine.differences.engine import Engine
from ..pod.result import pod_result
from ..shared.labels import OWN_PREFIX
from ..shared.plan import Plan
from .application import Application
from .comparison import Seen
from .label import owner


def task_result(planned: Plan, wanted: Application, pods: Mapping[str, Seen], engine: Engine) -> dict[str, Any]:
    """The module's result.

    :param pods: as they are afterwards.
    """
    return {
        "changed": planned.changed,
        "actions": [{**told, "object": str(step.resource)}
                    for told, step in zip(planned.actions(), planned.steps, strict=True)],
        "pods": [_pod(seen, engine) for seen in pods.values()],
        "secrets": sorted(wanted.secrets),
        "volumes": sorted({*wanted.claims, *wanted.files}),
        "diff": planned.diff(),
        "warnings": [*wanted.warnings, *planned.warnings],
    }  # fmt: skip


def _pod(seen: Seen, engine: Engine) -> dict[str, Any]:
    shown = pod_result(seen.pod, seen.members, engine)
    labels = {key: value for key, value in shown["labels"].items() if not key.startswith(OWN_PREFIX)}
    of = owner(seen.labels)
    return {**shown, "labels": labels, "created_by_us": of is not None, "made_of": of or None}
