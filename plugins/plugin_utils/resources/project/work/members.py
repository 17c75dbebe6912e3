# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All containers of a project: those that it names, and those that it once made and that go."""

from __future__ import annotations

from collections.abc import Iterable

from ....session.listeners import HostPorts, listeners
from ....session.session import Session
from ...container.options.parsing import Options, parse
from ...container.work.container_run import ContainerRun
from ...shared.ownership import Thing
from ...shared.states import RUNNING_STATES, STOPPED, current_state
from ...shared.work.module import Task
from ...shared.work.runner import Runner
from .. import orphans
from ..application import COMPLETED
from ..options import PROJECT, Wanted
from .handed_client import HandedClient
from .member import Member
from .shared_parts import Try
from .view import View

_ABSENT = "absent"


class Members:
    """The containers of one task."""

    def __init__(self, task: Task, session: Session, wanted: Wanted, view: View, runner: Runner) -> None:
        self._task = task
        self._wanted = wanted
        self._view = view
        self._runner = runner
        self._listeners = listeners(session.transport, task.settings.become)
        self._ports = HostPorts(session.transport)
        self._expected = {("network", name) for name in wanted.networks}
        self._expected |= {("container", name) for name in wanted.containers}
        self._described = {member.name: member for member in wanted.application.containers}
        waiting = (how for member in wanted.application.containers for how in member.depends_on.items())
        self._awaited_ends = {other for other, how in waiting if how.condition == COMPLETED}
        self._named = {name: self._member(options) for name, options in wanted.containers.items()}
        self._orphans: dict[str, Member] = {}

    def _member(self, options: Options) -> Member:
        handed = HandedClient(self._view)
        run = ContainerRun(
            handed,
            options,
            self._runner,
            check_mode=self._task.check_mode,
            masker=self._task.masker,
            log=self._task.log,
            listeners=self._listeners,
            host_ports=self._ports,
            besides=self._wanted.containers,
            expected=self._expected,
        )
        run.context.keep_old = self._wanted.how.rollback == PROJECT
        described = self._described.get(options.name)
        if described is None:  # it goes
            return Member(run, handed, {})
        ends = options.name in self._awaited_ends
        turn = described.group if described.rollout else ""
        return Member(run, handed, described.depends_on, described.late_labels, ends=ends, turn=turn)

    def __getitem__(self, name: str) -> Member:
        return self._named.get(name) or self._orphans[name]

    def all(self) -> list[Member]:
        """Every one, in the order of the task; what goes comes last."""
        return [*self._named.values(), *self._orphans.values()]

    def read(self, networks: Iterable[str]) -> None:
        """Read what all of them ask for beside each other."""
        images = [str(one.image) for one in self._wanted.containers.values() if one.image and one.state != _ABSENT]
        self._view.read(self._wanted.containers, images, networks)

    def look(self, attempt: Try, *, anew: bool) -> None:
        """Find out what is to be done about each.

        :param anew: only about those that are to be changed.
        """
        self._find_orphans()
        for member in self.all():
            if not anew or member.planned.changed or member.name in self._orphans:
                attempt(str(member.resource), member.look)
        refuses = self._view.engine.remove_refuses_dependents
        for member in self._named.values():  # those that share come after those whose namespaces they share
            remade = [other for other in sorted(member.shares) if other in self._named and self._replaced(other)]
            again = not member.makes or refuses
            if remade and again and member.observed.container is not None and member.run.options.state != _ABSENT:
                why = f"it uses the container {remade[0]}, which is replaced"
                attempt(str(member.resource), member.make_anew, why, refuses)
        self._restart_dependents()

    def _restart_dependents(self) -> None:
        """Who asks for that is restarted together with a container that it depends on."""
        for member in self._named.values():
            others = [other for other, how in member.depends_on.items() if how.restart and other in self._named]
            again = next((other for other in others if self._named[other].begins_anew), None)
            running = member.observed.container is not None and current_state(member.observed.container) != STOPPED
            if again and running and not member.begins_anew and member.run.options.state in RUNNING_STATES:
                member.restart(again)

    def _replaced(self, name: str) -> bool:
        member = self._named[name]
        return member.makes and member.observed.container is not None

    def _find_orphans(self) -> None:
        self._orphans = {}
        if not self._wanted.how.purge:
            return
        for name in orphans.containers(self._view.named(), self._wanted.application, self._wanted.containers):
            self._orphans[name] = self._member(parse({"name": name, "state": _ABSENT}))

    def wanting_images(self) -> list[list[Member]]:
        """The containers whose image has to be pulled, by image and platform."""
        found: dict[tuple[str, str], list[Member]] = {}
        for member in self._named.values():
            member.observed = member.run.observe()
            if member.run.wants_pull(member.observed):
                options = member.run.options
                found.setdefault((str(options.image), options.behaviour.platform or ""), []).append(member)
        return list(found.values())

    def try_without_images(self, attempt: Try) -> None:
        """Look at all as check mode does, so that what would be refused afterwards is refused before a pull."""
        for member in self._named.values():
            run = member.run
            warnings, checks, asked = list(run.warnings), run.check_mode, run.asked_to_pull
            run.check_mode = run.needs.check_mode = True
            attempt(str(member.resource), run.looked)
            run.warnings[:] = warnings
            run.check_mode = run.needs.check_mode = checks
            run.asked_to_pull, run.pull, run.pulled = asked, None, []

    def changed(self) -> list[str]:
        """The names of those that are to be changed."""
        return [member.name for member in self.all() if member.planned.changed]

    def leaving(self) -> set[str]:
        """The names of those that go."""
        return {member.name for member in self.all() if member.run.options.state == _ABSENT}

    def coming_out(self, network: str) -> set[str]:
        """The names of those that come out of a network by their own plan."""
        return {member.name for member in self.all() if network in member.comes_out}

    def things(self) -> list[Thing]:
        """What has to be owned."""
        return [
            thing
            for member in self.all()
            if member.planned.changed
            for thing in member.run.things(member.observed, member.planned)
        ]
