# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which shape a task's result is told: this collection's own, one for both engines, or the engine's own, under the
names of community.docker's modules.

A resource has one pure function for each, in its ``result`` or ``result_format``; whoever executes asks a
:class:`Telling` for the one that is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ...dataclass import dataclass
from .plan import Difference

UNIFIED, ENGINE = "unified", "engine"
FORMATS = (UNIFIED, ENGINE)
_ANSIBLES = frozenset({"changed", "diff", "error", "failed", "msg", "skipped", "warnings"})

How = TypeVar("How")


@dataclass(frozen=True)
class Telling:
    """How a task wants its result. On ``diff`` and ``check``, the modes that it runs in, and on its option ``debug`` it
    depends with the engine's format what is told at all.
    """

    format: str = UNIFIED
    diff: bool = False
    check: bool = False
    debug: bool = False

    @property
    def lists(self) -> bool:
        """Whether the engine's format lists what was done."""
        return self.check or self.debug

    @property
    def raw(self) -> bool:
        """Whether the engine's own words are wanted."""
        return self.format == ENGINE

    def choose(self, formats: Mapping[str, How]) -> How:
        """The one of the wanted format."""
        return formats[self.format]


PLAIN = Telling()


def picked(result: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Of a result these keys, and those by which Ansible goes."""
    return {key: value for key, value in result.items() if key in {*_ANSIBLES, *names}}


def before_and_after(entries: Mapping[str, tuple[Any, Any]]) -> dict[str, dict[str, Any]]:
    """{before, after}, each by name."""
    return {
        "before": {name: before for name, (before, _after) in entries.items()},
        "after": {name: after for name, (_before, after) in entries.items()},
    }


def engine_diff(
    exists: tuple[bool, bool],
    found: Mapping[str, tuple[Any, Any]] | None,
    others: Mapping[str, tuple[Any, Any]],
    telling: Telling,
) -> dict[str, Any]:
    """What community.docker's modules for networks and volumes tell as ``diff``: in diff mode {before, after} by name,
    whether anything changed or not; in diff and check mode the names of all that differs.

    :param exists: whether it is there, and whether it is to be.
    :param found: what differs, (before, after) by name, without secrets; None where nothing was compared.
    :param others: more of the kind, which is no difference of options.
    """
    diff: dict[str, Any] = before_and_after({"exists": exists, **others, **(found or {})}) if telling.diff else {}
    return diff if found is None else {**diff, "differences": list(found)}


def by_entry(difference: Difference, *, had_none: bool) -> dict[str, tuple[Any, Any]]:
    """{name: (before, after)}: of a dict each entry by itself, as ``option.key``, unless there was none at all."""
    option, before, after = difference.option, difference.before, difference.after
    if had_none or not isinstance(after, Mapping) or not isinstance(before, Mapping):
        return {option: (before, after)}
    return {f"{option}.{key}": (before.get(key), after.get(key)) for key in dict.fromkeys((*before, *after))}


def with_single(kind: str, result: dict[str, Any], names: Sequence[str] | None, telling: Telling) -> dict[str, Any]:
    """An info module's result. With the engine's format, where the task names one thing, also with that by itself, as
    community.docker's modules tell it: None where there is none.

    :param kind: what is read, such as ``container``; ``result`` has a list of them.
    """
    if not telling.raw or names is None or len(names) != 1:
        return result
    found = result[f"{kind}s"]
    return {**result, kind: found[0] if found else None}
