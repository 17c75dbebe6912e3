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
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ...errors import SshError
from . import host_command
from .host_command import CHUNK, ENDS_WITHIN, Host, RunningCommand
from .local_socket import Connection, LocalSocket

# Connections at a time, each a session of sshd's (its MaxSessions is 10 unless somebody changed it): a task uses one,
# two while it pulls an image. A further one waits.
LIMIT = 4
LAST_WORDS = 2000  # bytes of stderr that are kept
KILLED_WITHIN = 5.0  # seconds


class Dialer(LocalSocket):
    """Leads to an engine through commands on its host.

    :param host: where the commands run, and as whom.
    :param argv: the command that connects its stdin and stdout to the engine's socket.
    :raises SshError: kind ``runtime_dir``: the socket can't be made.
    """

    def __init__(self, host: Host, argv: list[str], limit: int = LIMIT) -> None:
        self.argv = argv
        control = Path(host.control)

        def leading(accepted: socket.socket, on_end: Callable[[_Connection], None]) -> _Connection:
            return _Connection(accepted, replace(host, sleep=self.closing.wait), argv, on_end)

        super().__init__(str(control.parent), control.stem, leading, limit)


class _Connection(Connection):
    """One accepted connection and its command."""

    def __init__(
        self, accepted: socket.socket, host: Host, argv: list[str], on_end: Callable[[_Connection], None]
    ) -> None:
        super().__init__("dial-connection", accepted, on_end)
        self._host = host
        self._argv = argv
        self._command: RunningCommand | None = None

    def _lead(self) -> None:
        command = RunningCommand(self._host, self._argv, self._note)
        try:
            said = splice(self._accepted, command)
            code = command.finish()
        finally:
            command.close()
        if said:
            self._host.log(f"dialing ended with {code}: {said}")

    def _note(self, command: RunningCommand) -> None:
        self._command = command

    def hang_up(self) -> None:
        """Do as if the client had hung up: the command sees the end of its input. One that has not begun is cut."""
        super().hang_up()
        if self._command and not self._command.pid:
            self._cut = True
            self._command.hang_up()

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
