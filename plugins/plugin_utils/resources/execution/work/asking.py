# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands of ours in a container, who may be hostile: size and time have bounds, and what goes beyond is ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from ....engine.protocol import Client
from ....errors import EngineError, FleetError
from .run import End, ended

LITTLE = 1024 * 1024  # bytes that a command prints which has nothing to tell
QUOTED = 2000  # characters of a complaint
SLOWEST = 20e6  # bytes a second that any host reads and digests
LONGEST_READ = 3600.0  # seconds
PATIENCE = 10  # times as long as it may keep silent, an answer may take
SILENT = "does not come to an end, where engine_timeout is {:g} seconds"


class TooMuch(Exception):
    """More came than was asked for."""


class Heard:
    """What a command prints, up to ``most`` bytes in both streams together.

    :param silence: seconds that may pass without a word; ``total`` for all of it.
    """

    def __init__(self, most: int, silence: float, total: float, now: Callable[[], float]) -> None:
        self.printed = bytearray()
        self.complaint = bytearray()
        self._most = most
        self._before_last_silence = total - silence
        self._now = now
        self._began = self._last = now()

    def take(self, stream: int, data: bytes) -> None:
        """:raises TooMuch: it is too long."""
        if len(self.printed) + len(self.complaint) + len(data) > self._most:
            raise TooMuch
        (self.printed if stream == 1 else self.complaint).extend(data)
        self._last = self._now()

    def waited(self) -> float:
        """A clock on which ``silence`` is the deadline: seconds since the last word, or since the moment after which
        there is only that much left of the whole time.
        """
        now = self._now()
        return max(now - self._last, now - self._began - self._before_last_silence)


class Asking:
    """Commands in one container, as root.

    :param name: the container's, for messages.
    :param end: ends a command by its ID at the engine; None where nothing can.
    :param silence: seconds that a command may keep silent; ``total`` for all of it.
    """

    def __init__(
        self,
        client: Client,
        container: str,
        name: str,
        end: End | None,
        silence: float,
        total: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._container = container
        self._name = name
        self._end = end
        self._silence = silence
        self._total = total
        self._now = now
        self._sleep = sleep

    def run(self, argv: list[str], about: str, most: int = LITTLE, reads: int = 0) -> tuple[int, bytes, str]:
        """(its exit code, what it printed, its complaint). What can't be started has 127.

        :param about: the path that it is about.
        :param most: bytes that it may print.
        :param reads: bytes that it has to read, for which it gets more time.
        :raises EngineError: kind ``container_answer``: it printed more, or took too long; it has been ended.
        """
        more = min(reads / SLOWEST, LONGEST_READ)
        silence = self._silence + more
        body = {"Cmd": argv, "User": "0", "AttachStdout": True, "AttachStderr": True}
        try:
            identity = self._client.execs.create(self._container, body)
            heard = Heard(most, silence, self._total + more, self._now)
            try:
                self._client.execs.attach(identity, heard.take, deadline=silence, now=heard.waited)
                state = ended(self._client, identity, silence, heard.waited, self._sleep)
            except TooMuch:
                raise self.refused(about, f"prints more than {most} bytes", self._stopped(identity)) from None
            except TimeoutError:
                raise self.refused(about, SILENT.format(self._silence), self._stopped(identity)) from None
        except EngineError as error:
            if error.status is None:
                raise
            return 127, b"", error.message
        return int(state["ExitCode"]), bytes(heard.printed), _quoted(heard.complaint)

    def refused(self, about: str, problem: str, more: str = "") -> EngineError:
        """The error to raise where what the container says can't be used."""
        return EngineError(
            f"The container {self._name}, asked about {about!r}, {problem}{more}.",
            hint="Are its shell, find, stat and sha256sum what they should be? If it is only slow, raise "
            "engine_timeout. One that is stopped is not asked: the engine is.",
            kind="container_answer",
        )

    def _stopped(self, identity: str) -> str:
        if self._end is None:
            return ""
        try:
            return f"; the command {self._end(identity)}"
        except FleetError as error:
            return f"; the command could not be ended and may still run there: {error.words}"


def _quoted(complaint: bytearray) -> str:
    text = complaint[: 4 * QUOTED].decode(errors="replace").strip()
    return text if len(text) <= QUOTED else f"{text[:QUOTED]} …"
