# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a container's plan, each as the engine's requests; recreation is in container_recreate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.container_recreate import recreate
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.engines import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.hints import hint_for
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import Options
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.plan import Observed, Step
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import Masker

LOG_LINES = 20


class Steps:
    """What a plan's steps do. ``name`` is the container's real name, also when the task gives its ID."""

    def __init__(
        self,
        client: Any,
        options: Options,
        engine: Engine,
        masker: Masker,
        log: Callable[[str], None],
        sleep: Callable[[float], None],
        warnings: list[str],
    ) -> None:
        self.client = client
        self.options = options
        self.engine = engine
        self.masker = masker
        self.log = log
        self.sleep = sleep
        self.warnings = warnings
        self.name = options.name
        self.stop_timeout: int | None = options.values.get("stop_timeout")
        self._simple: dict[str, Callable[[], Any]] = {
            "start": lambda: self.client.start(self.name),
            "stop": lambda: self.client.stop(self.name, self.stop_timeout),
            "restart": lambda: self.client.restart(self.name, self.stop_timeout),
            "pause": lambda: self.client.pause(self.name),
            "unpause": lambda: self.client.unpause(self.name),
        }

    def do(self, step: Step, observed: Observed) -> None:
        """Do one step.

        :raises EngineError: with what was tried, the engine's words and the end of the container's log.
        """
        if step.action in self._simple:
            try:
                self._simple[step.action]()
            except EngineError as error:
                raise self.failure(f"The container {self.name} could not {step.action}", error) from error
        elif step.action == "recreate" and observed.container is not None:
            recreate(self, observed.container, step.args)
        else:
            getattr(self, f"_{step.action}")(**step.args)

    def pull(self) -> dict[str, Any]:
        """Pull the task's image and return its inspect."""
        reference = str(self.options.image)
        self.log(f"pull {reference}")
        try:
            self.client.pull_image(reference)
        except EngineError as error:
            raise self.failure(f"The image {reference} could not be pulled", error, logs=False) from error
        image: dict[str, Any] | None = self.client.inspect_image(reference)
        if image is None:
            raise EngineError(f"The image {reference} was pulled, and is not on the host.")
        return image

    def _create(self, body: Mapping[str, Any], connect: Mapping[str, Any], disconnect: list[str]) -> None:
        try:
            self.create(body, connect, disconnect)
        except EngineError as error:
            message = f"The container {self.name} could not be created from {body['Image']}"
            raise self.failure(message, error, logs=False) from error

    def create(self, body: Mapping[str, Any], connect: Mapping[str, Any], disconnect: list[str]) -> None:
        """Create the container under its name, in all its networks."""
        self.client.create_container(self.name, dict(body))
        for network, config in connect.items():
            self.client.connect_network(network, self.name, config)
        for network in disconnect:
            self.client.disconnect_network(network, self.name)

    def _update(self, body: Mapping[str, Any]) -> None:
        """What an engine refuses to change live is seen in the next inspect, and then recreates."""
        try:
            self.client.update(self.name, dict(body))
        except EngineError as error:
            if error.status is None:
                raise
            self.log(f"{self.name}: the engine refused the update: {error.message}")

    def _connect_network(self, network: str, config: Mapping[str, Any]) -> None:
        try:
            self.client.connect_network(network, self.name, dict(config))
        except EngineError as error:
            message = f"The container {self.name} could not be connected to the network {network}"
            raise self.failure(message, error, logs=False) from error

    def _disconnect_network(self, network: str) -> None:
        try:
            self.client.disconnect_network(network, self.name)
        except EngineError as error:
            message = f"The container {self.name} could not be disconnected from the network {network}"
            raise self.failure(message, error, logs=False) from error

    def _remove(self, volumes: bool) -> None:
        try:
            self.client.stop(self.name, self.stop_timeout)
        except EngineError as error:  # a paused or broken container can still be removed by force
            self.log(f"{self.name}: {error.message}")
        try:
            self.client.remove(self.name, force=True, volumes=volumes)
        except EngineError as error:
            raise self.failure(f"The container {self.name} could not be removed", error, logs=False) from error

    def failure(self, what: str, error: EngineError, *, logs: bool = True) -> EngineError:
        """The engine's error with what was being done and the end of the container's log; masked."""
        image = f" (image {self.options.image})" if self.options.image and logs else ""
        words = error.message.strip().rstrip(".")
        ending = self.log_end(self.name) if logs and error.status is not None else ""
        message = self.masker.text(f"{what}{image}: {words}.{ending}")
        return EngineError(message, error.status, error.hint or hint_for(words), error.kind)

    def log_end(self, name: str) -> str:
        """The last lines of a container's log, masked; '' when there are none."""
        try:
            lines = str(self.client.logs_tail(name, LOG_LINES)).strip()
        except EngineError:
            return ""
        return f"\nThe end of its log:\n{self.masker.text(lines)}" if lines else ""
