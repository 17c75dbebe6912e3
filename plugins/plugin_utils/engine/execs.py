# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to run a command in a container."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..errors import EngineError
from . import shapes
from .bounds import BadAnswer
from .failures import bad_answer
from .lifeline import Lifeline
from .protocol import Output
from .references import segment
from .streams import Frames
from .upgraded import Upgraded
from .wire import Wire

STDOUT, STDERR = 1, 2
_UNKNOWN = re.compile(r"no such exec|no exec session", re.IGNORECASE)
LOOK_FIRST = "Look whether the command has done its work before you run it again."


class Execs:
    """Commands in running containers, by the ID that :meth:`create` gives."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._lifelines: dict[str, Lifeline] = {}  # of commands that have not been seen to end

    def create(self, container: str, config: Mapping[str, Any]) -> str:
        """Prepare a command; ``config`` is the API's (Cmd, Env, User, WorkingDir, Tty, AttachStdin, …). Its ID."""
        request = f"exec in container {container}"
        path = f"/containers/{segment(container)}/exec"
        return str(self._wire.post(request, path, body=dict(config), shape=shapes.STARTED)["Id"])

    def attach(
        self,
        identity: str,
        output: Output,
        *,
        tty: bool = False,
        source: Iterator[bytes | None] | None = None,
        deadline: float | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Run a prepared command; returns when it has closed its output.

        :param output: gets what it writes as it comes: (STDOUT or STDERR, bytes); all of it is stdout with ``tty``.
        :param source: its input in chunks; one that is None is asked for again when the command has written something.
        :param deadline: on ``now``'s clock.
        :raises TimeoutError: at the deadline; the command still runs.
        :raises EngineError: kind ``answer_lost`` where the stream was cut in the middle of what the command wrote.
        """
        path = f"/v{self._wire.identity.api_version}/exec/{segment(identity)}/start"
        self._wire.api.account.require("POST", path)
        with self._watched(identity):
            with self._knowing(), self._wire.sending("exec", again=LOOK_FIRST):
                stream = Upgraded(
                    self._wire.socket_path, path, {"Detach": False, "Tty": tty}, self._wire.timeout,
                    sent=lambda: self._wire.api.account.note("POST", path),
                )  # fmt: skip
            try:
                self._exchange(stream.exchange(source, deadline, now, half_close=not tty), output, tty)
            except EngineError as error:
                self._wire.annotate(error, "exec", LOOK_FIRST)
                raise
            finally:
                stream.close()

    @contextmanager
    def _watched(self, identity: str) -> Iterator[None]:
        """Have a lifeline for :meth:`inspect`; none stays where the end of the command's output is not seen."""
        if not self._wire.engine.keeps_execs:
            yield
            return
        with self._wire.sending("exec", again=LOOK_FIRST):
            lifeline = Lifeline(self._wire.socket_path, self._wire.timeout)
        try:
            yield
        except BaseException:
            lifeline.close()
            raise
        self._lifelines[identity] = lifeline

    @staticmethod
    def _exchange(pieces: Iterator[bytes], output: Output, tty: bool) -> None:
        frames = Frames()
        try:
            for data in pieces:
                for number, part in [(STDOUT, data)] if tty else frames.feed(data):
                    output(number, part)
        except BadAnswer as problem:
            raise bad_answer("exec", problem) from problem
        if not frames.whole:
            raise EngineError("The stream from the engine was cut in the middle of the output.", kind="no_answer")

    def start_detached(self, identity: str, tty: bool = False) -> None:
        """Start a prepared command and leave it alone."""
        with self._knowing():
            path = f"/exec/{segment(identity)}/start"
            self._wire.post("exec", path, body={"Detach": True, "Tty": tty}, again=LOOK_FIRST)

    def inspect(self, identity: str) -> dict[str, Any]:
        """The engine's description of a command: Running, ExitCode (None while it runs), Pid on the host.

        :raises EngineError: kind ``answer_lost`` where the engine does not know it, or what it wrote was lost.
        """
        with self._knowing():
            found: dict[str, Any] = self._wire.get("exec", f"/exec/{segment(identity)}/json", shapes.EXEC)
        self._require_whole(identity, found)
        return found

    def _require_whole(self, identity: str, found: Mapping[str, Any]) -> None:
        """Refuse to tell how a command has ended of whose output a part was lost. Podman 4.3 says for five minutes that
        it still runs, whatever has become of it.
        """
        if (lifeline := self._lifelines.get(identity)) is None:
            return
        runs, broken = found.get("Running"), lifeline.broken()
        if not runs or broken:
            self._lifelines.pop(identity).close()
        if broken:
            how = "It may still run" if runs else f"It has ended with exit code {found.get('ExitCode')}"
            raise EngineError(
                "The engine has ended, or the connection to it, while the command ran, so not all that it wrote has "
                f"come. {how}.",
                hint=LOOK_FIRST, kind="answer_lost",
            )  # fmt: skip

    @staticmethod
    @contextmanager
    def _knowing() -> Iterator[None]:
        """Commands live in the engine's memory: one that it has never heard of was prepared before it restarted."""
        try:
            yield
        except EngineError as error:
            if error.status != 404 or not _UNKNOWN.search(error.message):
                raise
            raise EngineError(
                "The engine does not know the command any more: it was restarted meanwhile, or the container was "
                f"removed. What became of the command is lost. The engine says: {error.message}",
                404, LOOK_FIRST, "answer_lost",
            ) from error  # fmt: skip
