# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan says to people: its actions and its diff, without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.comparison import Difference
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan import Plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.table import BY_NAME
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import Masker

# Two secrets that differ look alike once masked; the diff has to show that they differ.
_OLD, _NEW = " (old)", " (new)"


def actions(plan: Plan) -> list[dict[str, str]]:
    """[{action, reason, …}] in the order in which they are done; network steps name their network."""
    return [
        {"action": step.action, "reason": step.reason}
        | ({"network": step.args["network"]} if "network" in step.args else {})
        for step in plan.steps
    ]


def diff(plan: Plan, masker: Masker) -> dict[str, dict[str, Any]]:
    """{before, after} of exactly what differs, by option."""
    before, after = dict(plan.before), dict(plan.after)
    for difference in plan.found:
        before[difference.option], after[difference.option] = _masked(difference, masker)
    return {"before": before, "after": after}


def _masked(difference: Difference, masker: Masker) -> tuple[Any, Any]:
    row = BY_NAME.get(difference.option)
    if row is None or not row.secret:
        return _texts(difference.before, masker), _texts(difference.after, masker)
    before, after = _values(difference.before, masker), _values(difference.after, masker)
    if not isinstance(before, dict):  # the engine does not report it
        return before, after
    for key in set(before) & set(after):
        if before[key] == after[key]:
            before[key] += _OLD
            after[key] += _NEW
    return before, after


def _values(value: Any, masker: Masker) -> Any:
    return masker.env(value) if isinstance(value, Mapping) else _texts(value, masker)


def _texts(value: Any, masker: Masker) -> Any:
    if isinstance(value, str):
        return masker.text(value)
    if isinstance(value, Mapping):
        return {key: _texts(item, masker) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_texts(item, masker) for item in value]
    return value
