# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one command on the host in a session of paramiko's: sudo's question is answered."""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from typing import Any

from ...dataclass import dataclass
from ...errors import SshError
from ..address.target import SshTarget
from ..command import host_command, sudo
from ..command.host_command import CHUNK, FIRST_PAUSE, LONGEST_PAUSE, SESSION_WITHIN, STARTS_WITHIN
from ..command.sudo import Become
from ..login import diagnosis
from ..login.process import Finished
from . import library
from .library import Gone, Refused

NO_SESSION = "Session open refused by peer"


@dataclass(frozen=True)
class Host:
    """Where commands run, and as whom. The fields are those of ``Host`` in ``command/host_command.py``, with paramiko's
    ``connection`` in place of a control socket.
    """

    target: SshTarget
    connection: Any
    become: Become | None = None
    log: Callable[[str], None] = lambda message: None
    sleep: Callable[[float], object] = time.sleep
    session_within: float = SESSION_WITHIN
    starts_within: float = STARTS_WITHIN


class Command:
    """A command that runs on the host. ``channel`` carries its streams; ``head`` is output that came while it started,
    ``pid`` its process ID there.

    :raises SshError: as ``Transport.run`` does.
    """

    def __init__(self, host: Host, argv: list[str]) -> None:
        tokens = sudo.new_tokens()
        self._host = host
        self._handshake = sudo.Handshake(tokens, host.become.password if host.become else None)
        self.head = b""
        self.channel = session(host)
        try:
            _exec(host, self.channel, sudo.command_line(argv, host.become, tokens))
            self._start()
        except BaseException:
            self.channel.close()
            raise

    @property
    def pid(self) -> int:
        return self._handshake.pid

    def _start(self) -> None:
        """Answer sudo's question, and wait until the command has begun."""
        handshake, deadline, heard = self._handshake, time.monotonic() + self._host.starts_within, 0
        while not handshake.opened:
            if handshake.failed:
                raise self._not_started()
            if not _readable(self.channel, deadline):
                raise self._not_started(in_time=False)
            output, errors, ended = _taken(self.channel)
            heard += len(output) + len(errors)
            if heard > host_command.LONGEST_GREETING:
                raise self._not_started(in_time=False)
            self.head += handshake.output(output)
            if errors and (answer := handshake.errors(errors)):
                self._host.log("sudo asks for the password")
                self.channel.sendall(answer)
            if ended and not handshake.opened:
                raise self._not_started()

    def _not_started(self, *, in_time: bool = True) -> SshError:
        host = self._host
        if not host.connection.is_active():
            return diagnosis.lost(host.target)
        if host.become:
            return sudo.sudo_error(host.target, host.become, self._handshake, in_time=in_time)
        return host_command.no_command(host.target, self._handshake.said)


def run(host: Host, argv: list[str], stdin: str, timeout: float) -> Finished:
    """Run a command with this text as its input, and wait for its end.

    :param timeout: seconds; ``returncode`` is None when the command does not end in that time.
    :raises SshError: as ``Transport.run`` does.
    """
    command = Command(host, argv)
    return finished(host.target, command.channel, command.head, stdin, timeout)


def run_plainly(host: Host, line: str, stdin: str, timeout: float) -> Finished:
    """Run a command line as it is, as the login user; where sshd opens no session, that is the command's last word."""
    try:
        channel = library.open_channel(host.connection, "session", (), timeout)
    except Refused:
        return Finished(255, "", NO_SESSION)
    except Gone as problem:
        raise diagnosis.lost(host.target) from problem
    try:
        _exec(host, channel, line)
    except BaseException:
        channel.close()
        raise
    return finished(host.target, channel, b"", stdin, timeout)


def finished(target: SshTarget, channel: Any, head: bytes, stdin: str, timeout: float) -> Finished:
    """How a command ended that has begun. Its channel is closed then.

    :raises SshError: it prints too much (kind ``bad_answer``).
    """
    deadline = time.monotonic() + timeout
    said, ended = host_command.Said(target, head), False
    try:
        _write(channel, stdin.encode(), timeout)
        while not ended and _readable(channel, deadline):
            more_output, more_errors, ended = _taken(channel)
            said.take(more_output)
            said.complain(more_errors)
        code = channel.exit_status if ended and channel.status_event.wait(host_command.ENDS_WITHIN) else -1
        return said.finished(code if code >= 0 else None if not ended else 255)
    finally:
        channel.close()


def session(host: Host) -> Any:
    """A session of sshd's. One that it refuses is tried again, because another one may have ended by then.

    :raises SshError: there is none in time (``sessions``), or the connection is gone.
    """
    began, pause = time.monotonic(), FIRST_PAUSE
    while True:
        try:
            return library.open_channel(host.connection, "session", (), host.starts_within)
        except Refused:
            waited = time.monotonic() - began
            if waited >= host.session_within:
                raise host_command.sessions_error(host.target, NO_SESSION, waited) from None
        except Gone as problem:
            raise diagnosis.lost(host.target) from problem
        host.log(f"sshd opens no further session, next try in {pause:.2f} s")
        if host.sleep(pause):
            raise host_command.sessions_error(host.target, "the task has ended", waited)
        pause = min(2 * pause, LONGEST_PAUSE)


def _exec(host: Host, channel: Any, line: str) -> None:
    paramiko = library.library()
    channel.settimeout(host.starts_within)
    try:
        channel.exec_command(line)
    except (OSError, EOFError, paramiko.SSHException) as problem:
        if not host.connection.is_active():
            raise diagnosis.lost(host.target) from problem
        raise host_command.no_command(host.target, "") from problem


def _write(channel: Any, data: bytes, timeout: float) -> None:
    try:
        channel.settimeout(timeout)
        channel.sendall(data)
        channel.shutdown_write()
    except OSError:  # the command does not want it, or is gone
        return


def _readable(channel: Any, deadline: float) -> bool:
    """Whether there is something to take before the deadline (of the monotonic clock)."""
    poller = select.poll()
    poller.register(channel.fileno(), select.POLLIN)
    return bool(poller.poll(max(0.0, deadline - time.monotonic()) * 1000))


def _taken(channel: Any) -> tuple[bytes, bytes, bool]:
    """A piece of what has come on stdout and on stderr, and whether that is all."""
    ended = channel.eof_received or channel.closed
    output, errors = b"", b""
    if channel.recv_ready():
        output = channel.recv(CHUNK)
    if channel.recv_stderr_ready():
        errors = channel.recv_stderr(CHUNK)
    ended = ended and not (channel.recv_ready() or channel.recv_stderr_ready())
    return output, errors, ended
