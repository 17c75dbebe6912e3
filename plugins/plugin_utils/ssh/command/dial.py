# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A local socket that leads to an engine through commands on the target, where a forward can't.

It exists for one task. Every connection to it starts one command (``dial-stdio``), as another user where that is
wanted.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from ... import run_mark
from ...errors import SshError
from . import host_command
from .host_command import CHUNK, ENDS_WITHIN, Host, RunningCommand

# Connections at a time, each a session of sshd's (its MaxSessions is 10 unless somebody changed it): a task uses one,
# two while it pulls an image. A further one waits.
LIMIT = 4
# A directory of its own: whether a killed run has left a socket there costs the next task one system call.
DIRECTORY = "dial"
LAST_WORDS = 2000  # bytes of stderr that are kept
KILLED_WITHIN = 5.0  # seconds
INTERRUPTED_WITHIN = 0.2  # seconds: whoever presses Ctrl-C does not want to wait


class Dialer:
    """Listens on ``path`` until it is closed. ``problem`` is why a connection could not be had, None when all could.

    :param host: where the commands run, and as whom.
    :param argv: the command that connects its stdin and stdout to the engine's socket.
    :raises SshError: kind ``runtime_dir``: the socket can't be made.
    """

    def __init__(self, host: Host, argv: list[str], limit: int = LIMIT) -> None:
        self._closing = threading.Event()
        self._host = replace(host, sleep=self._closing.wait)
        self.argv = argv
        self._slots = threading.Semaphore(limit)
        self._connections: set[_Connection] = set()
        self._guard = threading.RLock()  # a signal's handler may need it while its thread has it
        self.problem: SshError | None = None
        self._listener, self.path = _listen(host.control)
        self._signals = _Signals(lambda: self.close(INTERRUPTED_WITHIN))
        self._thread = threading.Thread(target=self._accept, name="dial", daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            self._slots.acquire()
            try:
                accepted, _peer = self._listener.accept()
            except OSError:
                return
            if self._closing.is_set():
                accepted.close()
                return
            connection = _Connection(accepted, self._host, self.argv, self._ended)
            with self._guard:
                self._connections.add(connection)
            connection.start()

    def _ended(self, connection: _Connection) -> None:
        with self._guard:
            self._connections.discard(connection)
            self.problem = self.problem or connection.problem
        self._slots.release()

    def close(self, within: float = ENDS_WITHIN) -> None:
        """End all connections and wait until their commands have ended; what does not end in time (seconds) is cut
        and killed.
        """
        if self._closing.is_set():
            return
        self._closing.set()
        try:
            self._end(within)
        finally:
            self._signals.restore()

    def _end(self, within: float) -> None:
        self._wake()
        self._listener.close()
        self._unlink()
        with self._guard:
            connections = list(self._connections)
        for connection in connections:
            connection.hang_up()
        deadline = self._host.now() + within
        stuck = [one for one in connections if not one.ends(deadline - self._host.now())]
        for connection in stuck:
            connection.kill()

    def _wake(self) -> None:
        """Wake the thread that accepts connections: it waits for one, or for a free slot."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.setblocking(False)
            connection.connect(self.path)
        self._slots.release()
        self._thread.join(ENDS_WITHIN)

    def _unlink(self) -> None:
        Path(self.path).unlink(missing_ok=True)


class _Connection(threading.Thread):
    """One accepted connection and its command."""

    def __init__(
        self, accepted: socket.socket, host: Host, argv: list[str], on_end: Callable[[_Connection], None]
    ) -> None:
        super().__init__(name="dial-connection", daemon=True)
        self._accepted = accepted
        self._host = host
        self._argv = argv
        self._on_end = on_end
        self._command: RunningCommand | None = None
        self._cut = False
        self.problem: SshError | None = None

    def run(self) -> None:
        try:
            command = RunningCommand(self._host, self._argv, self._note)
            try:
                said = splice(self._accepted, command)
                code = command.finish()
            finally:
                command.close()
            if said:
                self._host.log(f"dialing ended with {code}: {said}")
        except SshError as problem:
            self.problem = None if self._cut else problem
        finally:
            self._on_end(self)
            self._accepted.close()

    def _note(self, command: RunningCommand) -> None:
        self._command = command

    def hang_up(self) -> None:
        """Do as if the client had hung up: the command sees the end of its input. One that has not begun is cut."""
        with contextlib.suppress(OSError):
            self._accepted.shutdown(socket.SHUT_RDWR)
        if self._command and not self._command.pid:
            self._cut = True
            self._command.hang_up()

    def ends(self, within: float) -> bool:
        """Whether it ends within these seconds."""
        self.join(max(0.0, within))
        return not self.is_alive()

    def kill(self) -> None:
        """End the command on the target, whatever it waits for. Our own session is cut first, so that it is free for
        that.
        """
        self._cut, command = True, self._command
        if command is None:
            return
        pid = command.pid
        command.hang_up()
        self.join(ENDS_WITHIN)
        if pid:
            host = replace(self._host, sleep=time.sleep, session_within=KILLED_WITHIN, starts_within=KILLED_WITHIN)
            with contextlib.suppress(SshError):
                host_command.run(host, ["sh", "-c", f"kill -9 {pid}"], "", KILLED_WITHIN)


def splice(client: socket.socket, command: RunningCommand) -> str:
    """Carry bytes both ways until the command has written everything. The end of what the client sends is passed on.

    :returns: the end of what the command wrote on stderr.
    """
    sender = threading.Thread(target=_send, args=(client, command), name="dial-send", daemon=True)
    sender.start()
    try:
        return _receive(client, command)
    finally:
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)  # wakes the sender, and lets the client read all before the end
        sender.join()


def _send(client: socket.socket, command: RunningCommand) -> None:
    with contextlib.suppress(OSError):
        while data := client.recv(CHUNK):
            while data:
                data = data[os.write(command.stdin, data) :]
    command.close_stdin()


def _receive(client: socket.socket, command: RunningCommand) -> str:
    """Carry the command's output to the client. Its stderr is read along, so that it never waits for that; a client
    that is gone ends this.
    """
    words, poller = b"", select.poll()
    for end in (command.stdout, command.stderr):
        poller.register(end, select.POLLIN)
    with contextlib.suppress(OSError):
        client.sendall(command.head)
        while True:
            for end, _events in poller.poll():
                data = os.read(end, CHUNK)
                if end == command.stderr:
                    words = (words + data)[-LAST_WORDS:]
                elif not data:
                    return words.decode(errors="replace").strip()
                else:
                    client.sendall(data)
                if not data:
                    poller.unregister(end)
    return words.decode(errors="replace").strip()


def _listen(control: str) -> tuple[socket.socket, str]:
    """A listening socket and its path, whose name says whose it is: the master's name, then our process."""
    folder = Path(control).parent / DIRECTORY
    path = f"{folder}/{Path(control).stem}.{run_mark.process()}"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        listener.bind(path)
        os.chmod(path, 0o600)  # noqa: PTH101 - as elsewhere on the way of a task
        listener.listen(LIMIT)
    except OSError as problem:
        listener.close()
        raise SshError(
            "runtime_dir",
            f"A socket to dial from can't be made in {folder}: {problem.strerror}.",
            "Is there room and permission in that directory?",
        ) from problem
    return listener, path


def sweep(directory: str) -> list[str]:
    """Remove the sockets of processes that were killed. Those of living processes are left alone, and not even
    connected to.

    :param directory: the runtime directory.
    :returns: the names of the removed files.
    """
    folder, removed = f"{directory}/{DIRECTORY}", []
    try:
        names = os.listdir(folder)  # noqa: PTH208 - on the warm way of every task
    except FileNotFoundError:
        return []
    for name in names:
        if not run_mark.process_runs(name.rpartition(".")[2]):
            Path(folder, name).unlink(missing_ok=True)
            removed.append(name)
    return removed


class _Signals:
    """Cleans up when Ctrl-C or SIGTERM ends the process; Ansible's workers then run nothing else any more."""

    def __init__(self, clean: Callable[[], None]) -> None:
        self._clean = clean
        self._before: dict[int, Any] = {}
        self._received = 0
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:  # as in a shell's background
                    self._before[number] = signal.signal(number, self._handle)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self._received:  # Ansible sends another one at once
            return
        self._received = number
        try:
            self._clean()
        finally:
            self.restore()
            os.kill(os.getpid(), number)

    def restore(self) -> None:
        """Put back what was there before."""
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._before = {}
