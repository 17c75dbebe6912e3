# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container's task names and a run needs on the host: the image, networks, other containers."""

from __future__ import annotations

from collections.abc import Callable, Container

from ....engine.differences.engine import Engine
from ....engine.protocol import Client
from ....errors import InvalidOption
from ...shared import image_names
from ...shared.plan import Plan
from ...shared.work.needed import needed, tell_of_localhost
from ..options import modes, secrets
from ..options.parsing import Options
from ..plan import pods
from ..plan.dependents import other_containers
from ..plan.ownership import MAKES, networks_of
from ..plan.plan import Observed, lacks_image


class Needs:
    """Looks for what a task needs; what is missing ends a run before anything is touched, and warns in check mode.

    Its methods raise InvalidOption.

    :param settled: whether a network that is not there is, once a run that remakes it has ended.
    :param expected: networks and containers, (kind, name), that the same plan makes.
    """

    def __init__(
        self,
        client: Client,
        options: Options,
        engine: Engine,
        check_mode: bool,
        warn: Callable[[str], None],
        settled: Callable[[str], bool],
        expected: Container[tuple[str, str]] = (),
    ) -> None:
        self._client = client
        self._options = options
        self._engine = engine
        self.check_mode = check_mode
        self._warn = warn
        self._settled = settled
        self._expected = expected

    def _needed(self, thing: str, error: InvalidOption) -> None:
        needed(thing, error, check_mode=self.check_mode, warn=self._warn)

    def image(self, observed: Observed) -> None:
        """The image of a task that pulls none."""
        options = self._options
        if options.state == "absent" or options.image is None or observed.image is not None:
            return
        if observed.container is not None and options.comparisons["image"] == "ignore" and not options.recreate:
            return
        problem = f"the host has no such image, and pull is {options.pull}."
        remedy = "Put the image on the host, or set pull to missing or always."
        if image_names.is_id(options.image):
            problem, remedy = "the host has no image of this ID.", "An ID cannot be pulled."
        error = InvalidOption("image", options.image, problem, remedy)
        if options.pull == "never":
            error.known_as(f"Cannot find image with name {options.image}, and pull=never")
        self._needed(f"image {options.image}", error)

    def pulled(self, observed: Observed) -> None:
        """The image of a task that would pull it, which check mode does not."""
        if observed.image is None and self._options.image is not None:
            tell_of_localhost(self._options.image, self._warn)

    def container(self, observed: Observed) -> bool:
        """Whether there is something to plan: a container, or an image to create it from."""
        error = lacks_image(self._options, observed)
        if error is not None:
            self._needed(f"container {self._options.name}", error)
        return error is None

    def others(self, planned: Plan, observed: Observed) -> None:
        """The networks and containers that are named. Docker connects a container that does not run to a network that
        does not exist, and fails at its start.
        """
        for name in sorted(networks_of(planned, self._engine)):
            if ("network", name) in self._expected:
                continue
            if self._client.networks.inspect(name) is None and (self.check_mode or not self._settled(name)):
                option = "network_mode" if self._options.values.get("network_mode") == name else "networks"
                problem = "there is no such network on the host."
                self._needed(f"network {name}", InvalidOption(option, name, problem, "Create the network first."))
        if not any(step.action in MAKES for step in planned.steps):
            return
        self._pod()
        self._secrets()
        for option, name in other_containers(self._options.values):
            if ("container", name) in self._expected or name in observed.containers:
                continue
            if self._client.containers.inspect(name) is None:
                given = self._options.values.get(option)
                shown = given if isinstance(given, str) else name
                problem = "there is no such container on the host."
                self._needed(f"container {name}", InvalidOption(option, shown, problem, "Create it first."))
        for remark in modes.remarks(self._options.values, self._engine):
            self._warn(remark)

    def _pod(self) -> None:
        """The pod that it is to be in, which has some of the options instead."""
        name = self._options.values.get("pod")
        if not name:
            return
        pod = self._client.pods.inspect(name)
        if pod is None or pod["Name"] != name:
            problem = "there is no such pod on the host." if pod is None else f"the pod is called {pod['Name']}."
            remedy = "Create it first (remote_pod)." if pod is None else "Give its name."
            self._needed(f"pod {name}", InvalidOption("pod", name, problem, remedy))
        else:
            pods.require_own(self._options.values, pod)

    def _secrets(self) -> None:
        for name in secrets.names(self._options.values.get(secrets.OPTION) or []):
            if self._client.secrets.inspect(name) is None:
                problem = "there is no such secret on the host."
                remedy = "Create it first (remote_secret)."
                self._needed(f"secret {name}", InvalidOption(secrets.OPTION, name, problem, remedy))
