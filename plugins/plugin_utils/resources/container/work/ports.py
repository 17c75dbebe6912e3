# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choosing host ports from a range, alone with the host from the choice to the container's creation.

Once created, a container's configuration tells every controller which ports it has. Of two controllers that chose the
same one, the engine lets one start; the other chooses again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from ....engine.differences.engine import Engine
from ....engine.protocol import Client
from ....errors import EngineError, InvalidOption, SshError
from ...shared.plan import Plan
from ...shared.states import STOPPED, current_state
from ..options import networks, port_ranges, port_uses, ports
from ..options.parsing import Options
from ..plan import port_assignment

# How often another port is chosen because somebody else was faster.
TRIES = 5
# The option of a bridge network that says on which address ports are published by default.
HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4"
UNSEEN = (
    "Who else listens on the host could not be looked at, so of its ports only those that containers of this engine "
    "have are known to be taken: {problem}"
)


TAKEN = (
    "Something else has taken this port while the container did not run. Run the task once with recreate=true, and "
    "another port of the range is chosen; 'ss -lntup' tells what has taken it."
)


class HostPorts(Protocol):
    """What choosing takes of a host beside its engine."""

    def listening(self) -> str:
        """/proc/net/tcp, tcp6, udp and udp6, each after a line ``== NAME``.

        :raises SshError: no command runs there.
        """

    def lock(self) -> Callable[[], None]:
        """Wait until nobody else on this controller chooses ports of the host; returns how to end that.

        :raises SshError: the lock's file can't be made.
        """


def to_be_chosen(options: Options, engine: Engine) -> Options:
    """The options with all ports that are chosen here: on some engines also what others choose by themselves."""
    published: ports.Bindings | None = options.values.get(port_assignment.OPTION)
    if not published:
        return options
    chosen = {port_assignment.OPTION: ports.chosen_here(published, engine)}
    return replace(options, values={**options.values, **chosen})


class PortChoice:
    """The choice for one task's container; it does nothing where the task asks for no port to be chosen.

    ``chosen`` are the published ports after the last choice.
    """

    def __init__(
        self, client: Client, options: Options, engine: Engine, host: HostPorts | None, warn: Callable[[str], None]
    ) -> None:
        self.chosen: ports.Bindings | None = None
        self._client = client
        self._options = options
        self._engine = engine
        self._host = host
        self._warn = warn
        self._wanted: ports.Bindings = options.values.get(port_assignment.OPTION) or {}
        self._own = port_ranges.NEW
        self._mine: set[str] = set()  # the IDs of containers that give way
        self._avoid: set[tuple[str, int]] = set()
        self._tries = TRIES
        self._unlock: Callable[[], None] | None = None
        self._warned = False

    def assign(self, planned: Plan, *, hold: bool) -> Plan:
        """The plan with ports that are free now, if it makes a container.

        :param hold: keep others on this controller from choosing until :meth:`release`.
        :raises InvalidOption: a range has no free port.
        :raises SshError: the lock's file can't be made.
        """
        step = port_assignment.making(planned)
        if step is not None and hold:
            planned = self._with_addresses(planned)
        if step is None or not port_ranges.asks(self._wanted):
            return planned
        self._mine = port_assignment.give_way(planned)
        self._own = self._had(step.args.get("old"))
        if hold:
            self._hold()
        return port_assignment.assigned(planned, self._choose(), self._engine)

    def _with_addresses(self, planned: Plan) -> Plan:
        """The plan with ports whose address a network of the container has for them, where it has one of its own."""
        usual = self._engine.default_host_ip
        named = all(":" in end for ends in self._wanted.values() for end in ends)
        if not usual or named or self._own_addresses() <= {usual}:
            return planned
        self._wanted = ports.with_address(port_assignment.OPTION, self._wanted, "")
        return port_assignment.rewritten(planned, self._wanted, self._engine)

    def _own_addresses(self) -> set[str]:
        values = self._options.values
        names = networks.of(values.get("network_mode"), values.get("networks"), self._engine)
        found = (self._client.networks.inspect(name) for name in names)
        told = (((network or {}).get("Options") or {}).get(HOST_BINDING) for network in found)
        return {address for address in told if address}

    def final(self, planned: Plan) -> Plan:
        """The plan with the ports that were chosen in the end, for the report."""
        if self.chosen is None or port_assignment.making(planned) is None:
            return planned
        return port_assignment.assigned(planned, self.chosen, self._engine)

    def another(self, made: str, body: Mapping[str, Any], error: EngineError) -> dict[str, Any] | None:
        """The create body with other ports, where a new container did not start because one was taken by then.

        Whoever asks removes the new container and creates it again at once; :meth:`release` is called then.

        :param made: the new container's ID.
        :returns: None where other ports would not help.
        :raises EngineError: there is no other free port.
        """
        lost = self._lost(error)
        if not lost or not self._tries:
            return None
        self._tries -= 1
        self._avoid |= lost
        self._mine.add(made)
        self._own = port_ranges.Own(self._own.bindings, runs=False)  # it was stopped for the new one
        try:
            self._hold()
            return port_assignment.with_ports(body, self._choose(), self._engine)
        except InvalidOption as problem:
            raise EngineError(problem.message, error.status, problem.hint, error.kind) from error

    def hint(self, error: EngineError) -> str:
        """What to do where a container that was there already does not start for a port that was chosen for it."""
        stays = error.kind == "port_in_use" and self.chosen is None and port_ranges.asks(self._wanted)
        return TAKEN if stays else ""

    def release(self) -> None:
        """Let others choose; nothing happens where nobody is kept from it."""
        unlock, self._unlock = self._unlock, None
        if unlock:
            unlock()

    def _hold(self) -> None:
        if self._unlock is None and self._host is not None:
            self._unlock = self._host.lock()

    def _had(self, old: Mapping[str, Any] | None) -> port_ranges.Own:
        if old is None:
            return port_ranges.NEW
        bindings = ports.canonical(ports.read(old, self._engine), self._engine)
        return port_ranges.Own(bindings, current_state(old) != STOPPED)

    def _choose(self) -> ports.Bindings:
        try:
            uses = [*self._containers(), *self._listeners()]
            self.chosen = port_ranges.choose(port_assignment.OPTION, self._wanted, uses, self._own, self._avoid)
        except BaseException:
            self.release()
            raise
        return self.chosen

    def _containers(self) -> list[port_uses.Use]:
        """The list tells the ports of what runs; of the others, each has to be inspected."""
        uses: list[port_uses.Use] = []
        for listed in self._client.containers.list(all=True):
            if str(listed["Id"]) in self._mine:
                continue
            if port_uses.is_running(listed):
                uses += port_uses.of_running(listed)
            elif inspect := self._client.containers.inspect(listed["Id"]):
                uses += port_uses.of_stopped(inspect)
        return uses

    def _listeners(self) -> list[port_uses.Use]:
        if self._host is None:
            return []
        try:
            return port_uses.of_listeners(self._host.listening())
        except SshError as problem:
            if not self._warned:
                self._warn(UNSEEN.format(problem=problem.message))
            self._warned = True
            return []

    def _lost(self, error: EngineError) -> set[tuple[str, int]]:
        """The chosen ports that the engine's words name."""
        if error.kind != "port_in_use" or self.chosen is None:
            return set()
        return port_ranges.ports_in_message(error.message, self._wanted, self.chosen)
