# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers of a pod, and what they make of its state. Nothing happens here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import status_word
from ..shared.states import PAUSED, RUNNING, STOPPED


@dataclass(frozen=True)
class Member:
    """A container of a pod; ``infra`` is whether it is the pod's own. ``exit_code`` says nothing while it runs."""

    id: str
    name: str
    state: str
    exit_code: int = 0
    infra: bool = False

    @property
    def ended_well(self) -> bool:
        """Whether it has done what it had to, as a job has."""
        return self.state == "exited" and self.exit_code == 0

    @property
    def idle(self) -> bool:
        return self.state not in ("running", "paused", "restarting")


def members(listed: Sequence[Mapping[str, Any]]) -> tuple[Member, ...]:
    """From Podman's own list, by name, the pod's own container first."""
    found = (
        Member(
            one["Id"],
            str((one.get("Names") or [one["Id"][:12]])[0]),
            status_word(str(one.get("State") or "")),
            int(one.get("ExitCode") or 0),
            bool(one.get("IsInfra")),
        )
        for one in listed
    )
    return tuple(sorted(found, key=lambda member: (not member.infra, member.name)))


def others(found: Sequence[Member]) -> list[str]:
    """The names of those that are not the pod's own."""
    return [member.name for member in found if not member.infra]


def current_state(found: Sequence[Member]) -> str:
    """running where anything runs, else paused where anything is, else stopped."""
    states = {member.state for member in found}
    if states & {"running", "restarting"}:
        return RUNNING
    return PAUSED if "paused" in states else STOPPED


def to_start(found: Sequence[Member]) -> tuple[Member, ...]:
    """Those that don't run and have not ended well; of a pod that runs."""
    return tuple(member for member in found if member.idle and not member.ended_well)
