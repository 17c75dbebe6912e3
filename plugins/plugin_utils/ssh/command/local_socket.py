# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A local socket that exists for one task: what is sent to it goes wherever its connections lead."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from ... import run_mark
from ...errors import SshError

# A directory of its own: whether a killed run has left a socket there costs the next task one system call.
DIRECTORY = "dial"
ENDS_WITHIN = 2.0  # seconds
INTERRUPTED_WITHIN = 0.2  # seconds: whoever presses Ctrl-C does not want to wait


class Connection(threading.Thread, ABC):
    """What becomes of one accepted connection. ``problem`` is why it came to nothing.

    :param on_end: is called with it when it ends.
    """

    def __init__(self, name: str, accepted: socket.socket, on_end: Callable[[Any], None]) -> None:
        super().__init__(name=name, daemon=True)
        self._accepted = accepted
        self._on_end = on_end
        self._cut = False  # on purpose: how it ends is no problem then
        self.problem: SshError | None = None

    def run(self) -> None:
        try:
            self._lead()
        except SshError as problem:
            self.problem = None if self._cut else problem
        finally:
            self._on_end(self)
            self._accepted.close()

    @abstractmethod
    def _lead(self) -> None:
        """Carry what is sent to where it leads, and back, until one side ends.

        :raises SshError: it leads nowhere.
        """

    def hang_up(self) -> None:
        """Do as if the client had hung up."""
        with contextlib.suppress(OSError):
            self._accepted.shutdown(socket.SHUT_RDWR)

    def ends(self, within: float) -> bool:
        """Whether it ends within these seconds."""
        self.join(max(0.0, within))
        return not self.is_alive()

    @abstractmethod
    def kill(self) -> None:
        """End it, whatever it waits for."""


# Makes one of an accepted connection, given a function that it calls when it ends.
Leading = Callable[[socket.socket, Callable[[Any], None]], Connection]


class LocalSocket:
    """Listens on ``path`` until it is closed. ``problem`` is why a connection could not be had, None when all could.

    :param directory: the runtime directory.
    :param name: the beginning of the socket's name there.
    :param limit: connections at a time; a further one waits.
    :raises SshError: kind ``runtime_dir``: the socket can't be made.
    """

    def __init__(self, directory: str, name: str, leading: Leading, limit: int) -> None:
        self.closing = threading.Event()
        self._leading = leading
        self._slots = threading.Semaphore(limit)
        self._connections: set[Connection] = set()
        self._guard = threading.RLock()  # a signal's handler may need it while its thread has it
        self.problem: SshError | None = None
        self._listener, self.path = _listen(directory, name, limit)
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
            if self.closing.is_set():
                accepted.close()
                return
            connection = self._leading(accepted, self._ended)
            with self._guard:
                self._connections.add(connection)
            connection.start()

    def _ended(self, connection: Connection) -> None:
        with self._guard:
            self._connections.discard(connection)
            self.problem = self.problem or connection.problem
        self._slots.release()

    def close(self, within: float = ENDS_WITHIN) -> None:
        """End all connections and wait until their commands have ended; what does not end in time (seconds) is cut
        and killed.
        """
        if self.closing.is_set():
            return
        self.closing.set()
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
        deadline = time.monotonic() + within
        stuck = [one for one in connections if not one.ends(deadline - time.monotonic())]
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


def _listen(directory: str, name: str, limit: int) -> tuple[socket.socket, str]:
    """A listening socket and its path, whose name says whose it is: the given name, then our process."""
    folder = Path(directory) / DIRECTORY
    path = f"{folder}/{name}.{run_mark.process()}"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        listener.bind(path)
        os.chmod(path, 0o600)  # noqa: PTH101 - as elsewhere on the way of a task
        listener.listen(limit)
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
