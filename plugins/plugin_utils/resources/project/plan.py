# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One plan of many: the plans of networks, volumes and containers, put into one order. Nothing happens here."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ...dataclass import dataclass
from ..container.plan.ownership import MAKES
from ..shared.plan import Plan, Resource, Step
from .application import STARTED, Dependency

# Steps of a container after which it runs, and after which it does not, or is gone.
RUNS = frozenset({"start", "restart", "recreate", "unpause", "restore", "finish"})
ENDS = frozenset({"stop", "remove"})
AWAIT, FINISH = "await", "drop_old"


@dataclass(frozen=True)
class Part:
    """The plan of one network, volume or container.

    :param uses: of a container, the networks and volumes that it is made with.
    :param shares: of a container, those whose namespaces or volumes it uses.
    :param depends_on: of a container, what it waits for.
    :param turn: of a container, the name shared by those that are replaced one after the other.
    :param gives: of a container, the ports of the host, (protocol, number), that it has and will not have any more.
    :param takes: those that it will have, and does not have yet.
    :param inside: of a container, the networks that it is in before.
    """

    resource: Resource
    planned: Plan
    uses: frozenset[Resource] = frozenset()
    shares: frozenset[str] = frozenset()
    depends_on: Mapping[str, Dependency] | None = None
    turn: str = ""
    gives: frozenset[tuple[str, str]] = frozenset()
    takes: frozenset[tuple[str, str]] = frozenset()
    inside: frozenset[Resource] = frozenset()

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.planned.steps

    @property
    def last(self) -> str:
        return self.steps[-1].id

    @property
    def is_container(self) -> bool:
        return self.resource.kind == "container"

    @property
    def goes(self) -> bool:
        """Whether it is not there afterwards."""
        return self.steps[-1].action == "remove"

    def first(self, actions: frozenset[str]) -> str | None:
        """The ID of the first step that is one of these."""
        return next((step.id for step in self.steps if step.action in actions), None)


def part_of(step: Step) -> str:
    """The part of the plan that a step belongs to; what only waits or tidies up belongs to none."""
    return step.id if step.action in (AWAIT, FINISH) else str(step.resource)


def joined(parts: Sequence[Part], *, keep_old: bool = False) -> Plan:
    """One plan of all these. Where nothing has to come before a step, it is done beside others.

    :param parts: each container after those that it depends on.
    :param keep_old: the containers that are replaced are removed when all else is done.
    """
    changed = [part for part in parts if part.steps]
    order = _Order(changed, {part.resource.name for part in parts if part.is_container})
    order.shared_things()
    order.dependencies()
    order.turns()
    if keep_old:
        order.olds_last()
    order.ports()
    return Plan(order.sorted())


class _Order:
    """Steps, and what each waits for beside the steps of its own part."""

    def __init__(self, parts: Sequence[Part], containers: Collection[str]) -> None:
        self._named = containers
        self._parts = {part.resource: part for part in parts}
        self._containers = {part.resource.name: part for part in parts if part.is_container}
        self._steps = {step.id: step for part in self._in_order(parts) for step in part.steps}
        self._after: dict[str, set[str]] = {identity: set(step.after) for identity, step in self._steps.items()}
        self._softly: dict[str, set[str]] = {}

    @staticmethod
    def _in_order(parts: Sequence[Part]) -> Iterator[Part]:
        """Networks and volumes first, but for those that go: a stable order of what does not wait for each other."""
        yield from (part for part in parts if not part.is_container and not part.goes)
        yield from (part for part in parts if part.is_container)
        yield from (part for part in parts if not part.is_container and part.goes)

    def wait(self, step: str | None, *for_steps: str | None) -> None:
        if step is not None:
            self._after[step] |= {one for one in for_steps if one is not None and one != step}

    def shared_things(self) -> None:
        """Networks and volumes are there before a container needs them, and go after the containers have gone, or have
        come out of them.
        """
        for part in self._containers.values():
            for thing in (part.uses if part.goes else part.uses | part.inside) & self._parts.keys():
                if not self._parts[thing].goes:
                    self.wait(part.steps[0].id, self._parts[thing].last)
        for part in self._parts.values():
            if not part.is_container and part.goes:
                users = (one for one in self._containers.values() if one.goes or part.resource in one.uses | one.inside)
                self.wait(part.steps[0].id, *(one.last for one in users))

    def dependencies(self) -> None:
        """A container starts after those that it depends on, and ends before them."""
        for name, part in self._containers.items():
            runs = part.first(RUNS)
            for other, how in (part.depends_on or {}).items():
                if runs is not None and other in self._named and (ready := self._ready(other, how, name)):
                    self.wait(runs, ready)
                    self._softly.setdefault(runs, set()).update(() if how.required else (ready,))
                self._end_before(part, self._containers.get(other))
            for other in part.shares:
                if (owner := self._containers.get(other)) is not None:
                    made = part.first(MAKES)
                    self.wait(made or runs, owner.last if owner.first(RUNS | MAKES) else None)
                    self._end_before(part, owner)

    def _ready(self, other: str, how: Dependency, who: str) -> str | None:
        """The step after which what is waited for is there."""
        part = self._containers.get(other)
        last = part.last if part and not part.goes else None
        if how.condition == STARTED:
            return last
        resource = Resource("container", other)
        identity = f"{resource}: {AWAIT} {how.condition}{'' if how.required else ' if it can'}"
        if identity not in self._steps:
            reason = f"{who} depends on it" if how.required else f"{who} may depend on it"
            args = {"condition": how.condition, "required": how.required}
            step = Step(resource, AWAIT, reason, args, {"condition": how.condition}, id=identity)
            self._steps[identity], self._after[identity] = step, {last} if last else set()
            self._softly[identity] = set() if how.required else set(self._after[identity])
        return identity

    def _end_before(self, part: Part, other: Part | None) -> None:
        """A container ends, or is taken away to be made again, before one that it needs ends or is replaced."""
        if other is None or (ending := part.first(ENDS)) is None:
            return
        last = [step.id for step in part.steps if step.action in ENDS][-1]
        self.wait(other.first(ENDS | {"recreate"}), last, ending)

    def turns(self) -> None:
        """Those of a group are replaced one after the other; one that fails is the last."""
        before: dict[str, str] = {}
        for part in self._containers.values():
            replaced = part.first(frozenset({"recreate"})) if part.turn else None
            if replaced is not None:
                self.wait(replaced, before.get(part.turn))
                before[part.turn] = part.last

    def olds_last(self) -> None:
        """What was replaced is removed after everything else has worked."""
        before = set(self._steps)
        for part in self._containers.values():
            if part.first(frozenset({"recreate"})):
                step = Step(part.resource, FINISH, "all that was changed has worked")
                self._steps[step.id], self._after[step.id] = step, before
                before = {step.id}

    def ports(self) -> None:
        """Who wants a port of the host waits for the one who has it. Where that one waits for him already, it is
        stopped before; whatever becomes of the others, it is made then, or comes back.
        """
        gives = {port: part for part in self._containers.values() for port in part.gives}
        waiting: list[tuple[str, str]] = []
        stopped: set[str] = set()
        for part in self._containers.values():
            makes = part.first(RUNS) or part.first(MAKES)
            for port in sorted(part.takes):
                giver = gives.get(port)
                if giver is None or giver is part or makes is None:
                    continue
                free = giver.first(ENDS | {"recreate"}) or giver.last
                if self._waits(free, makes):
                    self.wait(makes, self._stop_before(free, giver, part.resource.name))
                    stopped.add(free)
                else:
                    self.wait(makes, free)
                    waiting.append((makes, free))
        for makes, free in waiting:
            if makes in stopped:
                self._softly.setdefault(makes, set()).add(free)

    def _stop_before(self, step: str, part: Part, taker: str) -> str:
        """A step before one that ends a container and is to be waited for by a later one."""
        stop = Step(part.resource, "stop", f"{taker} gets a port of it", id=f"{part.resource}: stop for its port")
        if stop.id not in self._steps:
            self._steps[stop.id], self._after[stop.id] = stop, set()
            self.wait(step, stop.id)
        return stop.id

    def _waits(self, step: str, other: str) -> bool:
        """Whether a step waits for another one, be it by others."""
        seen, above = {step}, [step]
        while above:
            for one in self._after[above.pop()] - seen:
                seen.add(one)
                above.append(one)
        return other in seen

    def sorted(self) -> tuple[Step, ...]:
        """All steps, each after those that it waits for, and else in the order in which they came."""
        numbers = {identity: number for number, identity in enumerate(self._steps)}
        behind: dict[str, list[str]] = {}
        left = {identity: len(after) for identity, after in self._after.items()}
        for identity, after in self._after.items():
            for one in after:
                behind.setdefault(one, []).append(identity)
        ready = [(numbers[identity], identity) for identity, count in left.items() if not count]
        heapq.heapify(ready)
        done: list[Step] = []
        while ready:
            _number, identity = heapq.heappop(ready)
            before = tuple(sorted(self._after[identity], key=numbers.__getitem__))
            softly = frozenset(self._softly.get(identity, ()))
            done.append(replace(self._steps[identity], after=before, softly=softly))
            for one in behind.get(identity, ()):
                left[one] -= 1
                if not left[one]:
                    heapq.heappush(ready, (numbers[one], one))
        if len(done) < len(self._steps):
            raise ValueError(f"steps wait for each other: {sorted(set(self._steps) - {step.id for step in done})}")
        return tuple(done)
