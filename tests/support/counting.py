# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A socket in front of another that counts what goes through."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

CHUNK = 256 * 1024


class Counter:
    """Bytes in both directions: ``sent`` to the engine, ``received`` from it."""

    def __init__(self) -> None:
        self.sent = self.received = 0
        self._guard = threading.Lock()

    def carry(self, source: socket.socket, sink: socket.socket, sent: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                with self._guard:
                    if sent:
                        self.sent += len(data)
                    else:
                        self.received += len(data)
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    @contextlib.contextmanager
    def counted(self) -> Iterator[list[int]]:
        """[sent, received] within, filled at the end."""
        before, found = (self.sent, self.received), [0, 0]
        yield found
        found[:] = [self.sent - before[0], self.received - before[1]]


@contextlib.contextmanager
def counting(target: str, path: Path) -> Iterator[Counter]:
    """Listen on ``path`` and pass everything on to the socket ``target``."""
    counter, listener = Counter(), socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _peer = listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(target)
                for ends in ((client, engine, True), (engine, client, False)):
                    threading.Thread(target=counter.carry, args=ends, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield counter
    finally:
        listener.close()
