# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task tells of a project: what was done, in its order, and what became of each part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ...telling import listed
from ..shared.plan import Step
from .plan import AWAIT, FINISH

FAILED, SKIPPED, ROLLED_BACK, UNCHANGED = "failed", "skipped", "rolled back", "unchanged"
# What the first of these that was done makes of a part.
_OUTCOMES = {
    "recreate": "recreated",
    "create": "created",
    "remove": "removed",
    "restore": "updated",
    "finish": "updated",
    "update": "updated",
    "connect_network": "updated",
    "disconnect_network": "updated",
    "restart": "restarted",
    "start": "started",
    "stop": "stopped",
    "pause": "paused",
    "unpause": "started",
}


@dataclass(frozen=True)
class Done:
    """What became of the steps of a plan."""

    done: Sequence[Step] = ()
    failed: Collection[str] = ()  # the names of parts, as "container web"
    skipped: Sequence[Step] = ()
    rolled_back: Sequence[Step] = ()

    @property
    def changed(self) -> bool:
        return any(step.action != AWAIT for step in self.done)


def outcome(part: str, done: Done) -> str:
    """What became of one part ("container web"), in a word."""
    if any(str(step.resource) == part for step in done.rolled_back):
        return ROLLED_BACK
    if part in done.failed:
        return FAILED
    actions = {step.action for step in done.done if str(step.resource) == part}
    if any(str(step.resource) == part and step.action != FINISH for step in done.skipped):
        return SKIPPED
    if {"remove", "create"} <= actions:
        return "recreated"
    return next((word for action, word in _OUTCOMES.items() if action in actions), UNCHANGED)


def actions(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps in the order in which they were done, or would be."""
    return [
        {"resource": str(step.resource), "action": step.action, "reason": step.reason, **step.shown} for step in steps
    ]


def message(name: str, done: Done, errors: Mapping[str, str]) -> str:
    """What a failed task says.

    :param errors: the words of each error, by the part's name.
    """
    said = [f"The project {name}: {len(errors)} part{'s' if len(errors) > 1 else ''} failed."]
    said += [f"{part}: {words}" for part, words in errors.items()]
    if left := sorted({str(step.resource) for step in done.skipped if step.action != FINISH} - set(errors)):
        said.append(f"Not done, because it waits for what failed: {listed(left)}.")
    if back := sorted({str(step.resource) for step in done.rolled_back}):
        said.append(f"Rolled back: {listed(back)}.")
    return "\n".join(said)
