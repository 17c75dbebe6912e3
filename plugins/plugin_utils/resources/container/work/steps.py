# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a container's plan, each as the engine's requests; recreation is in container_recreate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.plan import Step
from ...shared.platforms import require_platform
from ...shared.secrets import Masker
from ..options.parsing import Options
from ..plan.leftover import Leftover
from ..result.hints import hint_for
from .foreground import run_to_end
from .log import log_end
from .ports import PortChoice
from .recreate import finish, recreate, restore
from .removal import discard
from .wait import Waiter

# While Podman finds the port taken: so many tries, so far apart (seconds), with so many requests between them.
START_TRIES, START_PAUSE, STIRRING_REQUESTS = 3, 0.1, 10
# Looks at a container after a signal, and at one that is being removed; the pauses are in seconds.
KILL_LOOKS, KILL_PAUSE = 100, 0.1
REMOVAL_PAUSE = 0.2
# Failures that no request has caused.
_ITS_OWN_END = frozenset({"container_ended", "not_in_time"})


class Steps:
    """What a plan's steps do. ``name`` is the container's real name, also when the task gives its ID."""

    def __init__(
        self,
        client: Client,
        options: Options,
        engine: Engine,
        masker: Masker,
        log: Callable[[str], None],
        sleep: Callable[[float], None],
        warnings: list[str],
        waiter: Waiter,
        ports: PortChoice,
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
        self.waiter = waiter
        self.ports = ports
        self._made: tuple[str, Mapping[str, Any]] | None = None  # the ID of a new container, and what made it
        self.outcome: dict[str, Any] = {}  # exit code and output of a container that ran to its end within the task
        self.update_refused = False
        self.proven = ""  # the ID of the container that has shown already what the task waits for
        self._simple: dict[str, Callable[[], Any]] = {
            "start": self._start,
            "stop": lambda: self.halt(self.name),
            "restart": lambda: self.client.containers.restart(self.name, self.stop_timeout),
            "pause": lambda: self.client.containers.pause(self.name),
            "unpause": lambda: self.client.containers.unpause(self.name),
        }

    def do(self, step: Step) -> None:
        """Do one step.

        :raises EngineError: with what was tried, the engine's words and the end of the container's log.
        """
        if step.action in self._simple:
            try:
                self._simple[step.action]()
            except EngineError as error:
                error.hint = self.ports.hint(error) or error.hint
                raise self.failure(f"The container {self.name} could not {step.action}", error) from error
        elif step.action == "recreate":
            recreate(self, step.args)
        else:
            getattr(self, f"_{step.action}")(**step.args)

    def pull(self) -> dict[str, Any]:
        """Pull the task's image and return its inspect."""
        reference = str(self.options.image)
        self.log(f"pull {reference}")
        platform = self.options.behaviour.platform
        try:
            more: dict[str, Any] = {"platform": platform} if platform else {}
            self.client.images.pull(reference, **more)
        except EngineError as error:
            raise self.failure(f"The image {reference} could not be pulled", error, logs=False) from error
        image: dict[str, Any] | None = self.client.images.inspect(reference)
        if image is None:
            raise EngineError(f"The image {reference} was pulled, and is not on the host.")
        if self.options.comparisons["platform"] != "ignore":
            require_platform(reference, "pulled", platform, image)
        return image

    def _create(self, body: Mapping[str, Any], connect: Mapping[str, Any], disconnect: list[str]) -> None:
        try:
            identity = self.create(body, connect, disconnect)
        except EngineError as error:
            message = f"The container {self.name} could not be created from {body['Image']}"
            raise self.failure(message, error, logs=False) from error
        self._made = identity, {"body": body, "connect": connect, "disconnect": disconnect}

    def create(self, body: Mapping[str, Any], connect: Mapping[str, Any], disconnect: list[str]) -> str:
        """Create the container under its name, in all its networks, and return its ID."""
        platform = self.options.behaviour.platform
        more = {"platform": platform} if platform else {}
        identity = str(self.client.containers.create(self.name, dict(body), **more))
        self.ports.release()
        for network, config in connect.items():
            self.client.networks.connect(network, self.name, config)
        for network in disconnect:
            self.client.networks.disconnect(network, self.name)
        return identity

    def start(self, container: str, tries: int = START_TRIES) -> None:
        """Start a container. Podman's service itself keeps the ports of one whose start has failed until its memory is
        collected, which a few requests bring about (seen on 4.3 and 5.4).
        """
        for left in reversed(range(tries)):
            try:
                self.client.containers.start(container)
                return
            except EngineError as error:
                if error.kind != "port_in_use" or not self.engine.keeps_ports_of_failed_starts or not left:
                    raise
            for _request in range(STIRRING_REQUESTS):
                self.client.containers.inspect(container)
            self.sleep(START_PAUSE)

    def start_made(self, identity: str, args: Mapping[str, Any], note: Callable[[str], None]) -> None:
        """Start a container that was made just now; where the port that was chosen for it is taken by then, make it
        again with another one.

        :param args: ``body``, ``connect`` and ``disconnect`` that it was made with.
        :param note: is told the ID of each container that takes its place, and '' while there is none.
        """
        body = args["body"]
        while True:
            try:
                self.start(identity)
                return
            except EngineError as error:
                other = self.ports.another(identity, body, error)
                if other is None:
                    raise
                self.log(f"{self.name}: {error.message} Another port is chosen.")
                body = other
            self.client.containers.remove(identity, force=True, volumes=True)
            note("")
            identity = self.create(body, args["connect"], args["disconnect"])
            note(identity)

    def _start(self) -> None:
        if self._made is None:
            self.start(self.name)
        else:
            self.start_made(*self._made, note=lambda identity: None)

    def prove(self, identity: str) -> None:
        """Return when a new container runs, and has come to what the task waits for.

        :raises EngineError: it ended, or did not come to it in time.
        """
        self.waiter.stays_up(identity)
        self.waiter.wait(identity)
        self.proven = identity

    def _finish(self, old: Leftover, prove: bool) -> None:
        finish(self, old, prove)

    def _restore(self, old: Leftover, unfinished: str | None, stay_aside: bool) -> None:
        restore(self, old, unfinished, stay_aside)

    def _remove_leftover(self, container: str, volumes: bool) -> None:
        try:
            discard(self.client, container, volumes, self.sleep)
        except EngineError as error:
            what = f"What a recreation of {self.name} has left ({container[:12]}) could not be removed"
            raise self.failure(what, error, logs=False) from error

    def _update(self, body: Mapping[str, Any]) -> None:
        """What an engine refuses to change live is seen in the next inspect, and then recreates."""
        try:
            self.client.containers.update(self.name, dict(body))
        except EngineError as error:
            if error.status is None:
                raise
            self.update_refused = True
            self.log(f"{self.name}: the engine refused the update: {error.message}")

    def _connect_network(self, network: str, config: Mapping[str, Any]) -> None:
        try:
            self.client.networks.connect(network, self.name, dict(config))
        except EngineError as error:
            if self.engine.notes_failed_connections:
                self._forget_connection(network)
            message = f"The container {self.name} could not be connected to the network {network}"
            raise self.failure(message, error, logs=False) from error

    def _forget_connection(self, network: str) -> None:
        """Podman (4.3 and 5.4) writes a connection down before it fails, and can then neither inspect the container nor
        list any. Its answer to the disconnection is an error, too.
        """
        try:
            self.client.networks.disconnect(network, self.name)
        except EngineError as error:
            self.log(f"{self.name}: {error.message}")

    def _disconnect_network(self, network: str) -> None:
        try:
            self.client.networks.disconnect(network, self.name)
        except EngineError as error:
            message = f"The container {self.name} could not be disconnected from the network {network}"
            raise self.failure(message, error, logs=False) from error

    def _remove(self, volumes: bool) -> None:
        try:
            if not self.options.behaviour.force_kill:  # a removal by force kills
                self.client.containers.stop(self.name, self.stop_timeout)
        except EngineError as error:  # a paused or broken container can still be removed by force
            self.log(f"{self.name}: {error.message}")
        try:
            discard(self.client, self.name, volumes, self.sleep)
        except EngineError as error:
            raise self.failure(f"The container {self.name} could not be removed", error, logs=False) from error
        self._wait_for_removal()

    def _wait_for_removal(self) -> None:
        limit, waited = self.options.behaviour.removal_wait_timeout, 0.0
        while self.client.containers.inspect(self.name) is not None:
            if limit is not None and waited >= limit:
                raise EngineError(
                    f"The container {self.name} was still being removed after {limit:g} seconds.",
                    hint="Raise removal_wait_timeout.", kind="timeout",
                )  # fmt: skip
            self.sleep(REMOVAL_PAUSE)
            waited += REMOVAL_PAUSE

    def halt(self, container: str) -> None:
        """Stop a container, or kill it where the task says so, and return when it has ended."""
        if not self.options.behaviour.force_kill:
            self.client.containers.stop(container, self.stop_timeout)
            return
        self.client.containers.kill(container, self.options.behaviour.kill_signal)
        for _look in range(KILL_LOOKS):
            state = (self.client.containers.inspect(container) or {}).get("State") or {}
            if not state.get("Running"):
                return
            self.sleep(KILL_PAUSE)
        raise EngineError(
            f"It still runs {KILL_LOOKS * KILL_PAUSE:g} seconds after {self.options.behaviour.kill_signal}.",
            hint="Use another kill_signal, or leave it out for SIGKILL.", kind="timeout",
        )  # fmt: skip

    def _await_end(self) -> None:
        self.outcome = run_to_end(self.client, self.name, self.sleep, self.warnings.append)

    def failure(self, what: str, error: EngineError, *, logs: bool = True) -> EngineError:
        """The engine's error with what was being done and the end of the container's log; masked."""
        image = f" (image {self.options.image})" if self.options.image and logs else ""
        words = error.words
        answered = error.status is not None or error.kind in _ITS_OWN_END
        ending = self.log_end(self.name) if logs and answered else ""
        message = self.masker.text(f"{what}{image}: {words}.{ending}")
        return EngineError(message, error.status, error.hint or hint_for(words), error.kind)

    def log_end(self, name: str) -> str:
        """The last lines of a container's log, or why they can't be read; masked, '' when there is nothing to tell."""
        return self.masker.text(log_end(self.client, name, self.sleep))
