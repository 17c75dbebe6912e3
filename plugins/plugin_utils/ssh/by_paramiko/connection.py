# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The transport by paramiko, for controllers without an ssh client: a connection that lives within one task.

There is no master: nothing is left when the task is over, and the next one logs in anew. Each forward is a local socket
(0600, in ``dial/`` of the runtime directory) whose connections are channels to the socket on the host.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shlex
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...errors import SshError
from ..address.target import SshTarget
from ..command import dial_command, probe, socket_diagnosis
from ..command.dial import KILLED_WITHIN, LIMIT
from ..command.host_command import CHUNK, ENDS_WITHIN, SESSION_WITHIN
from ..command.local_socket import Connection, LocalSocket
from ..command.probe import SocketState
from ..command.sudo import Become
from ..login import diagnosis
from ..login.process import Finished
from ..master.lock import TargetLock, lock_about
from ..master.runtime_dir import runtime_directory, salt
from ..tunnel.open_tunnels import sweep_left_over
from . import command, library, login
from .command import Command, Host
from .library import Gone, Refused

# Connections through a forward at a time: each is a channel and two threads, and none is a session of sshd's.
FORWARDED_AT_ONCE = 64
OPENS_WITHIN = 60.0  # seconds


def open_connection(
    target: SshTarget, log: Callable[[str], None], *, retries: int, runtime_dir: Path | None = None
) -> ParamikoConnection:
    """Connect to a host; see ``open_transport`` in ``ssh/transport.py``.

    :raises SshError: the host can't be reached or does not let us in, or the controller lacks something.
    :raises InvalidOption: a setting that paramiko can't honour.
    """
    library.library()
    directory = runtime_directory(runtime_dir)
    sweep_left_over(directory)
    target, connections = login.connected(target, directory, retries, log)
    log(f"connected to {target.display} by paramiko")
    return ParamikoConnection(target, connections, directory, log)


class ParamikoConnection:
    """A connection to one host; see ``Transport`` in ``ssh/transport.py``.

    :param connections: those to jump hosts, and at the end that to the host.
    """

    opened = True

    def __init__(self, target: SshTarget, connections: list[Any], directory: str, log: Callable[[str], None]) -> None:
        self.target = target
        self.connection_id = f"paramiko {os.urandom(8).hex()}"
        self._connections = connections
        self._directory = directory
        self._log = log
        self._memory: dict[str, str] = {}
        self._forwards: dict[str, LocalSocket] = {}
        self._guard = threading.Lock()

    @property
    def _connection(self) -> Any:
        return self._connections[-1]

    def forward(self, remote_socket: str) -> str:
        """The path of a local socket that leads to the one on the host.

        :raises SshError: the connection is gone, or the local socket can't be made.
        """
        if not self._connection.is_active():
            raise diagnosis.lost(self.target)
        with self._guard:
            if remote_socket not in self._forwards:
                self._forwards[remote_socket] = self._forwarded(remote_socket)
            return self._forwards[remote_socket].path

    def _forwarded(self, remote_socket: str) -> LocalSocket:
        def leading(accepted: socket.socket, on_end: Callable[[_Carried], None]) -> _Carried:
            return _Carried(accepted, lambda: self._to(remote_socket), on_end)

        return LocalSocket(self._directory, self.target.identity(), leading, FORWARDED_AT_ONCE)

    def _to(self, remote_socket: str) -> _Stream:
        kind, fields = "direct-streamlocal@openssh.com", (remote_socket, "", 0)
        try:
            return _Stream(library.open_channel(self._connection, kind, fields, OPENS_WITHIN))
        except Refused as problem:
            self._log(f"{remote_socket} on {self.target.display}: open failed: {problem}")
            raise SshError("socket_unknown", f"{remote_socket} on {self.target.display}: {problem}.") from problem
        except Gone as problem:
            raise diagnosis.lost(self.target) from problem

    def run(
        self,
        argv: list[str],
        stdin: str,
        timeout: float,
        *,
        become: Become | None = None,
        session_within: float = SESSION_WITHIN,
    ) -> Finished:
        """Run a command on the host to its end; see ``Transport.run``.

        :raises SshError: as ``Transport.run`` does.
        """
        return command.run(self._host(become, session_within), argv, stdin, timeout)

    def _host(self, become: Become | None = None, session_within: float = SESSION_WITHIN) -> Host:
        return Host(self.target, self._connection, become, self._log, session_within=session_within)

    def dial(self, argv: list[str], become: Become | None) -> DialedByParamiko:
        """A local socket; each connection to it runs this command on the host.

        :raises SshError: kind ``runtime_dir``: the socket can't be made.
        """
        return DialedByParamiko(self._directory, self._host(become), argv)

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value for as long as this connection lives, which is not longer than the task."""
        self._memory[key] = json.dumps(value)

    def recall(self, key: str) -> Any:
        """What was remembered under the key, None when there is nothing."""
        return json.loads(self._memory.get(key, "null"))

    def lock(self, about: str) -> TargetLock:
        """This controller's lock about something that the words name."""
        return lock_about(self._directory, about)

    def salt(self) -> str:
        """This user's salt on this controller."""
        return salt(self._directory)

    def probe(self, remote_socket: str) -> SocketState:
        """Look at a socket on the host.

        :raises SshError: the connection is gone.
        """
        line = shlex.join(dial_command.probe_argv(remote_socket))
        seen = probe.read(remote_socket, command.run_plainly(self._host(), line, probe.SCRIPT, probe.TIMEOUT))
        if seen.problem and (seen.problem == probe.NO_ANSWER or not self._connection.is_active()):
            raise diagnosis.lost(self.target)
        return seen

    def diagnose(self, remote_socket: str, *, retire: bool = True) -> SshError:
        """Why a request through the forward got no answer: the error to raise, with the command that mends it.

        :param retire: without meaning: the next task logs in anew.
        """
        try:
            return socket_diagnosis.explained(self.target, self.probe(remote_socket), self.forward)
        except SshError as problem:
            return problem

    def retire(self) -> None:
        """Nothing: the next task makes a new connection anyway."""

    def leave(self) -> None:
        """End the connection: it can't outlive the process."""
        self.close()

    def close(self) -> bool:
        """End the connection; whether there was something to end."""
        was_active = bool(self._connection.is_active())
        with self._guard:
            forwards, self._forwards = list(self._forwards.values()), {}
        for one in reversed(forwards):  # each has put its signal handler before that of the one before
            one.close()
        login.close(self._connections)
        return was_active


class DialedByParamiko(LocalSocket):
    """See ``Dialed`` in ``ssh/transport.py``.

    :param directory: the runtime directory.
    :param host: where the commands run, and as whom.
    """

    def __init__(self, directory: str, host: Host, argv: list[str]) -> None:
        self.argv = argv

        def started() -> _Stream:
            running = Command(replace(host, sleep=self.closing.wait), argv)
            return _Stream(running.channel, running.head, lambda: _kill(host, running.pid))

        def leading(accepted: socket.socket, on_end: Callable[[_Carried], None]) -> _Carried:
            return _Carried(accepted, started, on_end)

        super().__init__(directory, host.target.identity(), leading, LIMIT)


def _kill(host: Host, pid: int) -> None:
    host = replace(host, session_within=KILLED_WITHIN, starts_within=KILLED_WITHIN)
    with contextlib.suppress(SshError):
        command.run(host, ["sh", "-c", f"kill -9 {pid}"], "", KILLED_WITHIN)


class _Stream:
    """A channel, and what has come over it already.

    :param kill: ends the command behind it, whatever that waits for; None where there is no command, and a client that
        has gone away is no reason to wait.
    """

    def __init__(self, channel: Any, head: bytes = b"", kill: Callable[[], None] | None = None) -> None:
        self.channel = channel
        self.head = head
        self.kill = kill
        channel.settimeout(None)


class _Carried(Connection):
    """One accepted connection and the stream that it leads to."""

    def __init__(
        self, accepted: socket.socket, stream: Callable[[], _Stream], on_end: Callable[[_Carried], None]
    ) -> None:
        super().__init__("paramiko-connection", accepted, on_end)
        self._open = stream
        self._stream: _Stream | None = None

    def _lead(self) -> None:
        try:
            self._stream = self._open()
            if not self._cut:
                self._carry(self._stream)
        finally:
            if self._stream:
                self._stream.channel.close()

    def _carry(self, stream: _Stream) -> None:
        """Carry bytes both ways until the other side has written everything. The end of what the client sends is passed
        on.
        """
        sender = threading.Thread(target=self._send, args=(stream,), name="paramiko-send", daemon=True)
        sender.start()
        try:
            with contextlib.suppress(OSError):
                self._accepted.sendall(stream.head)
                while data := stream.channel.recv(CHUNK):
                    self._accepted.sendall(data)
                    while stream.channel.recv_stderr_ready():
                        stream.channel.recv_stderr(CHUNK)
        finally:
            stream.channel.close()  # a sender that waits for room ends
            with contextlib.suppress(OSError):
                self._accepted.shutdown(socket.SHUT_RDWR)  # and one that waits for the client
            sender.join()

    def _send(self, stream: _Stream) -> None:
        with contextlib.suppress(OSError, EOFError):
            while data := self._accepted.recv(CHUNK):
                stream.channel.sendall(data)
            stream.channel.shutdown_write()
            if stream.kill is None:
                _wait_for_hang_up(self._accepted)
                stream.channel.close()

    def hang_up(self) -> None:
        """Do as if the client had hung up; one that has no stream yet is cut."""
        self._cut = self._stream is None
        super().hang_up()

    def kill(self) -> None:
        """End it, whatever it waits for. Our own session is cut first, so that it is free for that."""
        stream = self._stream
        if stream is None:
            return
        stream.channel.close()
        self.join(ENDS_WITHIN)
        if stream.kill:
            stream.kill()


def _wait_for_hang_up(accepted: socket.socket) -> None:
    """Wait until both directions of a connection are closed; a client that only sends no more still reads."""
    poller = select.poll()
    poller.register(accepted, 0)
    poller.poll()
