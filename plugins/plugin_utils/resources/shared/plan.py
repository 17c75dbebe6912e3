# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan consists of, for resources whose options need no table of their own; and what it says to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import InvalidOption
from .values import NAME_PATTERN


@dataclass(frozen=True)
class Difference:
    """One option that differs. ``before`` and ``after`` hold, of a dict, only what differs."""

    option: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Step:
    """One thing to do: ``action`` names the executor's method, ``args`` are its arguments; ``shown`` is what the result
    tells beside action and reason.
    """

    action: str
    reason: str
    args: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What to do. ``before`` and ``after`` hold what differs beside the differences."""

    steps: tuple[Step, ...] = ()
    found: tuple[Difference, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.steps)

    def actions(self) -> list[dict[str, Any]]:
        """[{action, reason, …}] in the order in which they are done."""
        return [{"action": step.action, "reason": step.reason, **step.shown} for step in self.steps]

    def diff(self) -> dict[str, dict[str, Any]]:
        """{before, after} of exactly what differs, by option."""
        before = {**self.before, **{one.option: one.before for one in self.found}}
        after = {**self.after, **{one.option: one.after for one in self.found}}
        return {"before": before, "after": after}


def differing(option: str, wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[Difference]:
    """The entries of a dict that are not there, or are other ones; what there is beside them is no difference."""
    keys = [key for key in wanted if actual.get(key) != wanted[key]]
    if keys:
        before = {key: actual[key] for key in keys if key in actual}
        yield Difference(option, before, {key: wanted[key] for key in keys})


def named(kind: str, option: str, value: Any) -> str:
    """A name that an object of this kind can have.

    :raises InvalidOption: there can be none of this name.
    """
    text = str(value)
    if not NAME_PATTERN.fullmatch(text):
        raise InvalidOption(
            option, value, f"no {kind} can have this name.",
            "Start with a letter or a digit and go on with letters, digits, '_', '.', '-'.",
        )  # fmt: skip
    return text


def texts(option: str, value: Mapping[str, Any] | None) -> dict[str, str]:
    """A dict of driver options as the engines want it: true and false in lower case, numbers as text.

    :raises InvalidOption: a value that is a list or a dict.
    """
    found = {}
    for key, item in (value or {}).items():
        if isinstance(item, (dict, list)):
            raise InvalidOption(f"{option}.{key}", item, "it is neither a text nor a number.", "Give one value.")
        found[str(key)] = str(item).lower() if isinstance(item, bool) else "" if item is None else str(item)
    return found
