# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_auto_update tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...errors import EngineError
from ...telling import listed
from ..shared.plan import Plan
from .command import FAILED, ROLLED_BACK
from .plan import Container, Observed

_BECAME = {FAILED: "could not be updated", ROLLED_BACK: "was put back to its old image"}


def result(planned: Plan, seen: Observed) -> dict[str, Any]:
    """The module's result."""
    return {
        "changed": planned.changed,
        "actions": planned.actions(),
        "containers": list(_containers(seen)),
        "diff": planned.diff(),
    }


def _containers(seen: Observed) -> Iterator[dict[str, Any]]:
    for one in seen.containers:
        yield {
            "name": one.name, "id": one.id, "image": one.image, "policy": one.policy, "unit": one.unit or None,
            "status": one.status, "reason": one.reason,
        }  # fmt: skip


def failure(planned: Plan, seen: Observed) -> EngineError | None:
    """The error where not all is as it should be, which tells beside it what a result does; None where all is well."""
    wrong = seen.having(FAILED, ROLLED_BACK)
    if not wrong and not seen.errors:
        return None
    told = [_told(one) for one in wrong] + list(seen.errors)
    error = EngineError(
        f"Not every container is up to date: {listed(told, '; ')}.",
        hint="Mend what is named, and run the task again; the others were updated.",
        kind="update_failed",
    )
    found = result(planned, seen)
    error.beside = {key: found[key] for key in ("changed", "actions", "containers")}
    return error


def _told(one: Container) -> str:
    where = f" (unit {one.unit})" if one.unit else ""
    return f"{one.name}{where} {_BECAME[one.status]}: {one.reason or 'Podman does not say why'}"
