# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan says to people of what differs, without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....telling import indented
from ...shared.plan import Difference, Plan
from ...shared.secrets import Masker
from ..options.table import BY_NAME
from .hints import hint_for

# Behind two secrets that differ and look alike once masked.
_OLD, _NEW = " (old)", " (new)"


def diff(plan: Plan, masker: Masker) -> dict[str, dict[str, Any]]:
    """{before, after} of exactly what differs, by option."""
    before, after = dict(plan.before), dict(plan.after)
    for difference in plan.found:
        before[difference.option], after[difference.option] = _masked(difference, masker)
    return {"before": before, "after": after}


def failure(message: str, kind: str, output: str, lines: int) -> dict[str, Any]:
    """What a result says of a command that ended with an error, with so many last lines of its output."""
    last = "\n".join(output.splitlines()[-lines:])
    told = f"{message}\nThe end of its output:\n{indented(last)}" if last else message
    error = {"kind": kind, "message": told, "hint": hint_for(message), "status": None}
    return {"failed": True, "msg": told, "error": error}


def _masked(difference: Difference, masker: Masker) -> tuple[Any, Any]:
    row = BY_NAME.get(difference.option)
    mask = _values if row is not None and row.secret else _texts
    before, after = mask(difference.before, masker), mask(difference.after, masker)
    return _told_apart(before, difference.before, _OLD, after, difference.after), _told_apart(
        after, difference.after, _NEW, before, difference.before
    )


def _told_apart(shown: Any, real: Any, mark: str, other: Any, other_real: Any) -> Any:
    """Mark what looks like its counterpart only because both are masked."""
    if isinstance(shown, Mapping) and isinstance(other, Mapping):
        return {
            key: _told_apart(item, real[key], mark, other[key], other_real[key]) if key in other else item
            for key, item in shown.items()
        }
    if isinstance(shown, list) and isinstance(other, list) and len(shown) == len(other):
        pairs = zip(shown, real, other, other_real, strict=True)
        return [_told_apart(item, was, mark, its, theirs) for item, was, its, theirs in pairs]
    return f"{shown}{mark}" if isinstance(shown, str) and shown == other and real != other_real else shown


def _values(value: Any, masker: Masker) -> Any:
    return masker.env(value) if isinstance(value, Mapping) else _texts(value, masker)


def _texts(value: Any, masker: Masker) -> Any:
    if isinstance(value, str):
        return masker.strictly(value)
    if isinstance(value, Mapping):
        return {key: _texts(item, masker) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [item if isinstance(item, str) else _texts(item, masker) for item in masker.command(value)]
    return value
