# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands and files in one running container, which is found by its name."""

from __future__ import annotations

import posixpath
import secrets
import stat
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from ....engine.protocol import Output
from ....errors import EngineError
from ....session.kept import KeptSession
from ....session.session import Session
from ...copying import archive
from ...copying.entries import FILE, Entry
from ...execution import refusal
from ...execution.work.run import ended
from ...shared.plan import Resource
from ...shared.work.lookup import running_container
from ...shared.work.runner import Hooks, Runner
from ..place import Place, reading, writing
from ..refusal import KILLED, ended_meanwhile, file_failed, not_started

CHUNK = 256 * 1024
STDOUT, STDERR = 1, 2
ADDED_BEGINS = b"Error: "  # so begins what an engine adds
TAIL = 4096  # bytes that it has at most
MOST_COMPLAINT = 2000  # bytes
# Seconds between looks at a container whose command was killed: an engine tells that before it knows that the container
# itself has ended.
LATE_LOOKS = (0.1, 0.3, 0.6)


class Container:
    """The container of a place.

    :param kept: a session with its engine.
    :param hooks: what is told of each command and file that goes into it, and may refuse it.
    """

    def __init__(
        self,
        kept: KeptSession,
        place: Place,
        hooks: Callable[[Session], Sequence[Hooks]] = lambda _session: (),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._kept = kept
        self._place = place
        self._hooks = hooks
        self._sleep = sleep
        self._seen: tuple[Session, dict[str, Any]] | None = None

    def find(self) -> None:
        """Look whether it is there and runs.

        :raises EngineError: kinds ``container_missing`` and ``container_stopped``, and what engines say.
        :raises SshError: the host or its engine can't be reached.
        """
        self._kept.work(self._found)

    def run(
        self,
        argv: Sequence[str],
        output: Output,
        source: Iterator[bytes | None] | None = None,
        deadline: float | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> int:
        """Run a command to its end: its exit code.

        :param output: gets what it writes as it comes: (1 for stdout or 2 for stderr, bytes).
        :param source: its input; a chunk that is None is asked for again when the command has written something.
        :param deadline: on ``now``'s clock.
        :raises TimeoutError: at the deadline; the command still runs.
        :raises EngineError: as :meth:`find`; the command could not be started (kind ``no_shell`` where the program is
            missing), or its container was stopped meanwhile.
        """

        def work(session: Session) -> int:
            client, heard = session.client, _Heard(output)
            with self._doing(session, "exec"):
                identity = self._prepared(session, argv, stdin=source is not None)
                try:
                    client.execs.attach(identity, heard.take, source=source, deadline=deadline, now=now)
                    state = ended(client, identity)
                except EngineError as error:
                    raise self._explained(session, argv, error) from error
            return self._code(session, argv, heard, state)

        return self._kept.work(work)

    def _doing(self, session: Session, action: str) -> AbstractContextManager[None]:
        """What a connection does is a step, too: others may not let it happen, or write it down."""
        step = Resource("container", self._place.container).step(action, "a task works in the container")
        return Runner(session.client, lambda _line: None, hooks=self._hooks(session)).doing(step)

    def _prepared(self, session: Session, argv: Sequence[str], *, stdin: bool) -> str:
        """The ID of a command that can be started. A container that was made anew meanwhile is found by its name."""
        client, body = session.client, self._place.request(argv, stdin=stdin)
        known = self._found(session)
        try:
            return client.execs.create(known["Id"], body)
        except EngineError as error:
            if error.status is None:
                raise
            self._seen = None
            if self._found(session)["Id"] == known["Id"]:
                if refusal.code_of(error.message) is None:
                    raise
                raise not_started(self._place.container, argv, error.message) from error
        return client.execs.create(self._found(session)["Id"], body)

    def _found(self, session: Session) -> dict[str, Any]:
        if self._seen is None or self._seen[0] is not session:
            self._seen = session, running_container(session.client, self._place.container)
        return self._seen[1]

    def _explained(self, session: Session, argv: Sequence[str], error: EngineError) -> EngineError:
        """The error of a command that was begun, with what is the matter with its container."""
        if error.status is not None and refusal.code_of(error.message) is not None:
            return not_started(self._place.container, argv, error.message)
        if error.status is not None or error.kind == "answer_lost":
            return self._gone(session) or error
        return error

    def _gone(self, session: Session) -> EngineError | None:
        """The error for a command whose container does not run any more; None where it does, or nobody knows."""
        known, self._seen = self._found(session)["Id"], None
        try:
            now = self._found(session)["Id"]
        except EngineError as problem:
            if problem.kind not in ("container_missing", "container_stopped"):
                return None
            return ended_meanwhile(self._place.container, problem)
        if now == known:
            return None
        return ended_meanwhile(
            self._place.container,
            EngineError("Another one has its name now.", hint="Run the task again.", kind="container_stopped"),
        )

    def _gone_by_now(self, session: Session) -> EngineError | None:
        """As ``_gone``, with some patience."""
        for pause in LATE_LOOKS:
            if (error := self._gone(session)) is not None:
                return error
            self._sleep(pause)
        return self._gone(session)

    def _code(self, session: Session, argv: Sequence[str], heard: _Heard, state: dict[str, Any]) -> int:
        engine, code = session.client.engine, int(state["ExitCode"])
        stdout, stderr = (said.decode(errors="replace") for said in heard.beginnings)
        if words := refusal.never_ran(state, stdout, stderr, engine):
            raise not_started(self._place.container, argv, words)
        if code in KILLED and (error := self._gone_by_now(session)) is not None:
            raise error
        heard.finish(adds_words=engine.execs_add_words)
        return code

    def put(self, local: str, path: str) -> None:
        """Write a file of the controller into the container, a piece at a time, through the engine's archives where
        these reach what its user sees, else through a shell there.

        :raises EngineError: as :meth:`run`; the file can't be written.
        :raises OSError: the file on the controller can't be read.
        """
        with Path(local).open("rb") as file:
            if not self._kept.work(lambda session: self._put_by_archive(session, file, path)):
                file.seek(0)
                self._through(writing(path), path, None, iter(lambda: file.read(CHUNK), b""))

    def _put_by_archive(self, session: Session, file: IO[bytes], path: str) -> bool:
        if not self._reached(session, path):
            return False
        found, about = self._found(session), Path(file.name).stat()
        entry = Entry(FILE, stat.S_IMODE(about.st_mode), (0, 0), about.st_size)
        file.seek(0)
        member = archive.Member(
            posixpath.basename(path), entry, about.st_mtime, lambda: iter(lambda: file.read(CHUNK), b"")
        )
        try:
            with self._doing(session, "copy"):
                session.client.archives.put(found["Id"], posixpath.dirname(path), archive.written([member]))
        except EngineError as error:
            if error.status is None:
                raise
            return False  # the shell may know better, or say why
        except archive.Changed:
            return False
        return True

    def fetch(self, path: str, local: str) -> None:
        """Write a file of the container into one of the controller, as :meth:`put` does the other way.

        :raises EngineError: as :meth:`run`; the file can't be read.
        :raises OSError: the file on the controller can't be written.
        """
        part = Path(f"{local}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as file:
                if not self._kept.work(lambda session: self._fetch_by_archive(session, path, file)):
                    file.seek(0)
                    file.truncate()
                    self._through(reading(path), path, file, None)
            part.replace(local)
        finally:
            part.unlink(missing_ok=True)

    def _fetch_by_archive(self, session: Session, path: str, file: IO[bytes]) -> bool:
        if not self._reached(session, path):
            return False
        try:
            with session.client.archives.get(self._found(session)["Id"], path) as pieces:
                for found in archive.entries(pieces):
                    if found.entry.kind != FILE or found.is_link_to is not None:
                        return False
                    for chunk in found.chunks:
                        file.write(chunk)
                    return True
        except EngineError as error:
            if error.status is None:
                raise
        except (tarfile.TarError, archive.Escapes):
            return False
        return False

    def _reached(self, session: Session, path: str) -> bool:
        reaches_tmpfs = bool(session.client.engine.archives_reach_tmpfs)
        return self._place.archive_reaches(self._found(session), path, reaches_tmpfs=reaches_tmpfs)

    def _through(self, argv: list[str], path: str, file: IO[bytes] | None, source: Iterator[bytes] | None) -> None:
        """Write what a command prints into a file; it has to end well."""
        complaint = bytearray()

        def take(stream: int, data: bytes) -> None:
            if stream == STDOUT and file is not None:
                file.write(data)
            elif len(complaint) < MOST_COMPLAINT:
                complaint.extend(data)

        if self.run(argv, take, source):
            raise file_failed(self._place.container, path, complaint.decode(errors="replace"))


class _Heard:
    """What a command writes, on its way to whoever wants it, without what an engine may have added to the end."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._held = b""
        self.beginnings = [b"", b""]

    def take(self, stream: int, data: bytes) -> None:
        index = 0 if stream == STDOUT else 1
        if len(self.beginnings[index]) < refusal.LONGEST:
            self.beginnings[index] = (self.beginnings[index] + data)[: refusal.LONGEST]
        if stream == STDOUT:
            self._output(stream, data)
            return
        data = self._held + data
        begin = data.rfind(ADDED_BEGINS, -TAIL)
        self._held = b"" if begin < 0 else data[begin:]
        if told := data[: len(data) - len(self._held)]:
            self._output(stream, told)

    def finish(self, *, adds_words: bool) -> None:
        """Hand on what was held back."""
        held = self._held.decode("latin-1")
        if told := refusal.without_added(held) if adds_words else held:
            self._output(STDERR, told.encode("latin-1"))
