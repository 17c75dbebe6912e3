# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One container of a project: its own run, from the first look to its result, as far as others let it come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...container.options import ports
from ...container.options.mounts import named_volumes
from ...container.options.port_uses import protocol_of
from ...container.plan.dependents import other_containers
from ...container.plan.ownership import MAKES, networks_of
from ...container.plan.plan import Observed, plan
from ...container.plan.waiting import WaitFor
from ...container.result.result import container_result
from ...container.result.seen import Seen
from ...container.work.container_run import ContainerRun
from ...container.work.foreground import CommandFailed
from ...container.work.observe import find_leftovers
from ...container.work.recreate import restore
from ...container.work.removal import discard
from ...shared.kept_names import OLD
from ...shared.plan import Plan, Resource, Step, in_sequence
from ...shared.states import RUNNING_STATES, STOPPED, current_state
from ..application import COMPLETED, HEALTHY, Dependency, LateLabels
from ..plan import AWAIT, FINISH, RUNS, Part
from .handed_client import HandedClient

PORTS = "published_ports"


class Member:
    """A container of the project, or one that goes with it.

    :param ends: others wait for it to end with status 0: then it has done its work, and is not to do it again.
    :param turn: the group that is replaced one after the other.
    """

    def __init__(
        self,
        run: ContainerRun,
        client: HandedClient,
        depends_on: Mapping[str, Dependency],
        late_labels: LateLabels | None = None,
        ends: bool = False,
        turn: str = "",
    ) -> None:
        self.run = run
        self._late_labels = late_labels
        self._ends = run.may_end = ends
        self.name = run.options.name
        self.client = client
        self.depends_on = depends_on
        self.observed = Observed()
        self.planned = Plan()
        self.seen: Seen | None = None
        self._turn = turn
        self._last = ""

    @property
    def resource(self) -> Resource:
        """What it is on the host."""
        return Resource("container", self.run.context.name)

    def look(self) -> None:
        """Find out what is to be done about it.

        :raises InvalidOption, EngineError: as ``ContainerRun.looked`` does.
        """
        self.observed, self.planned = self.run.looked()
        if self._has_completed():
            self.planned = replace(self.planned, steps=(), before={}, after={})
        self._last = self.planned.steps[-1].id if self.planned.changed else ""

    def _has_completed(self) -> bool:
        """Whether nothing would be done but to start it once more after it has done its work."""
        state = (self.observed.container or {}).get("State") or {}
        done = state.get("Status") == "exited" and state.get("ExitCode") == 0
        started = self.run.options.state in ("started", "healthy")
        return self._ends and started and done and [step.action for step in self.planned.steps] == ["start"]

    def make_anew(self, why: str, engine_refuses: bool) -> None:
        """Plan it once more, because it uses another container that is replaced.

        :param engine_refuses: the engine removes no container that another one uses, so this one goes first.
        """
        options = replace(self.run.options, recreate=True)
        if not engine_refuses:
            self.run.options = options
            self.look()
            self._tell_why(why, "recreate")
            return
        made = plan(options, replace(self.observed, container=None, leftovers=()), self.run.engine)
        gone = self.resource.step("remove", why, {"volumes": False})
        steps = [replace(made.steps[0], after=(gone.id,)), *made.steps[1:]]
        self.planned = replace(self.planned, steps=(gone, *steps))
        self._tell_why(why, "create")
        self._last = self.planned.steps[-1].id

    def restart(self, other: str) -> None:
        """Plan a restart, because a container that it depends on is another one."""
        step = self.resource.step("restart", f"{other} is replaced or restarted")
        self.planned = replace(self.planned, steps=in_sequence((*self.planned.steps, step)))
        self._last = self.planned.steps[-1].id

    def _tell_why(self, why: str, action: str) -> None:
        steps = tuple(replace(step, reason=why) if step.action == action else step for step in self.planned.steps)
        self.planned = replace(self.planned, steps=steps)

    @property
    def begins_anew(self) -> bool:
        """Whether what runs afterwards has been started by this plan."""
        return any(step.action in RUNS for step in self.planned.steps)

    @property
    def makes(self) -> bool:
        """Whether there is another container afterwards."""
        return any(step.action in MAKES for step in self.planned.steps)

    @property
    def shares(self) -> frozenset[str]:
        """The names of the containers that it uses."""
        return frozenset(other for _option, other in other_containers(self.run.options.values))

    def part(self) -> Part:
        """Its part of the plan of all."""
        uses = {Resource("network", name) for name in networks_of(self.planned, self.run.engine)}
        uses |= {Resource("volume", name) for name in named_volumes(self.run.options.values)}
        had, has = self._ports_before(), self._ports_after()
        return Part(
            self.resource,
            self.planned,
            frozenset(uses),
            self.shares,
            self.depends_on,
            self._turn,
            gives=frozenset(had - has) if self.planned.changed else frozenset(),
            takes=frozenset(has - had),
            inside=frozenset(Resource("network", name) for name in self._networks_before()),
        )

    def _networks_before(self) -> set[str]:
        settings = (self.observed.container or {}).get("NetworkSettings") or {}
        return set(settings.get("Networks") or ())

    @property
    def comes_out(self) -> set[str]:
        """The networks that its own plan takes it out of."""
        out = {step.args["network"] for step in self.planned.steps if step.action == "disconnect_network"}
        return out | (self._networks_before() - networks_of(self.planned, self.run.engine) if self.makes else set())

    def _ports_before(self) -> set[tuple[str, str]]:
        inspect = self.observed.container
        if inspect is None or current_state(inspect) == STOPPED:
            return set()
        return _fixed(ports.read(inspect, self.run.engine))

    def _ports_after(self) -> set[tuple[str, str]]:
        options = self.run.options
        runs = options.state in RUNNING_STATES or (options.state == "present" and bool(self._ports_before()))
        return _fixed(options.values.get(PORTS) or {}) if runs and options.state != "absent" else set()

    def do(self, client: Client, step: Step, remade: Collection[str]) -> Plan | None:
        """Do one of its steps; after the last one, look at what has come of them.

        :param remade: containers that this run has made so far: what uses them is planned once more.
        """
        with self.client.using(client):
            if step.action in (AWAIT, FINISH):
                self._await(**step.args) if step.action == AWAIT else self._drop_old()
                return None
            if step.action in MAKES:
                step = self._as_it_is_now(step, remade)
            try:
                instead = self.run.do(client, step)
            except CommandFailed as error:
                self.run.failed = error
                self.conclude()
                raise
            finally:
                self.run.ports.release()
            ends = step.id if instead is None else f"{step.id} > {instead.steps[-1].id}"
            self._last = self._last if instead is None else ends
            if self._last == step.id:
                self.conclude()
            return instead

    def _as_it_is_now(self, step: Step, remade: Collection[str]) -> Step:
        """The step with the ports that are free now, and with the IDs of containers that were made just now."""
        planned = self.planned
        if not self.shares.isdisjoint(remade):
            _observed, planned = self.run.looked()
        assigned = self.run.assigned(planned)
        args = next((one.args for one in assigned.steps if one.action == step.action), step.args)
        return replace(step, args=self._with_late_labels(args))

    def _with_late_labels(self, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a container is made with, and the labels that nobody could know before."""
        if self._late_labels is None:
            return args
        body = args["body"]
        image = self.run.client.images.inspect(body["Image"]) or {}
        found = {name: self.run.client.containers.inspect(name) for name in (*self.depends_on, *self.shares)}
        ids = {name: str(inspect["Id"]) for name, inspect in found.items() if inspect}
        labels = {**body["Labels"], **self._late_labels(str(image.get("Id") or ""), ids)}
        return {**args, "body": {**body, "Labels": labels}}

    def conclude(self) -> None:
        """Look at the container after its steps, and wait for what its own options say."""
        self.run.conclude(self.observed, self.planned)
        self.seen = self.run.told(self.observed, self.planned)

    def tell(self) -> Seen:
        """What was found, where nothing was to be done, or was done; in check mode what would be."""
        if self.seen is None:
            self.seen = self.run.told(self.observed, self.planned)
        return self.seen

    def result_now(self) -> dict[str, Any] | None:
        """The container as it is now, as a result has it."""
        inspect = self.client.containers.inspect(self.resource.name)
        return inspect and container_result(inspect, self.run.engine, masker=self.run.masker)

    def _await(self, condition: str, required: bool) -> None:
        """Wait until others may begin.

        :raises EngineError: it does not come to that.
        """
        wish = WaitFor(timeout=self.run.options.healthy_wait_timeout)
        if condition == HEALTHY:
            wish = replace(wish, healthy=True)
        elif condition == COMPLETED:
            wish = replace(wish, state="exited", exit_codes=(0,))
        try:
            self.run.context.waiter.until(self.name, wish)
        except EngineError as error:
            what = f"The container {self.name} did not become {condition}"
            if not required and error.kind in ("container_ended", "not_in_time"):
                self.run.warnings.append(f"{what}: {error.words}.")
                return
            raise self.run.context.failure(what, error) from error

    def _drop_old(self) -> None:
        for one in find_leftovers(self.run.client, self.resource.name, self.run.options):
            discard(self.run.client, one.id, not self.run.options.keep_volumes, self.run.context.sleep)

    def rollback_step(self) -> Step | None:
        """What undoes what was done about it: the old one comes back, or the new one goes."""
        if any(step.action == "recreate" for step in self.planned.steps):
            return self.resource.step("restore", "another part of the project failed")
        if self.observed.container is None and self.makes:
            return self.resource.step("remove", "another part of the project failed")
        return None

    def roll_back(self, client: Client, step: Step) -> None:
        """Do that."""
        with self.client.using(client):
            if step.action == "remove":
                discard(self.run.client, self.resource.name, True, self.run.context.sleep)
                return
            for one in find_leftovers(self.run.client, self.resource.name, self.run.options):
                if one.mark.part == OLD:
                    restore(self.run.context, one, None, False)


def _fixed(bindings: ports.Bindings) -> set[tuple[str, str]]:
    """The ports of the host, (protocol, number), that are no matter of choice."""
    found = ((protocol_of(port), end.rpartition(":")[2]) for port, ends in bindings.items() for end in ends)
    return {(protocol, number) for protocol, number in found if number.isdigit()}
