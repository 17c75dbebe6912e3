# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a network into the state that a task describes, and its containers into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.kept_names import name_of_service
from ...shared.ownership import Thing
from ...shared.plan import Plan, Step
from ...shared.states import container_name
from ...shared.work.lookup import named_container
from ...shared.work.ownership import Owners, owning
from .. import endpoints
from ..actual import Member, Network
from ..journal import Journal, is_lost, may_have_one
from ..options import Options
from ..plan import Observed, body_of, plan
from ..result import network_result
from .recreate import (
    Recreation,
    as_it_was,
    connect_again,
    forget_journal,
    hint,
    new_journal,
    read_journal,
    read_members,
    read_network,
    write_journal,
)

# Steps after which containers are to be in a network as they were.
_NEED_ENDPOINTS = frozenset({"recreate", "reconnect", "remove"})
# What one request does: nobody can come in between. (A creation can, by another one.)
_AT_ONCE = frozenset({"connect", "disconnect", "remove"})


class NetworkWork:
    """One run of remote_network."""

    def __init__(
        self,
        client: Client,
        options: Options,
        check_mode: bool,
        log: Callable[[str], None],
        owners: Owners | None = None,
    ) -> None:
        self._owners = owners
        self._warnings: list[str] = []
        self._journal: Journal | None = None
        self._client = client
        self._options = options
        self._check_mode = check_mode
        self._log = log
        self._engine = client.engine
        self._name = options.name
        self._off: list[Member] = []  # containers that were taken off
        self._steps: dict[str, Callable[..., None]] = {
            "create": self._create,
            "remove": self._remove,
            "recreate": self._recreate,
            "connect": self._connect,
            "disconnect": self._disconnect,
            "reconnect": self._reconnect,
            "restore": self._restore,
            "rejoin": self._rejoin,
            "finish": self._finish,
        }

    def run(self) -> dict[str, Any]:
        """Do it, or in check mode tell what would be done; the module's result.

        :raises EngineError: the engine refused, with what was done about it.
        :raises InvalidOption: see ``plan``.
        """
        observed, planned = self._looked()
        found = observed.network
        if planned.changed and not self._check_mode:
            observed, planned = self._changed(observed, planned)
            found = read_network(self._client, self._name, self._engine)
        inside = read_members(self._client, found) if found and planned.changed else observed.members
        return {
            "changed": planned.changed,
            "actions": planned.actions(),
            "network": found and network_result(found, inside),
            "diff": planned.diff(),
            "warnings": [
                *planned.warnings,
                *self._warnings,
                *(f"The engine warns: {text}" for text in self._client.warned),
            ],
        }

    def _looked(self) -> tuple[Observed, Plan]:
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
        self._journal = observed.journal
        return observed, planned

    def _with_journal(self, observed: Observed) -> Observed:
        found = read_journal(self._client, self._name)
        inside = {member.id for member in observed.members}
        lost, paused = [], dict(observed.paused)
        for member in found.members if found else ():
            inspect = None if member.id in inside else self._client.containers.inspect(member.id)
            if inspect is not None and is_lost(inspect, self._name):
                lost.append(replace(member, name=container_name(inspect)))
                if (inspect.get("State") or {}).get("Paused"):
                    paused[member.id] = lost[-1].name
        return replace(observed, journal=found, lost=tuple(lost), paused=paused)

    def _changed(self, observed: Observed, planned: Plan) -> tuple[Observed, Plan]:
        """Do it, alone with the network and its containers; what was found and planned then."""
        done = False
        while not done:
            things = self._things(observed, planned)
            with owning(self._owners, things):
                if self._owners is not None:  # somebody may have been faster
                    observed, planned = self._looked()
                done = set(self._things(observed, planned)) <= set(things)
                for step in planned.steps if done else ():
                    self._do(step)
        return observed, planned

    def _things(self, observed: Observed, planned: Plan) -> list[Thing]:
        """The network and, where their places in it change, its containers, of which only this controller knows."""
        single = len(planned.steps) == 1 and planned.steps[0].action in _AT_ONCE
        moved = (*observed.members, *observed.lost) if not single else ()
        inside = [Thing("container", name_of_service(member.name), marked=False) for member in moved]
        return [*inside, Thing("network", self._name, marked=not single)]

    def _observe(self) -> Observed:
        found = read_network(self._client, self._options.name, self._engine)
        named: dict[str, tuple[str, str] | None] = {}
        paused: dict[str, str] = {}
        for name in self._options.connected if self._options.state == "present" else ():
            inspect = named_container(self._client, name)
            named[name] = one = (inspect["Id"], container_name(inspect)) if inspect else None
            if inspect and one and (inspect.get("State") or {}).get("Paused"):
                paused[one[0]] = one[1]
        if found is None:
            return Observed(named=named, paused=paused)
        self._name = found.name
        inside = read_members(self._client, found)
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

    def _do(self, step: Step) -> None:
        if self._owners is not None:
            self._owners.require()
        about = f" {step.shown['container']}" if "container" in step.shown else ""
        self._log(f"{self._name}: {step.action}{about} ({step.reason})")
        try:
            self._steps[step.action](**step.args)
        except EngineError as error:
            if step.action == "recreate" or error.status is None:
                raise
            message = f"The network {self._name}: {step.action}{about} was refused: {error.words}."
            raise EngineError(message, error.status, hint(error), error.kind) from error

    def _create(self, body: dict[str, Any]) -> None:
        self._client.networks.create(body)

    def _remove(self) -> None:
        """What can't be removed keeps its containers."""
        try:
            self._client.networks.remove(self._name)
        except EngineError:
            for member in self._off:
                connect_again(self._client, self._name, member, self._log)
            raise

    def _connect(self, container: str) -> None:
        self._client.networks.connect(self._name, container)

    def _disconnect(self, member: Member) -> None:
        self._client.networks.disconnect(self._name, member.id, force=True)
        self._off.append(member)

    def _reconnect(self, member: Member, network: Network) -> None:
        entry = new_journal(network, (member,), self._journal)
        write_journal(self._client, entry, self._name, self._journal, self._warnings.append)
        self._client.networks.disconnect(self._name, member.id, force=True)
        self._client.networks.connect(self._name, member.id, as_it_was(member, self._engine))
        forget_journal(self._client, entry)

    def _recreate(
        self, old: Network, body: dict[str, Any], members: tuple[Member, ...], pools: Any, off: Any, gone: bool
    ) -> None:
        how: dict[str, Any] = {"off": off, "gone": gone, "before": self._journal}
        recreation = Recreation(self._client, old, members, self._log, self._warnings.append, **how)
        recreation.run(body, pools, self._options.keep_addresses)

    def _restore(self, old: Network) -> None:
        self._client.networks.create_again(body_of(old), old.description)

    def _rejoin(self, member: Member, pools: Any) -> None:
        keep = self._options.keep_addresses
        settings = as_it_was(member, self._engine) if pools is None else endpoints.settings(member, pools, keep)
        self._client.networks.connect(self._name, member.id, settings)

    def _finish(self) -> None:
        forget_journal(self._client, self._journal)
