# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a container's plan: reads, plans, does the steps one by one (none in check mode), reads again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.container_steps import Steps
from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.named import named_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container import image as images
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container import report
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.desired import inherits
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.engines import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.hints import hint_for
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan import (
    Observed,
    Plan,
    Step,
    needs_pull,
    plan,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result import container_result
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.scalars import split_env
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.states import RUNNING_STATES
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import Masker

# Network modes that name no network.
_MODES = frozenset({"bridge", "default", "host", "none", "private", "slirp4netns", "pasta"})


def run_container(
    client: Any,
    options: Options,
    *,
    check_mode: bool = False,
    masker: Masker | None = None,
    log: Callable[[str], None] = lambda message: None,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Bring one container into the state that the options describe.

    :param client: an EngineClient.
    :param options: what ``options.parse`` made of the task's parameters.
    :param masker: keeps secrets out of the result; it learns those of the container here.
    :return: {changed, actions, container, diff, warnings}; container is None when there is none (any more).
    :raises InvalidOption: the options don't fit what is there; nothing was changed.
    :raises EngineError: the engine refused; the message holds its words and the end of the container's log.
    """
    run = _Run(client, options, check_mode, masker or Masker(), log, sleep)
    try:
        return run.result()
    except EngineError as error:
        error.message = run.masker.text(error.message)
        error.hint = error.hint or hint_for(error.message)
        error.args = (error.message,)
        raise


def read(client: Any, options: Options) -> Observed:
    """Read what the plan needs: the container, and its image where one is named or its defaults matter."""
    container = named_container(client, options.name)
    if options.state == "absent":
        return Observed(container)
    image = client.inspect_image(options.image) if options.image is not None else None
    own_image = None
    uses_own = options.image is None or options.image_comparison == "current-image"
    if container is not None and uses_own and inherits(options):
        own_image = client.inspect_image(container["Image"])
    return Observed(container, image, own_image, _network_owners(client, options))


def _network_owners(client: Any, options: Options) -> dict[str, str]:
    """The ID of the container whose network is to be shared; the engines report IDs where names were given."""
    mode, colon, name = str(options.values.get("network_mode", "")).partition(":")
    if mode != "container" or not colon:
        return {}
    owner = client.inspect_container(name)
    if owner is None:
        raise InvalidOption("network_mode", f"{mode}:{name}", "there is no such container.", "Create it first.")
    return {name: owner["Id"]}


class _Run:
    """One task: what was read, what is planned, and what has been done."""

    def __init__(
        self,
        client: Any,
        options: Options,
        check_mode: bool,
        masker: Masker,
        log: Callable[[str], None],
        sleep: Callable[[float], None],
    ) -> None:
        self.client = client
        self.options = options
        self.check_mode = check_mode
        self.masker = masker
        self.engine = Engine.of(client.identity)
        self.warnings: list[str] = []
        self.log: Callable[[str], None] = lambda message: log(masker.text(message))
        self.steps = Steps(client, options, self.engine, masker, self.log, sleep, self.warnings)

    def result(self) -> dict[str, Any]:
        self.masker.learn(self.options.values.get("env") or {})
        observed = self._observe()
        pulled, observed = self._pull(observed)
        planned = plan(self.options, observed, self.engine)
        self._require_networks(planned)
        container = observed.container
        if planned.changed and not self.check_mode:
            planned = self._execute(planned, observed)
            container = named_container(self.client, self.steps.name)
            self._learn(container)
            self._warn_if_it_ended(container)
        reported = replace(planned, steps=(*pulled, *planned.steps))
        return {
            "changed": reported.changed,
            "actions": report.actions(reported),
            "container": container and container_result(container, self.engine.name, masker=self.masker),
            "diff": report.diff(reported, self.masker),
            "warnings": self.warnings,
        }

    def _observe(self) -> Observed:
        observed = read(self.client, self.options)
        for inspect in (observed.container, observed.image, observed.container_image):
            self._learn(inspect)
        if observed.container is not None:
            self.steps.name = str(observed.container["Name"]).lstrip("/")
        return observed

    def _learn(self, inspect: Mapping[str, Any] | None) -> None:
        self.masker.learn(split_env(((inspect or {}).get("Config") or {}).get("Env")))

    def _pull(self, observed: Observed) -> tuple[list[Step], Observed]:
        """Pull the image where that is asked for; what comes is compared afterwards like any other image."""
        options = self.options
        if not needs_pull(options, observed):
            self._require_image(observed)
            return [], observed
        step = Step("pull", "the image is not there" if observed.image is None else "pull is always")
        if self.check_mode:
            always = options.pull == "always" and options.pull_check_mode_behavior == "always"
            return [step] if observed.image is None or always else [], observed
        before = observed.image
        observed = replace(observed, image=self.steps.pull())
        self._learn(observed.image)
        same = before is not None and observed.image is not None and before["Id"] == observed.image["Id"]
        return [] if same else [step], observed

    def _require_image(self, observed: Observed) -> None:
        options = self.options
        if options.state == "absent" or options.image is None or observed.image is not None:
            return
        if observed.container is not None and options.comparisons["image"] == "ignore" and not options.recreate:
            return
        if images.is_id(options.image):
            raise InvalidOption("image", options.image, "the host has no image of this ID.", "An ID cannot be pulled.")
        raise InvalidOption(
            "image", options.image, f"the host has no such image, and pull is {options.pull}.",
            "Put the image on the host, or set pull to missing or always.",
        )  # fmt: skip

    def _require_networks(self, planned: Plan) -> None:
        """Docker connects a container that does not run to a network that does not exist, and fails at its start."""
        for name in sorted(_networks_of(planned)):
            if self.client.inspect_network(name) is not None:
                continue
            if not self.check_mode:
                raise InvalidOption(
                    "networks", name, "there is no such network on the host.", "Create the network first."
                )
            self.warnings.append(f"There is no network {name} on the host; a run needs it.")

    def _execute(self, planned: Plan, observed: Observed) -> Plan:
        for step in planned.steps:
            self.log(f"{self.steps.name}: {step.action} ({step.reason})")
            if step.action != "update":
                self.steps.do(step, observed)
                continue
            self.steps.do(step, observed)
            again = plan(self.options, self._observe(), self.engine, live=False)
            if any(step.action == "recreate" for step in again.steps):
                self.log(f"{self.steps.name}: the update did not take, so the container is recreated")
                self._execute(again, observed)
                return replace(planned, steps=(*planned.steps, *again.steps))
        return planned

    def _warn_if_it_ended(self, container: Mapping[str, Any] | None) -> None:
        """A container that ends at once is no failure: it may have done its work. But it is worth a word."""
        if container is None or self.options.state not in RUNNING_STATES or container["State"].get("Running"):
            return
        self.warnings.append(
            f"The container {self.steps.name} ended right after its start, with exit code "
            f"{container['State'].get('ExitCode')}.{self.steps.log_end(self.steps.name)}"
        )


def _networks_of(planned: Plan) -> set[str]:
    names: set[str] = set()
    for step in planned.steps:
        if step.action == "connect_network":
            names.add(step.args["network"])
        if step.action in ("create", "recreate"):
            mode = step.args["body"]["HostConfig"].get("NetworkMode", "default")
            names.update(step.args["connect"])
            names.update([mode] if mode not in _MODES and ":" not in mode else [])
    return names
