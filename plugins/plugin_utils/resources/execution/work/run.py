# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command in a container and waits for its end, or ends it when its time is up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ....telling import indented
from ...shared.plan import Step
from ...shared.work.lookup import running_container
from ...shared.work.needed import needed
from ...shared.work.runner import Runner
from .. import refusal
from ..options import Command, never_ran, outcome
from ..output import Output
from ..plan import plan

# Between two looks at a command that has closed its output, in seconds, growing.
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
STDERR = 2
LAST_LINES = 20
# Ends a command by its ID at the engine: how, in words.
End = Callable[[str], str]


def run_command(runner: Runner, command: Command, end: End) -> dict[str, Any]:
    """Run the task's command; the module's result.

    :param end: as with :class:`Execution`.
    :raises EngineError: as with :meth:`Execution.run`.
    """
    results: list[dict[str, Any]] = []

    def do(client: Client, step: Step) -> None:
        results.append(Execution(client, step.args["command"], end).run())

    runner.run(plan(command), do)
    return results[0]


class Execution:
    """One command in one container. ``end`` raises EngineError with the reason where it can't end the command."""

    def __init__(
        self,
        client: Client,
        command: Command,
        end: End,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._command = command
        self._end = end
        self._now = now
        self._sleep = sleep
        self._outputs = (Output(command.most), Output(command.most))

    def run(self) -> dict[str, Any]:
        """Run it; the module's result.

        :raises EngineError: there is no such container, it does not run, the engine refused, or time is up (kind
            ``timeout``).
        """
        running_container(self._client, self._command.container)
        try:
            identity = self._client.execs.create(self._command.container, self._command.request())
        except EngineError as error:  # some look for the user now, and others when the command starts
            code = refusal.code_of(error.message)
            if code is None or self._command.detach:
                raise
            return {"changed": True, **never_ran(error.message, code)}
        if self._command.detach:
            self._client.execs.start_detached(identity, self._command.tty)
            return {"changed": True, "exec_id": identity}
        deadline = None if self._command.timeout is None else self._now() + self._command.timeout
        try:
            result = self._finished(identity, deadline)
        except TimeoutError:
            raise self._out_of_time(identity) from None
        return {"changed": True, **result}

    def _finished(self, identity: str, deadline: float | None) -> dict[str, Any]:
        """The outcome. That of a program which could not be started is a shell's, with the engine's words in stderr."""
        try:
            self._client.execs.attach(
                identity, self._take, tty=self._command.tty, source=self._command.source(), deadline=deadline,
                now=self._now,
            )  # fmt: skip
        except EngineError as error:
            if (code := refusal.code_of(error.message)) is None:
                raise
            return never_ran(error.message, code)
        state = ended(self._client, identity, deadline, self._now, self._sleep)
        stdout, stderr = (output.beginning(refusal.LONGEST) for output in self._outputs)
        engine = self._client.engine
        if words := refusal.never_ran(state, stdout, stderr, engine):
            return never_ran(words, refusal.code_of(words) or refusal.NOT_RUN)
        return outcome(self._command, *self._outputs, int(state["ExitCode"]), engine)

    def _take(self, stream: int, data: bytes) -> None:
        self._outputs[stream == STDERR].add(data)

    def _out_of_time(self, identity: str) -> EngineError:
        words = f"The command in {self._command.container} did not end within {self._command.timeout:g} seconds"
        result = outcome(self._command, *self._outputs, None, self._client.engine)
        tail = "\n".join([*result["stdout_lines"], *result["stderr_lines"]][-LAST_LINES:])
        said = f"\nThe end of its output:\n{indented(tail)}" if tail else ""
        try:
            how = self._end(identity)
        except EngineError as error:
            return EngineError(
                f"{words}, and could not be ended: {error.message}.",
                hint=f"It may still run there: end it by hand, or restart the container.{said}", kind="timeout",
            )  # fmt: skip
        hint = f"Raise timeout, or look why it takes so long.{said}"
        return EngineError(f"{words}, and {how}.", hint=hint, kind="timeout")


def ended(
    client: Client,
    identity: str,
    deadline: float | None = None,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """The engine's description of a command, when it has ended: it may close its output long before.

    :raises TimeoutError: it still runs at the deadline.
    """
    pause = FIRST_PAUSE
    while True:
        state: dict[str, Any] = client.execs.inspect(identity)
        if not state.get("Running") and state.get("ExitCode") is not None:
            return state
        if deadline is not None and now() >= deadline:
            raise TimeoutError
        sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


# By the kind of the error that a run ends with, what it needs.
_NEEDED = {"container_missing": "container", "container_stopped": "running container"}


def skipped(client: Client, container: str) -> dict[str, Any]:
    """The result in check mode. That the container is missing or does not run is no failure there: a task before this
    one may be about to mend it.
    """
    warnings: list[str] = []
    message = "The command would run if this were not check mode."
    try:
        running_container(client, container)
    except EngineError as error:
        if error.kind not in _NEEDED:
            raise
        needed(f"{_NEEDED[error.kind]} {container}", error, check_mode=True, warn=warnings.append)
        message = f"{message[:-1]}; as it is now, it would fail: {error.message}"
    return {"changed": False, "skipped": True, "msg": message, "warnings": warnings}
