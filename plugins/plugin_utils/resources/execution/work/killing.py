# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a command that an engine runs in a container: over ssh, or from within the container where ssh's user can't."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from ....engine.protocol import Client
from ....errors import EngineError, SshError
from ....session.session import Session
from ....session.settings import Become
from .. import ending
from .asking import Asking

TIMEOUT = ending.GRACE + 10.0  # seconds
MOST_WORDS = 4096  # bytes that the script prints in a container
REAPED_WITHIN, PAUSE = 10.0, 0.05  # seconds until the engine knows of a command's process, or of its end
# Runs the script for a process of the host: (exit code, what it printed, what it complained of).
Run = Callable[[int], tuple[int | None, str, str]]


def host_runs(session: Session) -> list[Run]:
    """The ways to run the script on the host: as the login user, and as whom the task becomes."""

    def way(user: Become | None) -> Run:
        def run(pid: int) -> tuple[int | None, str, str]:
            done = session.run_on_host(ending.script_argv(pid), "", TIMEOUT, become=user)
            return done.returncode, done.stdout, done.stderr

        return run

    become = session.settings.become
    return [way(user) for user in ([None, become] if become else [None])]


class Killer:
    """Ends commands by their IDs at the engine."""

    def __init__(
        self,
        client: Client,
        container: str,
        hosts: list[Run],
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._container = container
        self._hosts = hosts
        self._now = now
        self._sleep = sleep

    def end(self, identity: str) -> str:
        """End a command with all that it has started, first politely; how, in words.

        :raises EngineError: it still runs, and why.
        """
        pid = self._told(identity)
        if pid is None:
            return "has just ended"
        if pid <= 1:
            raise EngineError("the engine does not tell its process")
        problems: list[str] = []
        for signal in self._tried(pid, problems):
            if self._has_ended(identity):
                return f"was ended with {signal}" if signal else "has just ended"
        raise EngineError("; ".join(dict.fromkeys(problems)) or "it does not end, even with SIGKILL")

    def _tried(self, pid: int, problems: list[str]) -> Iterator[str]:
        """The signal of every way that has been gone to its end; what stopped the others goes to ``problems``."""
        own = 0
        for run in self._hosts:
            try:
                code, said, complaint = run(pid)
            except SshError as error:
                problems.append(error.words)
                continue
            ended = ending.read(said)
            own = ended.own or own
            if code == 0:
                yield ended.signal
            elif code == ending.NOT_PERMITTED:
                problems.append("the user that logs in may not signal it")
            else:
                problems.append(complaint.strip() or f"the shell there ended with exit code {code}")
        if own:
            yield from self._from_within(own, problems)

    def _from_within(self, own: int, problems: list[str]) -> Iterator[str]:
        """The signal that ended it, sent by a command in the container, where that has a shell."""
        inside = Asking(self._client, self._container, self._container, None, TIMEOUT, TIMEOUT, self._now, self._sleep)
        try:
            _code, said, complaint = inside.run(ending.script_argv(own), "the command's end", MOST_WORDS)
        except EngineError as error:
            stuck = "the container's shell does not answer as it should"
            problems.append(stuck if error.kind == "container_answer" else f"in the container: {error.words}")
        else:
            if b"ended" in said:
                yield ending.read(said.decode(errors="replace")).signal
            else:
                words = complaint or said.decode(errors="replace").strip()
                problems.append(f"in the container: {words or 'no shell that ends it'}")

    def _running(self, identity: str) -> int | None:
        """Its process on the host, None when it has ended."""
        state = self._client.execs.inspect(identity)
        return int(state.get("Pid") or 0) if state.get("Running") else None

    def _told(self, identity: str) -> int | None:
        """The command's process on the host, waited for until the engine knows it; None when the command has ended.

        Docker 20.10 may pass output on before it tells the process.
        """
        deadline = self._now() + REAPED_WITHIN
        while (pid := self._running(identity)) == 0 and self._now() < deadline:
            self._sleep(PAUSE)
        return pid

    def _has_ended(self, identity: str) -> bool:
        deadline = self._now() + REAPED_WITHIN
        while self._running(identity) is not None:
            if self._now() >= deadline:
                return False
            self._sleep(PAUSE)
        return True
