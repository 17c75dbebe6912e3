# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one command on the target in a session over the master: sudo's question is answered, its streams are in our
hands.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Callable

from ...dataclass import dataclass
from ...errors import SshError
from ..address.target import SshTarget
from ..login import diagnosis, messages
from ..login.process import Finished
from ..master import mux
from . import sudo
from .sudo import Become

STARTS_WITHIN = 30.0  # seconds for the login shell and sudo, which may ask a directory service
SESSION_WITHIN = 10.0  # seconds in which a session of somebody else has to end
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5  # seconds between tries to open a session
ENDS_WITHIN = 2.0  # seconds
MOST_SAID = 64 * 1024 * 1024  # bytes of both streams together: what answers there may be no friend of ours
LONGEST_GREETING = 4 * 1024 * 1024  # bytes of a login shell before the command begins
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Host:
    """Where commands run, and as whom. ``control`` is the master's control socket. A ``sleep`` that returns True was
    interrupted, and nothing more is tried. ``session_within`` and ``starts_within`` are seconds: for a session to
    become free, and for the login shell and sudo.
    """

    target: SshTarget
    control: str
    become: Become | None = None
    log: Callable[[str], None] = lambda message: None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    session_within: float = SESSION_WITHIN
    starts_within: float = STARTS_WITHIN


class RunningCommand:
    """A command that runs on the target. ``stdin``, ``stdout`` and ``stderr`` are our ends of its streams, ``head`` is
    output that came while it started, ``pid`` its process ID on the target.

    :param on_session: gets this object once there is a session, before the command has begun.
    :raises SshError: sudo does not work (``sudo``), sshd opens no session (``sessions``), the user can run no command
        (``socket_unknown``), or the connection is gone.
    """

    def __init__(self, host: Host, argv: list[str], on_session: Callable[[RunningCommand], None] | None = None) -> None:
        tokens = sudo.new_tokens()
        self._host = host
        self._handshake = sudo.Handshake(tokens, host.become.password if host.become else None)
        self.head = b""
        self.stdin, self.stdout, self.stderr = -1, -1, -1
        self._client = self._session(sudo.command_line(argv, host.become, tokens))
        try:
            if on_session:
                on_session(self)
            self._start()
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        return self._handshake.pid

    def _session(self, line: str) -> mux.MuxClient:
        """Open a session. One that sshd refuses is tried again, because another one may have ended by then."""
        began, pause = self._host.now(), FIRST_PAUSE
        while True:
            try:
                return self._opened(line)
            except mux.MuxRefused as problem:
                waited = self._host.now() - began
                if waited >= self._host.session_within:
                    raise sessions_error(self._host.target, str(problem), waited) from problem
            except mux.MuxError as problem:
                raise diagnosis.lost(self._host.target) from problem
            self._host.log(f"sshd opens no further session, next try in {pause:.2f} s")
            if self._host.sleep(pause):
                raise sessions_error(self._host.target, "the task has ended", waited)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _opened(self, line: str) -> mux.MuxClient:
        theirs_in, stdin = os.pipe()
        stdout, theirs_out = os.pipe()
        stderr, theirs_err = os.pipe()
        theirs, ours = (theirs_in, theirs_out, theirs_err), (stdin, stdout, stderr)
        client = None
        try:
            client = mux.MuxClient(self._host.control, self._host.starts_within)
            client.session(line, theirs)
        except BaseException:
            _close(*ours)
            if client:
                client.close()
            raise
        finally:
            _close(*theirs)
        self.stdin, self.stdout, self.stderr = ours
        return client

    def _start(self) -> None:
        """Answer sudo's question, and wait until the command has begun."""
        handshake, deadline = self._handshake, self._host.now() + self._host.starts_within
        open_ends, heard = {self.stdout, self.stderr}, 0
        while not handshake.opened:
            if handshake.failed or not open_ends:
                raise self._not_started()
            ready = _readable(open_ends, deadline - self._host.now())
            if not ready:
                raise self._not_started(in_time=False)
            for end in ready:
                if not (data := os.read(end, CHUNK)):
                    open_ends.discard(end)
                    continue
                heard += len(data)
                if heard > LONGEST_GREETING:
                    raise self._not_started(in_time=False)
                if end == self.stdout:
                    self.head += handshake.output(data)
                elif answer := handshake.errors(data):
                    self._host.log("sudo asks for the password")
                    _write(self.stdin, answer)

    def _not_started(self, *, in_time: bool = True) -> SshError:
        host, said = self._host, self._handshake.said
        if mux.master_pid(host.control) is None:
            return diagnosis.lost(host.target)
        if host.become:
            return sudo.sudo_error(host.target, host.become, self._handshake, in_time=in_time)
        return no_command(host.target, said)

    def finish(self, within: float = ENDS_WITHIN) -> int | None:
        """Wait for the command's end; its exit code, None when it does not end in time."""
        self._client.settimeout(within)
        code = self._client.exit_code()
        if code is not None:
            self._client.wait_closed()  # only then sshd's session is free again
        return code

    def hang_up(self) -> None:
        """Cut the session, from any thread."""
        self._client.hang_up()

    def close_stdin(self) -> None:
        """Say that nothing more comes."""
        descriptor, self.stdin = self.stdin, -1
        _close(descriptor)

    def close(self) -> None:
        """Cut the session if it is still there, and close the descriptors."""
        self.hang_up()
        self._client.close()
        _close(self.stdin, self.stdout, self.stderr)
        self.stdin = self.stdout = self.stderr = -1


def run(host: Host, argv: list[str], stdin: str, timeout: float) -> Finished:
    """Run a command with this text as its input, and wait for its end.

    :param timeout: seconds; ``returncode`` is None when the command does not end in that time.
    :raises SshError: as with :class:`RunningCommand`; it prints more than ``MOST_SAID`` (kind ``bad_answer``).
    """
    command = RunningCommand(host, argv)
    try:
        _write(command.stdin, stdin.encode())
        command.close_stdin()
        said = Said(host.target, command.head)
        open_ends, deadline = {command.stdout, command.stderr}, host.now() + timeout
        while open_ends and (ready := _readable(open_ends, deadline - host.now())):
            for end in ready:
                if data := os.read(end, CHUNK):
                    (said.take if end == command.stdout else said.complain)(data)
                else:
                    open_ends.discard(end)
        return said.finished(None if open_ends else command.finish())
    finally:
        command.close()


class Said:
    """What a command prints. ``take`` and ``complain`` get the pieces of stdout and of stderr.

    :param head: what came on stdout while it started.
    """

    def __init__(self, target: SshTarget, head: bytes = b"") -> None:
        self._target = target
        self._output, self._errors = bytearray(head), bytearray()

    def take(self, data: bytes) -> None:
        """:raises SshError: it is too much, as :meth:`complain` does."""
        self._add(self._output, data)

    def complain(self, data: bytes) -> None:
        self._add(self._errors, data)

    def _add(self, to: bytearray, data: bytes) -> None:
        if len(self._output) + len(self._errors) + len(data) > MOST_SAID:
            raise SshError(
                "bad_answer",
                f"A command of ours on {self._target.display} prints more than {MOST_SAID / (1 << 20):g} MiB, and was "
                "ended.",
                f"Look what answers there, and whether the user's shell prints without end: {self._target.login}",
            )
        to += data

    def finished(self, code: int | None) -> Finished:
        """All of it, with the exit code (None where time was up)."""
        return Finished(code, self._output.decode(errors="replace"), self._errors.decode(errors="replace"))


def sessions_error(target: SshTarget, reason: str, waited: float) -> SshError:
    """The error for an sshd that has no session left for us.

    :param waited: seconds for which it was tried.
    """
    return SshError(
        "sessions",
        f"sshd on {target.display} opens no further session on this connection, tried for {waited:.0f} s: {reason}.",
        "Every connection to the engine that is dialed takes a session. Raise MaxSessions in sshd_config there (1 is "
        "enough for one task at a time), lower forks, or use transport=forward, which needs none.",
    )


def no_command(target: SshTarget, said: str) -> SshError:
    """The error for a user who can run no command.

    :param said: what came on stderr.
    """
    words = messages.quotation(said)
    return SshError(
        "socket_unknown",
        f"{target.display} runs no command for us{f': {words}' if words else ''}.",
        f"Dialing needs a user with a shell there. Look: {target.login} -- id",
    )


def _readable(ends: set[int], seconds: float) -> list[int]:
    poller = select.poll()
    for end in ends:
        poller.register(end, select.POLLIN)
    return [end for end, _events in poller.poll(max(0.0, seconds) * 1000)]


def _write(descriptor: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        while data:
            data = data[os.write(descriptor, data) :]


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        if descriptor >= 0:
            os.close(descriptor)
