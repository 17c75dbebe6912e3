# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command in a container and waits for its end, or ends it when its time is up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.named import running_container
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.options import Command, outcome
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.output import Output

# Between two looks at a command that has closed its output, in seconds, growing.
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
GRACE = 5.0  # seconds between the polite signal and the other one
STDERR = 2
# Ends a process and its group on the host: (its ID there, the signal's name).
Kill = Callable[[int, str], None]


class Execution:
    """One command in one container. ``kill`` raises SshError where no command can be run on the host."""

    def __init__(
        self,
        client: Any,
        command: Command,
        kill: Kill,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._command = command
        self._kill = kill
        self._now = now
        self._sleep = sleep
        self._outputs = (Output(command.most), Output(command.most))

    def run(self) -> dict[str, Any]:
        """Run it; the module's result.

        :raises EngineError: there is no such container, it does not run, the engine refused, or time is up (kind
            ``timeout``).
        """
        running_container(self._client, self._command.container)
        identity = self._client.exec_create(self._command.container, self._command.request())
        if self._command.detach:
            self._client.exec_detached(identity, self._command.tty)
            return {"changed": True, "exec_id": identity}
        deadline = None if self._command.timeout is None else self._now() + self._command.timeout
        try:
            self._client.exec_start(
                identity, self._take, tty=self._command.tty, source=self._command.source(), deadline=deadline,
                now=self._now,
            )  # fmt: skip
            code = self._ended(identity, deadline)
        except TimeoutError:
            raise self._out_of_time(identity) from None
        return {"changed": True, **outcome(self._command, *self._outputs, code)}

    def _take(self, stream: int, data: bytes) -> None:
        self._outputs[stream == STDERR].add(data)

    def _ended(self, identity: str, deadline: float | None) -> int:
        """The exit code, when it has ended: a command may close its output long before."""
        pause = FIRST_PAUSE
        while True:
            state = self._client.exec_state(identity)
            if not state.get("Running") and state.get("ExitCode") is not None:
                return int(state["ExitCode"])
            if deadline is not None and self._now() >= deadline:
                raise TimeoutError
            self._sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _out_of_time(self, identity: str) -> EngineError:
        words = f"The command in {self._command.container} did not end within {self._command.timeout:g} seconds"
        result = outcome(self._command, *self._outputs, None)
        tail = "\n".join([*result["stdout_lines"], *result["stderr_lines"]][-20:])
        said = f"\nThe end of its output:\n{tail}" if tail else ""
        try:
            how = self._end(identity)
        except EngineError as error:
            return EngineError(
                f"{words}, and could not be ended: {error.message}{said}",
                hint="It may still run there: end it by hand, or restart the container.", kind="timeout",
            )  # fmt: skip
        hint = "Raise timeout, or look why it takes so long."
        return EngineError(f"{words}, and {how}.{said}", hint=hint, kind="timeout")

    def _end(self, identity: str) -> str:
        """End it with all that it has started in its session, first politely."""
        for signal, words in (("TERM", "was ended with SIGTERM"), ("KILL", "was ended with SIGKILL")):
            state = self._client.exec_state(identity)
            if not state.get("Running"):
                return "has just ended"
            self._kill(int(state.get("Pid") or 0), signal)
            try:
                self._ended(identity, self._now() + GRACE)
            except TimeoutError:
                continue
            return words
        raise EngineError(f"it still runs {GRACE:g} seconds after SIGKILL.")
