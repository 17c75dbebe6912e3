# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A master as far as its control socket goes, and a directory whose path is short enough for one."""

from __future__ import annotations

import contextlib
import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HELLO = (0x00000001, struct.pack(">I", 4))


class FakeMaster:
    """Answers on a control socket; ``requests`` are the packets it got, ``answers`` what it says to each kind."""

    def __init__(self, control: str, pid: int = 4242) -> None:
        self.control = control
        self.requests: list[tuple[int, bytes]] = []
        self.descriptors: list[int] = []  # what came with a new session
        self.hello = HELLO
        self.silent_until = 0  # bytes that have come
        self.answers: dict[int, tuple[int, bytes]] = {
            0x10000004: (0x80000005, struct.pack(">II", 1, pid)),
            0x10000006: (0x80000001, struct.pack(">I", 1)),
        }
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(control)
        self._listener.listen(20)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _peer = self._listener.accept()
                with connection, contextlib.suppress(OSError, struct.error):
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        if self.silent_until:
            connection.recv(self.silent_until, socket.MSG_PEEK | socket.MSG_WAITALL)
        _send(connection, *self.hello)
        while True:
            (length,) = struct.unpack(">I", connection.recv(4, socket.MSG_WAITALL))
            packet = connection.recv(length, socket.MSG_WAITALL)
            kind = struct.unpack_from(">I", packet)[0]
            self.requests.append((kind, packet[4:]))
            if kind == 0x10000006:
                listen = struct.unpack_from(">I", packet, 12)[0]
                Path(packet[16 : 16 + listen].decode()).touch(mode=0o666)
            if kind == 0x10000002:
                self.descriptors = [socket.recv_fds(connection, 1, 1)[1][0] for _stream in range(3)]
            if kind in self.answers:
                _send(connection, *self.answers[kind])
            elif kind != HELLO[0]:
                return

    def die(self) -> None:
        """As by SIGKILL: the socket file stays."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


def _send(connection: socket.socket, kind: int, body: bytes) -> None:
    connection.sendall(struct.pack(">II", len(body) + 4, kind) + body)


@pytest.fixture
def short() -> Iterator[Path]:
    """A new directory of mode 0700 with a short path."""
    directory = Path(tempfile.mkdtemp(prefix="sf"))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def master() -> Iterator[Callable[..., FakeMaster]]:
    """Start masters; they end with the test."""
    started: list[FakeMaster] = []

    def start(control: str, pid: int = 4242) -> FakeMaster:
        started.append(FakeMaster(control, pid))
        return started[-1]

    yield start
    for one in started:
        one.die()
