# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading secrets: which to ask for, and the result of what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..shared import parsers, selection
from .options import secret_name
from .plan import described
from .result import secret_result
from .users import users

Secret = Mapping[str, Any]

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **selection.spec("secret"), "containers": {"type": "bool", "default": False},
}  # fmt: skip


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """Check names and labels; returns {name: list or None, labels: {str: str}, containers: bool}.

    :raises InvalidOption: a name that no secret can have, or a label value that is no text.
    """
    names = params["name"]
    return {
        "name": None if names is None else [secret_name("name", name) for name in names],
        "labels": parsers.labels("labels", params["labels"] or {}),
        "containers": params["containers"],
    }


def present_and_missing(
    found: Mapping[str, Secret | None], inspects: Sequence[Mapping[str, Any]] | None, options: Mapping[str, Any]
) -> dict[str, Any]:
    """The module's result, from {name: the engine's description, None where there is none}.

    :param inspects: Podman's own descriptions of all containers; None where nobody wants to know who uses what.
    """
    wanted = [
        one for one in found.values() if one is not None and selection.has_labels(described(one)[2], options["labels"])
    ]
    if options["name"] is None:
        wanted.sort(key=lambda secret: str(secret["Spec"]["Name"]))
    return {
        "changed": False,
        "secrets": [{**secret_result(one), **_used(one, inspects)} for one in wanted],
        "missing": [name for name, one in found.items() if one is None],
        "exists": bool(wanted),
    }


def _used(secret: Secret, inspects: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
    if inspects is None:
        return {}
    found = users(secret["Spec"]["Name"], inspects)
    return {"containers": [{"name": one.name, "use": one.use, "running": one.running} for one in found]}
