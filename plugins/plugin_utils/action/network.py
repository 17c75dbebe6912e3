# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a network into the state that a task describes, and its containers into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.named import named_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.engines import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.leftover import container_name
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network import endpoints
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.actual import (
    Member,
    Network,
    found_by,
    members,
    network,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.plan import Observed, body_of, plan
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.network.result import network_result
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.plans import Step


def read_network(client: Any, name: str, engine: Engine) -> Network | None:
    """The network of this name or ID, None when there is none."""
    description = client.network(name)
    found = network(description, engine) if description is not None else None
    return found if found_by(name, found) else None


def read_members(client: Any, found: Network) -> tuple[Member, ...]:
    """All containers that are in a network. Those that don't run are in it too: they could not start without it."""
    return members(client.list_containers(all=True, filters={"network": [found.name]}), found)


# What the engines say of a new network, in lower case, and what to do then.
_OTHER_SUBNET = "Give a subnet in ipam_config of which no other network of the host has a part."
_HINTS = {
    "ipv6 address pool": "Give an IPv6 subnet in ipam_config: Docker before 27 assigns none.",
    "pool overlaps": _OTHER_SUBNET,
    "already used on the host": _OTHER_SUBNET,
}


def hint(error: EngineError) -> str:
    """The engine's own, or what is known to help."""
    said = error.message.lower()
    return error.hint or next((remedy for words, remedy in _HINTS.items() if words in said), "")


# Steps after which containers are to be in a network as they were.
_NEED_ENDPOINTS = frozenset({"recreate", "reconnect", "remove"})


class NetworkWork:
    """One run of remote_network."""

    def __init__(self, client: Any, options: Options, check_mode: bool, log: Callable[[str], None]) -> None:
        self._client = client
        self._options = options
        self._check_mode = check_mode
        self._log = log
        self._engine = Engine.of(client.identity)
        self._name = options.name
        self._off: list[Member] = []  # containers that were taken off
        self._steps: dict[str, Callable[..., None]] = {
            "create": self._create,
            "remove": self._remove,
            "recreate": self._recreate,
            "connect": self._connect,
            "disconnect": self._disconnect,
            "reconnect": self._reconnect,
        }

    def run(self) -> dict[str, Any]:
        """Do it, or in check mode tell what would be done; the module's result.

        :raises EngineError: the engine refused, with what was done about it.
        :raises InvalidOption: see ``plan``.
        """
        observed = self._observe()
        planned = plan(self._options, observed, self._engine, check_mode=self._check_mode)
        if any(step.action in _NEED_ENDPOINTS for step in planned.steps):
            observed = self._with_endpoints(observed)
            planned = plan(self._options, observed, self._engine, check_mode=self._check_mode)
        found = observed.network
        if not self._check_mode:
            for step in planned.steps:
                self._do(step)
            found = read_network(self._client, self._name, self._engine)
        inside = read_members(self._client, found) if found and planned.changed else observed.members
        return {
            "changed": planned.changed,
            "actions": planned.actions(),
            "network": found and network_result(found, inside),
            "diff": planned.diff(),
            "warnings": [*planned.warnings, *(f"The engine warns: {text}" for text in self._client.warned)],
        }

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
            endpoints.with_endpoint(member, self._client.inspect_container(member.id), observed.network)
            for member in observed.members
        )
        return replace(observed, members=full)

    def _do(self, step: Step) -> None:
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
        self._client.create_network(body)

    def _remove(self) -> None:
        """What can't be removed keeps its containers."""
        try:
            self._client.remove_network(self._name)
        except EngineError:
            for member in self._off:
                connect_again(self._client, self._name, member, self._log)
            raise

    def _connect(self, container: str) -> None:
        self._client.connect_network(self._name, container)

    def _disconnect(self, member: Member) -> None:
        self._client.disconnect_network(self._name, member.id, force=True)
        self._off.append(member)

    def _reconnect(self, member: Member) -> None:
        self._client.disconnect_network(self._name, member.id, force=True)
        self._client.connect_network(self._name, member.id, endpoints.settings(member, None, False))

    def _recreate(self, old: Network, body: dict[str, Any], members: tuple[Member, ...], pools: Any) -> None:
        Recreation(self._client, old, members, self._log).run(body, pools, self._options.keep_addresses)


class Recreation:
    """Makes a network anew, and brings back the old one when the new one, or a container's place in it, is refused."""

    def __init__(self, client: Any, old: Network, members: tuple[Member, ...], log: Callable[[str], None]) -> None:
        self._client = client
        self._old = old
        self._members = members
        self._log = log
        self._out: list[Member] = []  # those that were taken off
        self._in: list[Member] = []  # those that are in the new network
        self._removed = False
        self._made = False

    def run(self, body: dict[str, Any], pools: Any, keep_addresses: bool) -> None:
        """Do it.

        :raises EngineError: with the engine's words, and whether the old network is back.
        """
        try:
            for member in self._members:
                self._client.disconnect_network(self._old.name, member.id, force=True)
                self._out.append(member)
            self._client.remove_network(self._old.id)
            self._removed = True
            self._client.create_network(body)
            self._made = True
            for member in self._members:
                settings = endpoints.settings(member, pools, keep_addresses)
                self._client.connect_network(self._old.name, member.id, settings)
                self._in.append(member)
        except EngineError as error:
            message = f"The network {self._old.name} could not be recreated: {error.words}. {self._put_back()}"
            raise EngineError(message, error.status, hint(error), error.kind) from error

    def _put_back(self) -> str:
        """Bring back what was there; what came of it, in words."""
        try:
            if self._made:
                for member in self._in:
                    self._client.disconnect_network(self._old.name, member.id, force=True)
                self._client.remove_network(self._old.name)
            if self._removed:
                self._client.create_network_again(body_of(self._old), self._old.description)
        except EngineError as error:
            names = ", ".join(member.name for member in self._out) or "none"
            return f"The old one could not be brought back: {error.words}. Containers that were in it: {names}."
        name = self._old.name
        lost = [member.name for member in self._out if not connect_again(self._client, name, member, self._log)]
        if lost:
            return f"The old one is back, but without these containers: {', '.join(lost)}."
        return "The old one is back, with its containers."


def connect_again(client: Any, network: str, member: Member, log: Callable[[str], None]) -> bool:
    """Connect a container as it was; whether that worked."""
    try:
        client.connect_network(network, member.id, endpoints.settings(member, None, False))
    except EngineError as error:
        log(f"{network}: {member.name} could not be connected again: {error.message}")
        return False
    return True
