# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading pods: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...engine.differences.engine import Engine
from ..shared import selection
from .members import members
from .result import pod_result

ARGUMENT_SPEC = selection.spec("pod")


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """See ``selection.parse``."""
    return selection.parse("pod", params)


def present_and_missing(
    found: Mapping[str, tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]] | None],
    options: Mapping[str, Any],
    engine: Engine,
) -> dict[str, Any]:
    """The module's result, from {name: the engine's description and its list of the pod's containers, None where there
    is no such pod}.
    """
    wanted = [
        one
        for one in found.values()
        if one is not None and selection.has_labels(one[0].get("Labels") or {}, options["labels"])
    ]
    if options["name"] is None:
        wanted.sort(key=lambda one: str(one[0]["Name"]))
    return {
        "changed": False,
        "pods": [pod_result(pod, members(its), engine) for pod, its in wanted],
        "missing": [name for name, one in found.items() if one is None],
        "exists": bool(wanted),
    }
