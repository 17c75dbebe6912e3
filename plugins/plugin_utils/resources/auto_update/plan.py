# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Podman says of containers and their images → what is to be done, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...dataclass import dataclass
from ..shared.plan import Plan, Resource
from .command import FAILED, PENDING, Report

KIND = "auto-update"
LABEL = "io.containers.autoupdate"
FILTER = {"label": [LABEL]}  # of the engine's list
UNIT_LABEL = "PODMAN_SYSTEMD_UNIT"  # which Podman gives to what a unit runs
POLICIES = {"registry": "registry", "image": "registry", "local": "local"}
_NONE = (None, "", "disabled")
STOPPED = "not_running"
_UNKNOWN = "its policy is none of registry and local"


@dataclass(frozen=True)
class Container:
    """A container that has a policy. ``status`` is one of ``command``'s, or ``not_running``; ``reason`` says why it
    failed.
    """

    name: str
    id: str
    image: str
    policy: str
    unit: str
    status: str = STOPPED
    reason: str = ""
    image_id: str = ""


@dataclass(frozen=True)
class Observed:
    """What is on the host. ``errors`` are those that are about none of the containers."""

    containers: tuple[Container, ...] = ()
    errors: tuple[str, ...] = ()
    began: int = 0

    def having(self, *statuses: str) -> list[Container]:
        return [one for one in self.containers if one.status in statuses]


def labelled(listed: Sequence[Mapping[str, Any]]) -> list[Container]:
    """The containers that are to be updated by themselves, from the engine's list, by their names; the policy is as
    their label says it.
    """
    found = []
    for one in listed:
        labels = one.get("Labels") or {}
        if labels.get(LABEL) in _NONE:
            continue
        name = str((one.get("Names") or [one["Id"][:12]])[0]).removeprefix("/")
        image, image_id = str(one.get("Image") or ""), str(one.get("ImageID") or "").removeprefix("sha256:")
        unit = str(labels.get(UNIT_LABEL) or "")
        found.append(Container(name, str(one["Id"]), image, str(labels[LABEL]), unit, image_id=image_id))
    return sorted(found, key=lambda one: one.name)


def observed(had: Sequence[Container], report: Report) -> Observed:
    """What the engine lists and what the command says of it, together."""
    lines_of = {line.id: line for line in report.lines}
    containers, told = [], set()
    for one in had:
        about = [error for error in report.errors if _is_about(error, one)]
        told.update(about)
        found = replace(one, policy=POLICIES.get(one.policy, one.policy), status=STOPPED, reason="")
        if line := lines_of.get(one.id):
            found = replace(found, image=line.image, policy=line.policy, unit=line.unit, status=line.status)
        if one.policy not in POLICIES:
            found = replace(found, status=FAILED, reason=_UNKNOWN)
        elif about:
            found = replace(found, status=FAILED, reason="; ".join(about))
        containers.append(found)
    return Observed(tuple(containers), tuple(error for error in report.errors if error not in told), report.began)


def _is_about(error: str, one: Container) -> bool:
    """Older releases name the image or the policy only."""
    return (
        one.id in error
        or (bool(one.unit) and f" {one.unit} " in error)
        or f" image {one.image}:" in error
        or (one.policy not in POLICIES and f'policy "{one.policy}"' in error)
    )


def plan(found: Observed) -> Plan:
    """One step, for the command does all at once."""
    pending = found.having(PENDING)
    if not pending:
        return Plan()
    names = [one.name for one in pending]
    this = Resource(KIND, ", ".join(names))
    shown = {"containers": names, "units": sorted({one.unit for one in pending})}
    before = {one.name: f"{one.image} ({one.image_id[:12]})" for one in pending}
    after = {one.name: f"{one.image} (a newer one)" for one in pending}
    return Plan((this.step("update", "there are newer images", {}, shown),), before=before, after=after)
