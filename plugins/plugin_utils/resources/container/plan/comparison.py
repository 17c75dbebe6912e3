# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between what is wanted and what is, option by option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ...shared.plan import Difference
from ..options import applied
from ..options.row import Option
from ..options.table import BY_NAME


def differences(
    desired: Mapping[str, Any],
    actual: Mapping[str, Any],
    comparisons: Mapping[str, str],
    engine: Engine,
    engine_own: Mapping[str, Any] | None = None,
) -> list[Difference]:
    """Compare every desired option in the way that ``comparisons`` names for it."""
    own = engine_own or {}
    found = (
        _compare(BY_NAME[name], value, actual[name], own.get(name) or (), comparisons[name], engine)
        for name, value in desired.items()
        if comparisons[name] != "ignore"
    )
    return [difference for difference in found if difference is not None]


def _compare(row: Option, desired: Any, actual: Any, own: Any, comparison: str, engine: Engine) -> Difference | None:
    if actual is applied.UNKNOWN:
        return None
    if isinstance(actual, applied.Kept):
        met = applied.same(row, desired, actual, comparison, engine)
        return None if met else Difference(row.name, applied.NOT_REPORTED, row.show(desired))
    canonical = row.canonical
    return _COMPARE[row.kind](row, canonical(desired, engine), canonical(actual, engine), own, comparison)


def _compare_value(row: Option, desired: Any, actual: Any, own: Any, comparison: str) -> Difference | None:
    return None if row.equal(desired, actual) else Difference(row.name, row.show(actual), row.show(desired))


def _compare_list(row: Option, desired: Any, actual: Any, own: Any, comparison: str) -> Difference | None:
    if comparison == "allow_more_present":
        rest = iter(actual)
        met = all(item in rest for item in desired)  # in this order, others may stand between
    else:
        met = list(desired) == list(actual)
    return None if met else Difference(row.name, list(actual), list(desired))


def _compare_set(row: Option, desired: Any, actual: Any, own: Any, comparison: str) -> Difference | None:
    missing = set(desired) - set(actual)
    extra = set(actual) - set(desired) - set(own) if comparison == "strict" else set()
    return Difference(row.name, sorted(extra), sorted(missing)) if missing or extra else None


def _compare_dict(row: Option, desired: Any, actual: Any, own: Any, comparison: str) -> Difference | None:
    changed = [key for key, value in desired.items() if key not in actual or not row.equal(value, actual[key])]
    extra = [key for key in actual if key not in desired and key not in own] if comparison == "strict" else []
    if not changed and not extra:
        return None
    before = {key: _shown(actual[key], desired.get(key)) for key in [*changed, *extra] if key in actual}
    return Difference(row.name, before, {key: desired[key] for key in changed})


def _shown(actual: Any, desired: Any) -> Any:
    """The parts of what is there that the task has an opinion on."""
    if isinstance(actual, dict) and isinstance(desired, dict):
        return {key: actual[key] for key in desired if key in actual}
    return actual


_COMPARE: dict[str, Callable[[Option, Any, Any, Any, str], Difference | None]] = {
    "value": _compare_value,
    "list": _compare_list,
    "set": _compare_set,
    "dict": _compare_dict,
}
