# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A secret and the result of its task; what it holds is in none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared.driver_options import masked
from ..shared.labels import CREATED_LABEL
from ..shared.moments import timestamp
from ..shared.plan import Plan
from .plan import OWN_LABELS, described
from .users import NOTHING, User


def secret_result(secret: Mapping[str, Any]) -> dict[str, Any]:
    """The public shape of a secret."""
    driver, options, labels = described(secret)
    return {
        "id": secret["ID"],
        "name": secret["Spec"]["Name"],
        "driver": driver,
        "driver_options": masked(options),
        "labels": {key: value for key, value in labels.items() if key not in OWN_LABELS},
        "created_at": timestamp(secret.get("CreatedAt")),
        "updated_at": timestamp(secret.get("UpdatedAt")),
        "created_by_us": CREATED_LABEL in labels,
    }


def user_results(users: Sequence[User], planned: Plan) -> list[dict[str, Any]]:
    """What containers that use the secret need after the plan is done."""
    removed = any(step.action == "remove" for step in planned.steps)
    restarted = {step.resource.name for step in planned.steps if step.action == "restart"}
    return [
        {
            "name": user.name,
            "use": user.use,
            "running": user.running,
            "needs": _needs(user, removed=removed, restarted=user.name in restarted),
        }
        for user in users
    ]


def _needs(user: User, *, removed: bool, restarted: bool) -> str:
    needs = user.needs(removed=removed)
    return NOTHING if needs == "restart" and restarted else needs


def task_result(planned: Plan, secret: Mapping[str, Any] | None, users: Sequence[User]) -> dict[str, Any]:
    """The module's result.

    :param secret: as it is afterwards.
    """
    return {
        "changed": planned.changed,
        "actions": planned.actions(),
        "secret": None if secret is None else secret_result(secret),
        "containers": user_results(users, planned) if planned.changed else [],
        "diff": planned.diff(),
        "warnings": list(planned.warnings),
    }
