# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one runner: does the steps of any plan, each when those that it waits for are done, and decides nothing.

It is the only place that lets requests out which change something: outside of a step, the client refuses them.
"""

from __future__ import annotations

import contextlib
import heapq
import queue
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from ....engine.protocol import Client
from ..ownership import Thing
from ..plan import Plan, Step
from .ownership import Owners, owning

Log = Callable[[str], None]
# Does one step with a client. A plan that it gives back takes the place of all that waits for this step and belongs to
# the same part of the plan; what else waits for any of that waits for the new steps then.
Do = Callable[[Client, Step], Plan | None]
Part = Callable[[Step], str]
Seen = TypeVar("Seen")


class Hooks(Protocol):
    """What is told of every step, such as a policy, an audit trail or a display of progress. With steps that are done
    beside each other, the calls come from several threads.
    """

    def planned(self, plan: Plan) -> None:
        """Before anything of a plan is done, or owned for it; an error that is raised here ends the task."""

    def before(self, step: Step) -> None:
        """Before the step's first request; an error that is raised here is the step's, and nothing is sent."""

    def after(self, step: Step, error: BaseException | None) -> None:
        """After the step, unless ``before`` raised; the error that it ended with, None where all is well."""


@dataclass
class Outcome:
    """What became of a plan's steps, in the order in which that came to be known. ``skipped`` are those that wait for
    one that failed.
    """

    done: list[Step] = field(default_factory=list)
    failed: list[tuple[Step, Exception]] = field(default_factory=list)
    skipped: list[Step] = field(default_factory=list)

    def require(self) -> None:
        """:raises Exception: the first error there was."""
        if self.failed:
            raise self.failed[0][1]


class Runner:
    """Does plans on one engine.

    :param client: None where no engine is asked for anything.
    :param log: gets a line about each step.
    :param owners: keeps other runs off what is changed; None where nobody is kept off.
    :param at_once: so many steps are done at a time, where they don't wait for each other.
    """

    def __init__(
        self,
        client: Client | None,
        log: Log,
        *,
        owners: Owners | None = None,
        hooks: Sequence[Hooks] = (),
        at_once: int = 1,
    ) -> None:
        self.client = client
        self.owners = owners
        self.alone = False  # whether what is to be changed is owned now
        self.log = log
        self._hooks = hooks
        self._at_once = at_once

    def converge(
        self,
        look: Callable[[], tuple[Seen, Plan]],
        things: Callable[[Seen, Plan], Iterable[Thing]],
        change: Callable[[Seen, Plan], None],
    ) -> tuple[Seen, Plan]:
        """Look, own what the plan is about, look again, for somebody may have been faster, and do what is planned then;
        what was seen and planned last.

        :param things: what has to be owned for a plan. Where the second plan needs more, that is owned first.
        :param change: does a plan, alone with these things.
        :raises EngineError: kind ``busy``: somebody else changes one of them for too long.
        """
        seen, planned = look()
        while planned.changed:
            self._announce(planned)
            owned = set(things(seen, planned))
            with self._owning(owned):
                if self.owners is not None:
                    seen, planned = look()
                if planned.changed and owned.issuperset(things(seen, planned)):
                    change(seen, planned)
                    break
        return seen, planned

    def _announce(self, planned: Plan) -> None:
        for hook in self._hooks:
            hook.planned(planned)

    @contextlib.contextmanager
    def _owning(self, things: Iterable[Thing]) -> Iterator[None]:
        with owning(self.owners, things):
            self.alone = True
            try:
                yield
            finally:
                self.alone = False

    def run(self, planned: Plan, do: Do) -> None:
        """Do all steps.

        :raises Exception: the first error of a step, when all those are done that don't wait for it.
        """
        self.attempt(planned, do).require()

    def attempt(
        self,
        planned: Plan,
        do: Do,
        ends: Callable[[Exception], bool] = lambda _error: False,
        part: Part = lambda _step: "",
    ) -> Outcome:
        """Do all steps, but for those that wait for one that fails; what became of them.

        :param ends: whether no other step is begun after an error.
        :param part: the part of the plan that a step belongs to; see ``Do``.
        :raises Exception: an error that ends it.
        """
        self._announce(planned)
        progress = _Progress(planned, ends, part)
        if self._at_once == 1 or len(planned.steps) == 1:
            while step := progress.next():
                try:
                    progress.succeeded(step, self._done(self.engine, step, do))
                except Exception as error:
                    progress.failed(step, error)
            return progress.outcome
        with self._clients() as clients, ThreadPoolExecutor(self._at_once) as pool:
            self._beside_each_other(progress, pool, clients, do)
        return progress.outcome

    @property
    def engine(self) -> Client:
        """The client, where there is one."""
        if self.client is None:
            raise ValueError("this runner has no engine")
        return self.client

    def _done(self, client: Client, step: Step, do: Do) -> Plan | None:
        with self.doing(step, client):
            return do(client, step)

    @contextlib.contextmanager
    def doing(self, step: Step, client: Client | None = None) -> Iterator[None]:
        """What happens inside is this step: the only place where a request may change something.

        :param client: the one that does it, where it is not the runner's.
        :raises EngineError: kind ``busy``: others may have taken over what is owned.
        """
        client = self.client if client is None else client
        if self.owners is not None:
            self.owners.require()
        told: list[Hooks] = []
        try:
            for hook in self._hooks:
                hook.before(step)
                told.insert(0, hook)
            self.log(step.describe())
            with contextlib.nullcontext() if client is None else client.changing():
                yield
        except BaseException as error:
            for hook in told:
                hook.after(step, error)
            raise
        for hook in told:
            hook.after(step, None)

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """What happens inside only looks, though it takes requests that might change something: commands of ours in a
        container. It is no step, and no hook is told.
        """
        with self.engine.changing():
            yield

    def _beside_each_other(
        self, progress: _Progress, pool: ThreadPoolExecutor, clients: queue.SimpleQueue[Client], do: Do
    ) -> None:
        def work(step: Step) -> Plan | None:
            client = clients.get()
            try:
                return self._done(client, step, do)
            finally:
                clients.put(client)

        running: dict[Future[Plan | None], Step] = {}
        while True:
            while step := progress.next():
                running[pool.submit(work, step)] = step
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                step = running.pop(future)
                error = future.exception()
                if error is None:
                    progress.succeeded(step, future.result())
                elif isinstance(error, Exception):
                    progress.failed(step, error)
                else:
                    raise error

    @contextlib.contextmanager
    def _clients(self) -> Iterator[queue.SimpleQueue[Client]]:
        """A client for each step that is done at a time, with connections of its own."""
        clients: queue.SimpleQueue[Client] = queue.SimpleQueue()
        made = [self.engine.another(self.engine.timeout) for _number in range(self._at_once)]
        for client in made:
            clients.put(client)
        try:
            yield clients
        finally:
            for client in made:
                self.engine.warned.extend(client.warned)
                client.close()


class _Progress:
    """How far a plan has come. What it costs grows with the steps and with what they wait for, and no faster."""

    def __init__(self, planned: Plan, ends: Callable[[Exception], bool], part: Part) -> None:
        self.outcome = Outcome()
        self._ends = ends
        self._part = part
        self._numbers: dict[str, int] = {}  # of each step's ID: its place in the order of plans
        self._waiting: dict[str, set[str]] = {}  # ID of a step: those that it still waits for
        self._behind: dict[str, list[Step]] = {}  # ID of a step: those that wait for it
        self._ready: list[tuple[int, Step]] = []  # a heap
        self._add(planned.steps)

    def _add(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._numbers[step.id] = len(self._numbers)
            self._waiting[step.id] = set(step.after)
            for one in step.after:
                self._behind.setdefault(one, []).append(step)
            self._offer(step)

    def _offer(self, step: Step) -> None:
        if not self._waiting.get(step.id, True):
            del self._waiting[step.id]
            heapq.heappush(self._ready, (self._numbers[step.id], step))

    def next(self) -> Step | None:
        """The first step that waits for no other any more, taken off the list; None while there is none."""
        return heapq.heappop(self._ready)[1] if self._ready else None

    def succeeded(self, step: Step, instead: Plan | None) -> None:
        """Note a step that is done, and the plan that takes the place of what waits for it."""
        self.outcome.done.append(step)
        if instead is not None:
            self._replace(step, [_below(one, step.id) for one in instead.steps])
        for one in self._behind.pop(step.id, ()):
            if one.id in self._waiting:
                self._waiting[one.id].discard(step.id)
                self._offer(one)

    def _replace(self, step: Step, new: list[Step]) -> None:
        """Take the rest of a step's part off the list; other parts that wait for it wait for the new steps."""
        others: dict[str, Step] = {}
        gone: set[str] = set()
        above = [step]
        while above:
            for one in self._behind.pop(above.pop().id, ()):
                if one.id not in self._waiting:
                    continue
                if self._part(one) == self._part(step):
                    del self._waiting[one.id]
                    gone.add(one.id)
                    above.append(one)
                else:
                    others[one.id] = one
        self._add(new)
        for one in others.values():
            waits = self._waiting[one.id]
            waits -= {step.id, *gone}
            waits |= {other.id for other in new}
            for other in new:
                self._behind.setdefault(other.id, []).append(one)
            self._offer(one)

    def failed(self, step: Step, error: Exception) -> None:
        """Note a step that failed; what waits for it is not done.

        :raises Exception: its error, where that ends everything.
        """
        if self._ends(error):
            raise error
        self.outcome.failed.append((step, error))
        self.outcome.skipped += self._drop(step)

    def _drop(self, step: Step) -> list[Step]:
        """Take off the list whatever waits for a step, or for one that does; in the order of plans."""
        dropped: list[Step] = []
        above = [step]
        while above:
            failed = above.pop().id
            for one in self._behind.pop(failed, ()):
                if failed in one.softly and one.id in self._waiting:
                    self._waiting[one.id].discard(failed)
                    self._offer(one)
                elif self._waiting.pop(one.id, None) is not None:
                    dropped.append(one)
                    above.append(one)
        return sorted(dropped, key=lambda one: self._numbers[one.id])


def _below(step: Step, above: str) -> Step:
    """The step under an ID that no other step has."""
    after, softly = (tuple(f"{above} > {one}" for one in ones) for ones in (step.after, step.softly))
    return replace(step, id=f"{above} > {step.id}", after=after, softly=frozenset(softly))
