# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_quadlet tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...dataclass import dataclass
from ...telling import listed
from ..shared.plan import Plan, Step
from ..shared.secrets import Masker
from . import masking
from .options import Options
from .plan import Observed, wanted

_BECOMES = {"start": "active", "restart": "active, started anew", "stop": "inactive", "forget": "inactive"}


@dataclass(frozen=True)
class Seen:
    """What a task found, planned, and found afterwards; in check mode both looks are the same. ``scope`` is whose
    systemd it is.
    """

    options: Options
    planned: Plan
    before: Observed
    after: Observed
    scope: str


def result(seen: Seen, masker: Masker) -> dict[str, Any]:
    """The module's result."""
    return {
        "changed": seen.planned.changed,
        "actions": seen.planned.actions(),
        "quadlet": _quadlet(seen),
        "diff": _diff(seen, masker),
        "warnings": [masker.text(warning) for warning in _warnings(seen)],
    }


def _quadlet(seen: Seen) -> dict[str, Any] | None:
    """The quadlet as it is; None where there is none."""
    after = seen.after
    own = after.files.get(seen.options.name)
    if own is None:
        return None
    return {
        "name": seen.options.name,
        "path": f"{after.folder}/{seen.options.name}",
        "mode": f"0{own.mode}",
        "files": sorted(f"{after.folder}/{file}" for file in after.files),
        "scope": seen.scope,
        "unit": after.unit.name if after.unit else None,
        "enabled": after.unit.boot if after.unit else False,
        "active_state": after.state.active,
        "sub_state": after.state.sub,
    }


def _warnings(seen: Seen) -> Iterator[str]:
    names = set(wanted(seen.options))
    for warning in seen.before.then.warnings:
        if any(name in warning for name in names):
            yield f"Podman's generator: {warning}"
    for doubt in seen.before.doubts:
        yield f"systemd on {seen.before.unit_name(seen.options)}: {doubt}"
    for file in seen.before.lacking:
        yield f"There is no quadlet {file} on the host; a run needs it."
    for step in seen.planned.steps:
        if others := step.shown.get("along"):
            yield f"The {step.action} of {step.shown['unit']} takes along what requires it: {listed(others)}."


def _diff(seen: Seen, masker: Masker) -> dict[str, str]:
    """The files that become others, as ``systemctl cat`` shows files, and what becomes of the unit."""
    before, after = [], []
    for file in _changed(seen):
        old, new = seen.before.files.get(file), wanted(seen.options).get(file)
        head = f"# {seen.before.folder}/{file}"
        told, wants = masking.masked_pair(old.text if old else "", new or "", masker)
        if old is not None:
            before.append(f"{head}{_mode(old.mode, seen.options.mode)}\n{told}")
        if new is not None:
            after.append(f"{head}{_mode(seen.options.mode, old.mode if old else seen.options.mode)}\n{wants}")
    for step in seen.planned.steps:
        if step.action in _BECOMES:
            unit = step.shown["unit"]
            before.append(f"# {unit}: {seen.before.state.active}\n")
            after.append(f"# {unit}: {_BECOMES[step.action]}\n")
            for other in step.shown.get("along", []):
                before.append(f"# {other}: active\n")
                after.append(f"# {other}: {_BECOMES[step.action]}\n")
    return {"before": "".join(before), "after": "".join(after)}


def _changed(seen: Seen) -> list[str]:
    """The files that steps are about, in their order."""
    return [str(step.shown["file"]) for step in seen.planned.steps if _is_about_a_file(step)]


def _is_about_a_file(step: Step) -> bool:
    return "file" in step.shown


def _mode(mode: str, other: str) -> str:
    return "" if mode == other else f" (mode 0{mode})"
