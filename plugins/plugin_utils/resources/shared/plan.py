# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan is, for every resource: the steps, what each of them waits for, what differs; and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from ...dataclass import dataclass

NOTHING = "nothing to do"


@dataclass(frozen=True)
class Difference:
    """One option that differs. ``before`` and ``after`` hold, of a list or dict, only what differs; unmasked."""

    option: str
    before: Any
    after: Any


@dataclass(frozen=True, order=True)
class Resource:
    """What a step changes: ``kind`` is container, network, volume, image …, ``name`` is what it is called there."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def step(
        self, action: str, reason: str, args: Mapping[str, Any] | None = None, shown: Mapping[str, Any] | None = None
    ) -> Step:
        """A step that does this to the resource, and waits for no other."""
        return Step(self, action, reason, args or {}, shown or {})


@dataclass(frozen=True)
class Step:
    """One thing to do.

    ``action`` names the executor's function and ``args`` are its arguments; ``reason`` is the cause, for people;
    ``shown`` is what the result tells beside action and reason. ``after`` are the IDs of the steps that have to be done
    before; they stand earlier in the plan. It is done all the same where one of those in ``softly`` failed. ``id`` is
    made of resource and action where none is given.
    """

    resource: Resource
    action: str
    reason: str
    args: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    after: tuple[str, ...] = ()
    softly: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", f"{self.resource}: {self.action}")

    @property
    def what(self) -> str:
        """The action and what it is about beside the resource, such as ``connect web`` for a network."""
        about = [value for value in self.shown.values() if isinstance(value, str) and value != self.resource.name]
        return " ".join([self.action, *about])

    def describe(self) -> str:
        """The step in one line: ``container web: create (there is no such container)``."""
        return f"{self.resource}: {self.what} ({self.reason})"


@dataclass(frozen=True)
class Plan:
    """What to do. ``before`` and ``after`` hold what differs beside the differences.

    :raises ValueError: two steps have one ID, or one waits for a step that does not stand before it.
    """

    steps: tuple[Step, ...] = ()
    found: tuple[Difference, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        earlier: set[str] = set()
        for step in self.steps:
            if step.id in earlier:
                raise ValueError(f"two steps of a plan have the ID {step.id!r}")
            if lacking := set(step.after) - earlier:
                raise ValueError(f"{step.id!r} waits for what does not come before it: {sorted(lacking)}")
            earlier.add(step.id)

    def __str__(self) -> str:
        """A line for each step: its number, what it does and why, and the numbers of the steps that it waits for."""
        numbers = {step.id: str(number) for number, step in enumerate(self.steps, 1)}
        lines = (
            f"{numbers[step.id]}. {step.describe()}"
            + (f", after {', '.join(numbers[one] for one in step.after)}" if step.after else "")
            for step in self.steps
        )
        return "\n".join(lines) or NOTHING

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


def in_sequence(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps one after the other: each waits for the one before it, whatever it has waited for until now."""
    done: list[Step] = []
    seen: dict[str, int] = {}
    for step in steps:
        plain = f"{step.resource}: {step.action}"
        seen[plain] = number = seen.get(plain, 0) + 1
        after = (done[-1].id,) if done else ()
        done.append(replace(step, id=plain if number == 1 else f"{plain} ({number})", after=after))
    return tuple(done)


def differing(option: str, wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[Difference]:
    """The entries of a dict that are not there, or are other ones; what there is beside them is no difference."""
    keys = [key for key in wanted if actual.get(key) != wanted[key]]
    if keys:
        before = {key: actual[key] for key in keys if key in actual}
        yield Difference(option, before, {key: wanted[key] for key in keys})
