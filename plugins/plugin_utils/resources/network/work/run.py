# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a network into the state that a task describes, and its containers into it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any

from ...shared.kept_names import name_of_service
from ...shared.ownership import Thing
from ...shared.plan import Plan
from ...shared.result_format import PLAIN, Telling
from ...shared.states import container_name
from ...shared.work.runner import Runner
from .. import endpoints
from ..journal import is_lost, may_have_one
from ..options import Options
from ..plan import Observed, about, plan
from ..result import FORMATS, Seen
from .recreate import read_in_dockers_words, read_journal, read_members, read_network
from .steps import Steps

# Steps after which containers are to be in a network as they were.
_NEED_ENDPOINTS = frozenset({"recreate", "reconnect", "remove"})
# What one request does: nobody can come in between. (A creation can, by another one.)
_AT_ONCE = frozenset({"connect", "disconnect", "remove"})


def run_network(
    runner: Runner, options: Options, *, check_mode: bool = False, telling: Telling = PLAIN
) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :param telling: in which shape it is wanted.
    :raises EngineError: the engine refused, with what was done about it.
    :raises InvalidOption: see ``plan``.
    """
    return telling.choose(FORMATS)(NetworkRun(runner, options, check_mode, telling).seen(), telling)


class NetworkRun:
    """What is read, planned and done about one network, by a task for it alone or for many.

    :param besides: the names of containers that the same plan takes away, so that the network may go.
    """

    def __init__(
        self,
        runner: Runner,
        options: Options,
        check_mode: bool,
        telling: Telling = PLAIN,
        besides: Container[str] = (),
    ) -> None:
        self._runner = runner
        self._telling = telling
        self._client = runner.engine
        self._options = options
        self._check_mode = check_mode
        self._warnings: list[str] = []
        self._engine = self._client.engine
        self._besides = besides

    def seen(self) -> Seen:
        if self._check_mode:
            observed, planned = self.looked()
        else:
            observed, planned = self._runner.converge(self.looked, self.things, self._change)
        return self.told(observed, planned)

    def told(self, observed: Observed, planned: Plan, anew: bool = False) -> Seen:
        """What was found, and what there is after a plan.

        :param anew: others may have changed what is in the network.
        """
        before, inside = observed.network, observed.members
        found = before
        if planned.changed or anew:
            name = about(self._options, observed).name
            found = before if self._check_mode else read_network(self._client, name, self._engine)
            inside = read_members(self._client, found) if found else inside
        inspect = read_in_dockers_words(self._client, found) if found and self._telling.raw else None
        told = (self._engine.warning(text) for text in self._client.warned)
        warnings = (*planned.warnings, *self._warnings, *told)
        return Seen(self._options, planned, before, found, inside, inspect, warnings)

    def looked(self) -> tuple[Observed, Plan]:
        """What there is, and what is to be done about it."""
        observed = self._observe()
        looked = may_have_one(observed.network)
        observed = self._with_journal(observed) if looked else observed
        planned = plan(self._options, observed, self._engine, check_mode=self._check_mode)
        if planned.changed and not looked:  # whatever changes a network also makes good what was interrupted
            observed = self._with_journal(observed)
        if any(step.action in _NEED_ENDPOINTS for step in planned.steps):
            observed = self._with_endpoints(observed)
        if planned.changed:
            planned = plan(self._options, observed, self._engine, check_mode=self._check_mode)
        return observed, planned

    def _with_journal(self, observed: Observed) -> Observed:
        name = about(self._options, observed).name
        found = read_journal(self._client, name)
        inside = {member.id for member in observed.members}
        lost, paused = [], dict(observed.paused)
        for member in found.members if found else ():
            inspect = None if member.id in inside else self._client.containers.inspect(member.id)
            if inspect is not None and is_lost(inspect, name):
                lost.append(replace(member, name=container_name(inspect)))
                if (inspect.get("State") or {}).get("Paused"):
                    paused[member.id] = lost[-1].name
        return replace(observed, journal=found, lost=tuple(lost), paused=paused)

    def _change(self, observed: Observed, planned: Plan) -> None:
        self._runner.run(planned, self.steps(observed).do)

    def steps(self, observed: Observed) -> Steps:
        """What does the steps of a plan that was made of this."""
        name = about(self._options, observed).name
        return Steps(name, self._options, observed.journal, self._runner.log, self._warnings.append)

    def things(self, observed: Observed, planned: Plan) -> list[Thing]:
        """The network and, where their places in it change, its containers, of which only this controller knows."""
        single = len(planned.steps) == 1 and planned.steps[0].action in _AT_ONCE
        moved = (*observed.members, *observed.lost) if not single else ()
        inside = [Thing("container", name_of_service(member.name), marked=False) for member in moved]
        return [*inside, Thing("network", about(self._options, observed).name, marked=not single)]

    def _observe(self) -> Observed:
        found = read_network(self._client, self._options.name, self._engine)
        named: dict[str, tuple[str, str] | None] = {}
        paused: dict[str, str] = {}
        for name in self._options.connected if self._options.state == "present" else ():
            inspect = self._client.containers.inspect(name)
            named[name] = one = (inspect["Id"], container_name(inspect)) if inspect else None
            if inspect and one and (inspect.get("State") or {}).get("Paused"):
                paused[one[0]] = one[1]
        if found is None:
            return Observed(named=named, paused=paused)
        members = read_members(self._client, found)
        inside = tuple(member for member in members if member.name not in self._besides)
        paused |= {member.id: member.name for member in inside if member.paused}
        return Observed(found, inside, named, paused)

    def _with_endpoints(self, observed: Observed) -> Observed:
        if observed.network is None:
            return observed
        full = tuple(
            endpoints.with_endpoint(member, self._client.containers.inspect(member.id), observed.network)
            for member in observed.members
        )
        return replace(observed, members=full)
