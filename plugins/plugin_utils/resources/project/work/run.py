# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a whole application into the state that a task describes, by one plan over all of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError, FleetError, InvalidOptions
from ....session.session import Session
from ...container.plan.ownership import MAKES
from ...container.work.steps import pull
from ...image.work.run import run_image
from ...shared.ownership import Thing
from ...shared.plan import Plan, Step, in_sequence
from ...shared.result_format import PLAIN
from ...shared.work.module import Task
from ..options import PROJECT, Wanted
from ..plan import AWAIT, joined, part_of
from ..result import Done, actions
from .members import Members
from .shared_parts import SharedParts
from .telling import result
from .view import View


def run_project(task: Task, session: Session, wanted: Wanted) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :raises InvalidOptions: something can't be done; nothing was changed.
    :raises EngineError: parts have failed; its ``beside`` has the result.
    """
    return ProjectRun(task, session, wanted).result()


class ProjectRun:
    """One task: what was read, what is planned, and what has been done."""

    def __init__(self, task: Task, session: Session, wanted: Wanted) -> None:
        self._task = task
        self._session = session
        self._wanted = wanted
        self._control = wanted.how
        self._view = View(session.client, self._control.parallel)
        self._runner = task.runner(session, at_once=self._control.parallel)
        self._members = Members(task, session, wanted, self._view, self._runner)
        self._shared = SharedParts(task, session, wanted, self._view)
        self._looked = False
        self._pulled: list[Step] = []
        self._total = 0
        self._begun = itertools.count(1)
        self._finished: list[Step] = []  # as they end, from whatever thread
        self._remade: set[str] = set()
        self._done = Done()
        self._errors: dict[str, FleetError] = {}

    def result(self) -> dict[str, Any]:
        """Look, and do what is to be done, unless that is only to be told."""
        images = [
            run_image(self._task.runner(self._session), image, check_mode=self._task.check_mode, telling=PLAIN)
            for image in self._wanted.images
        ]
        if self._task.check_mode:
            planned = self._look()[1]
            self._done = Done(planned.steps)
        else:
            self._pull()
            planned = self._runner.converge(self._look, self._things, self._change)[1]
        return result(
            self._task, self._wanted, images, self._pulled, self._done, self._errors, self._members, self._shared
        )

    def _look(self) -> tuple[None, Plan]:
        """What there is, and what is to be done about it; once more, only about what is to be changed."""
        problems = _Problems()
        if self._looked:
            self._view.forget("containers", self._members.changed())
            self._view.forget("networks")
        self._members.read(
            [*self._wanted.networks, *(name for kind, name in self._wanted.external if kind == "network")]
        )
        self._members.look(problems.attempt, anew=self._looked)
        self._shared.require_external(problems.attempt)
        self._shared.look(self._members.leaving(), self._members.coming_out, problems.attempt)
        problems.stop_if_any()
        self._looked = True
        parts = [*self._shared.parts(), *(member.part() for member in self._members.all())]
        return None, joined(parts, keep_old=self._control.rollback == PROJECT)

    def _pull(self) -> None:
        """Pull what containers are to be made of, each image once, before anything else is touched.

        :raises FleetError: the first that could not be pulled, or what would be refused afterwards.
        """
        self._members.read(self._wanted.networks)
        wanting = self._members.wanting_images()
        if not wanting:
            return
        problems = _Problems()
        self._members.try_without_images(problems.attempt)
        problems.stop_if_any()
        steps = tuple(members[0].run.pull_step(members[0].observed) for members in wanting)
        by_step = {step.id: members for step, members in zip(steps, wanting, strict=True)}

        def do(client: Client, step: Step) -> None:
            member, *_others = members = by_step[step.id]
            self._task.tell(step.describe())
            with member.client.using(client):
                image = pull(member.run.context)
            for one in members:
                one.run.note_pull(one.observed, image)

        self._runner.run(Plan(steps), do)
        self._pulled = [step for step in steps if by_step[step.id][0].run.pulled]
        self._view.forget("images")

    def _things(self, _seen: None, planned: Plan) -> list[Thing]:
        return [*self._members.things(), *self._shared.things()]

    def _change(self, _seen: None, planned: Plan) -> None:
        self._total = len(planned.steps)
        try:
            outcome = self._runner.attempt(planned, self._do, ends=_is_the_end, part=part_of)
        except EngineError as lost:  # nothing else can be asked, and what was done is told all the same
            lost.beside = {"changed": bool(self._finished), "actions": actions(self._finished)}
            raise
        self._errors = {str(step.resource): error for step, error in outcome.failed if isinstance(error, FleetError)}
        for _step, error in outcome.failed:
            if not isinstance(error, FleetError):
                raise error
        self._done = Done(tuple(outcome.done), frozenset(self._errors), tuple(outcome.skipped))
        if self._errors and self._control.rollback == PROJECT:
            self._roll_back()

    def _do(self, client: Client, step: Step) -> Plan | None:
        self._task.tell(f"{next(self._begun)} of {self._total}: {step.describe()}")
        instead = None
        if step.resource.kind != "container":
            self._shared.do(client, step)
        else:
            member = self._members[step.resource.name]
            instead = member.do(client, step, self._remade)
            if step.action in MAKES:
                self._remade.add(member.name)
        self._finished.append(step)
        return instead

    def _roll_back(self) -> None:
        """Undo what was done to containers, the last first; what can't be undone is told with the rest."""
        did = {str(step.resource) for step in self._done.done if step.action != AWAIT}
        changed = (member for member in reversed(self._members.all()) if str(member.resource) in did)
        planned = Plan(in_sequence(step for member in changed if (step := member.rollback_step())))
        outcome = self._runner.attempt(
            planned, lambda client, step: self._members[step.resource.name].roll_back(client, step), ends=_is_the_end
        )
        for step, error in outcome.failed:
            self._errors.setdefault(
                str(step.resource), error if isinstance(error, FleetError) else FleetError(str(error))
            )
        self._done = Done(self._done.done, self._done.failed, self._done.skipped, tuple(outcome.done))


def _is_the_end(error: Exception) -> bool:
    """Whether nothing else can be asked of the engine."""
    return isinstance(error, EngineError) and error.unanswered


class _Problems:
    """What is wrong with parts, all of it before anything is done."""

    def __init__(self) -> None:
        self._found: list[tuple[str, FleetError]] = []

    def attempt(self, about: str, work: Callable[..., None], *args: Any) -> None:
        """Do something about one part.

        :raises EngineError: the engine gives no answer.
        """
        try:
            work(*args)
        except (InvalidOptions, EngineError) as error:
            if _is_the_end(error):
                raise
            self._found.append((about, error))

    def stop_if_any(self) -> None:
        """
        :raises FleetError: the one that there is, or one that tells all.
        """
        if not self._found:
            return
        told = [f"{about}: {error.message} {error.hint}".rstrip() for about, error in self._found]
        about, first = self._found[0]
        if len(self._found) == 1 and isinstance(first, EngineError):
            first.message = f"{about}: {first.message}"
            raise first
        raise InvalidOptions("\n".join(told), "Nothing was changed.")
