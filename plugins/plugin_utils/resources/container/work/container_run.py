# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One container: reads, plans, does the steps one by one (none in check mode), reads again."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared import states
from ...shared.ownership import Thing
from ...shared.plan import Plan, Resource, Step, in_sequence
from ...shared.secrets import Masker
from ...shared.states import RUNNING_STATES
from ...shared.work.runner import Runner
from ..options import networks
from ..options.parsing import Options
from ..options.table import SECRETS
from ..plan.foreground import with_the_end
from ..plan.ownership import MAKES, things
from ..plan.plan import Observed, needs_pull, plan
from ..result import report
from ..result.result import learn
from ..result.seen import Pull, Seen
from .context import Context
from .dependents import require_no_dependents
from .foreground import CommandFailed
from .kernel import judged
from .log import LOG_LINES
from .needs import Needs
from .observe import described, find_leftovers, owners, plain, read
from .places import lost_places
from .ports import HostPorts, PortChoice, to_be_chosen
from .steps import do, pull
from .wait import Listeners, Waiter


class ContainerRun:
    """What is read, planned and done about one container, by a task for it alone or for many.

    :param besides: the names of containers that the same plan takes care of where they use this one.
    :param expected: networks and containers, (kind, name), that the same plan makes.
    """

    def __init__(
        self,
        client: Client,
        options: Options,
        runner: Runner,
        *,
        check_mode: bool = False,
        masker: Masker,
        log: Callable[[str], None] = lambda message: None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        listeners: Listeners | None = None,
        host_ports: HostPorts | None = None,
        besides: Container[str] = (),
        expected: Container[tuple[str, str]] = (),
    ) -> None:
        options = to_be_chosen(options, client.engine)
        waiter = Waiter(client, options, now, sleep, listeners)
        self.client = client
        self.runner = runner
        self.options = options
        self.check_mode = check_mode
        self.masker = masker
        self.engine = client.engine
        self.warnings = list(options.warnings)
        self.asked_to_pull = False
        self.pulled: list[Step] = []
        self.pull: Pull | None = None
        self.in_vain = False  # whether the container did not come to what was waited for
        self.log: Callable[[str], None] = lambda message: log(masker.text(message))
        self.needs = Needs(client, options, self.engine, check_mode, self.warnings.append, self._settled, expected)
        self.ports = PortChoice(client, options, self.engine, host_ports, self.warnings.append)
        self.context = Context(
            client,
            options,
            self.engine,
            masker,
            self.log,
            sleep,
            self.warnings.append,
            waiter,
            self.ports,
            options.name,
        )
        self.besides = besides
        self.may_end = False  # whether a container that ends has done what is wanted of it
        self.again: Plan | None = None  # what was done after an update that did not take, or a start
        self.made = False  # whether the container is one that this task has created
        self.failed: CommandFailed | None = None
        self.done: tuple[Plan, Mapping[str, Any] | None] | None = None  # what was done, and the container after that

    def seen(self) -> Seen:
        """Look, and do what is to be done, unless that is only to be told."""
        if self.check_mode:
            observed, planned = self.looked()
        else:
            observed, planned = self.runner.converge(self.looked, self.things, self._change)
        return self.told(observed, planned)

    def told(self, observed: Observed, planned: Plan) -> Seen:
        """What was found, and was done or would be; waits for what the task waits for."""
        if self.check_mode:
            planned = self.ports.assign(planned, hold=False)
        before = observed.container
        planned, container = self.done or (planned, before)
        ends = not self.options.behaviour.detach
        if not self.check_mode and not ends and (container := self._waited(container)):
            self._warn_if_it_ended(container)
        self.warnings += lost_places(self.client, container)
        reported = replace(planned, steps=in_sequence((*self.pulled, *planned.steps)))
        outcome = self._outcome()
        warnings = tuple(dict.fromkeys(self.warnings))  # it may have looked twice
        failed = self.failed
        failure = report.failure(failed.message, failed.kind, outcome["output"], LOG_LINES) if failed else {}
        before, container = plain(before), plain(container)
        return Seen(
            self.options, self.engine, self.masker, reported, before, container, self.pull, outcome, failure, warnings
        )

    def looked(self) -> tuple[Observed, Plan]:
        """What there is, and what is to be done about it.

        :raises InvalidOption: the options don't fit what is there; nothing was changed.
        :raises EngineError: others use a container that would have to go.
        """
        self.masker.learn_from([self.options.values.get(name) for name in SECRETS])
        observed = self._pull(self.observe())
        planned = plan(self.options, observed, self.engine) if self.needs.container(observed) else Plan()
        if planned.changed and not observed.leftovers and observed.container is not None:
            planned, observed = self._with_leftovers(planned, observed)
        self.needs.others(planned, observed)
        self.options, told = judged(self.client, self.options, planned, self.engine)
        if told:
            self.warnings += told
            planned = plan(self.options, observed, self.engine)
        planned = with_the_end(self.options, planned)
        require_no_dependents(self.client, planned, observed.container, self.engine, self.besides)
        return observed, planned

    def things(self, _observed: Observed, planned: Plan) -> list[Thing]:
        """What has to be owned for a plan."""
        return things(self.context.name, planned, self.engine)

    def _change(self, observed: Observed, planned: Plan) -> None:
        """Do what is planned, and look at the container after that."""
        planned = self.assigned(planned)
        try:
            self.runner.run(planned, self.do)
        except CommandFailed as error:
            self.failed = error
        finally:
            self.ports.release()
        self.conclude(observed, planned)

    def assigned(self, planned: Plan) -> Plan:
        """The plan with host ports that are free now, and that nobody else on this controller chooses until the
        container is made or :attr:`ports` releases them.
        """
        return self.ports.assign(planned, hold=True)

    def conclude(self, observed: Observed, planned: Plan) -> None:
        """Look at the container after a plan's steps."""
        if self.failed is None:
            planned = self.ports.final(self._with_what_followed(planned))
        container = described(self.client, self.options, self.context.name)
        self.done = planned, container
        self._learn(container)
        self._warn_of_what_did_not_take(replace(observed, container=container, leftovers=(), **self._made_with()))

    def _made_with(self) -> dict[str, Any]:
        """What a container that was made has beside its own description, and was not there before."""
        if not self.made:
            return {}
        return {"files": {one.path: one for one in self.options.files}, "containers": owners(self.client, self.options)}

    def do(self, _client: Client, step: Step) -> Plan | None:
        """Do a step. What follows instead of all that is left: after an update that did not take, what recreates the
        container; after a start that shows other addresses than are wanted, what connects it again.
        """
        do(self.context, step)
        self.made = self.made or step.action in MAKES
        if step.action == "start" and self._may_be_elsewhere():
            again, follows = self._after_start(), "connect_network"
        else:
            again, follows = self._after_update() if step.action == "update" else Plan(), "recreate"
        if not any(step.action == follows for step in again.steps):
            return None
        self.log(f"{self.context.name}: {step.action} did not bring all that is wanted: {again}")
        require_no_dependents(self.client, again, self.observe().container, self.engine, self.besides)
        self.again = self.assigned(again)
        return self.again

    def _with_what_followed(self, planned: Plan) -> Plan:
        if self.again is None:
            return planned
        return replace(planned, steps=in_sequence((*planned.steps, *self.again.steps)))

    def _outcome(self) -> dict[str, Any]:
        """Exit code and output of a container that ran to its end within the task."""
        outcome = dict(self.failed.outcome if self.failed else self.context.outcome)
        if not outcome:
            return {}
        outcome["output"] = self.masker.text(outcome["output"])
        if self.options.behaviour.output_logs:
            self.log(f"The output of {self.context.name}:\n{outcome['output']}")
        return outcome

    def observe(self) -> Observed:
        """Read what there is."""
        observed = read(self.client, self.options)
        left = [one.inspect for one in observed.leftovers]
        for inspect in (observed.container, observed.image, observed.container_image, *left):
            self._learn(inspect)
        if observed.container is not None:
            self.context.name = states.container_name(observed.container)
        elif observed.leftovers:
            self.context.name = observed.leftovers[0].mark.name
        return observed

    def _learn(self, inspect: Mapping[str, Any] | None) -> None:
        learn(self.masker, inspect)

    def _pull(self, observed: Observed) -> Observed:
        """Pull the image where that is asked for; what comes is compared afterwards like any other image."""
        options = self.options
        if not self.wants_pull(observed):
            self.needs.image(observed)
            return observed
        if self.check_mode:
            self.asked_to_pull = True
            self.needs.pulled(observed)
            always = options.pull == "always" and options.pull_check_mode_behavior == "always"
            self.pulled = [self.pull_step(observed)] if observed.image is None or always else []
            self.pull = Pull(str(options.image), None if observed.image else True) if self.pulled else None
            return observed
        with self.runner.doing(self.pull_step(observed)):
            image = pull(self.context)
        self.note_pull(observed, image)
        return replace(observed, image=image)

    def wants_pull(self, observed: Observed) -> bool:
        """Whether the image is to be pulled, and nobody has done so yet."""
        return not self.asked_to_pull and needs_pull(self.options, observed)

    def pull_step(self, observed: Observed) -> Step:
        """The step that pulls it."""
        reason = "the image is not there" if observed.image is None else "pull is always"
        return Resource("image", str(self.options.image)).step("pull", reason)

    def note_pull(self, observed: Observed, image: Mapping[str, Any] | None) -> None:
        """Note what a pull has brought."""
        self.asked_to_pull = True
        self._learn(image)
        before = observed.image
        same = before is not None and image is not None and before["Id"] == image["Id"]
        self.pulled = [] if same else [self.pull_step(observed)]
        self.pull = Pull(str(self.options.image), not same)

    def _settled(self, network: str) -> bool:
        """Whether a network that was not there is, after another run has remade it."""
        owners = self.runner.owners
        if owners is None:
            return False
        about = Thing("network", network)
        remade = owners.unmarked(about) if self.runner.alone else owners.settled(about)
        return remade and self.client.networks.inspect(network) is not None

    def _with_leftovers(self, planned: Plan, observed: Observed) -> tuple[Plan, Observed]:
        """Whatever changes a container also clears away what earlier runs have left of it."""
        leftovers = find_leftovers(self.client, self.context.name, self.options)
        if not leftovers:
            return planned, observed
        observed = replace(observed, leftovers=leftovers)
        return plan(self.options, observed, self.engine), observed

    def _waited(self, container: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Wait for what the task waits for; the container as it is then."""
        if container is None or self.context.proven == container["Id"] or not self.context.waiter.waits:
            return container
        try:
            self.context.waiter.wait(container["Id"])
        except EngineError as error:
            self.in_vain = not error.unanswered
            raise self.context.failure(
                f"The container {self.context.name} did not come to what is waited for", error, logs=True
            ) from error
        return self.client.containers.inspect(self.context.name)

    def _may_be_elsewhere(self) -> bool:
        """Whether a container that was there, and has been started, may have other addresses than the task wants."""
        wanted = self.options.values.get("networks") or {}
        return self.options.behaviour.detach and not self.made and networks.fixed(wanted)

    def _after_start(self) -> Plan:
        """What is still to be done once Podman tells the addresses of a container, which it does while it runs."""
        return plan(self.options, self.observe(), self.engine)

    def _after_update(self) -> Plan:
        """What is still to be done; Podman reports what it was asked for even where the kernel refused it."""
        observed = self.observe()
        again = plan(self.options, observed, self.engine, live=False)
        if not self.context.update_refused or again.found:
            return again
        again = plan(replace(self.options, recreate=True), observed, self.engine)
        return replace(again, steps=tuple(replace(step, reason="the update was refused") for step in again.steps))

    def _warn_of_what_did_not_take(self, observed: Observed) -> None:
        """An engine may take an option and do nothing about it: the next run would find the same difference again."""
        self.warnings += [self.masker.text(self.engine.warning(text)) for text in self.client.warned]
        if observed.container is None:
            return
        image = observed.image or observed.container_image
        left = plan(self.options, replace(observed, container_image=image), self.engine).found
        if left:
            names = ", ".join(sorted(difference.option for difference in left))
            self.warnings.append(
                f"The engine did not do all that it was asked for, so the next run will change this again: {names}."
            )

    def _warn_if_it_ended(self, container: Mapping[str, Any] | None) -> None:
        """A container that ends at once is no failure: it may have done its work. But it is worth a word."""
        if container is None or self.options.state not in RUNNING_STATES or container["State"].get("Running"):
            return
        if self.context.waiter.waits_for_the_end or self.may_end:
            return
        self.warnings.append(
            f"The container {self.context.name} ended right after its start, with exit code "
            f"{container['State'].get('ExitCode')}.{self.context.log_end(self.context.name)}"
        )
