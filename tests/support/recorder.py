# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A socket in front of an engine's that writes down each request and breaks one of those that change something.

Requests of one connection follow each other, as our client sends them; what follows a request that takes a connection
over (exec) belongs to it.
"""

from __future__ import annotations

import contextlib
import re
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

HEAD = re.compile(rb"(GET|HEAD|POST|PUT|DELETE) (\S+) HTTP/1\.1\r\n")
VERSION = re.compile(r"^/v[\d.]+")
CHUNK = 65536
SILENCE = 0.3  # seconds after which an answer that is thrown away has ended, or has no end
QUIET = 0.05  # seconds after which an answer has ended


class Break(Enum):
    """What becomes of a request."""

    NOTHING = "it is passed on"
    ANSWER = "it is passed on whole, its answer is read and thrown away, and the connection closed"
    HEAD = "half of its head is taken and the connection closed: the engine never hears of it"
    CLOSE = "its answer is passed on, and then the connection closed"


@dataclass
class Recorder:
    """What came: ``METHOD path`` of each request without the API's version. ``breaks`` is done to the ``at``-th of
    those that change something, counted from 1, or to all of them (0).
    """

    engine: str
    breaks: Break = Break.NOTHING
    at: int = 0
    came: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def changes(self) -> list[str]:
        """The requests that change something."""
        return [one for one in self.came if not one.startswith(("GET ", "HEAD "))]

    def again(self, breaks: Break, at: int = 0) -> None:
        """Begin anew, with nothing written down."""
        with self._guard:
            self.breaks, self.at = breaks, at
            self.came, self.broken = [], []

    def _note(self, head: re.Match[bytes]) -> Break:
        path = VERSION.sub("", head[2].decode())
        with self._guard:
            self.came.append(f"{head[1].decode()} {path}")
            changing = head[1] not in (b"GET", b"HEAD") and not path.endswith("/auth")
            if not changing or self.at not in (0, len(self.changes)) or self.breaks is Break.NOTHING:
                return Break.NOTHING
            self.broken.append(self.came[-1])
            return self.breaks

    def serve(self, client: socket.socket) -> None:
        """One connection, to its end."""
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self.engine)
            breaks, answering, open_ends = Break.NOTHING, False, [client, server]
            while True:
                ready = select.select(open_ends, [], [], QUIET if answering and breaks is Break.CLOSE else None)[0]
                if not ready:
                    return
                for one in ready:
                    data = one.recv(CHUNK)
                    if one is client and (head := HEAD.match(data)):
                        breaks, answering = self._note(head), False
                        if breaks is Break.HEAD:
                            return
                    if one is server:
                        answering = True
                        if breaks is Break.ANSWER:
                            _read_to_its_end(server)
                            return
                    if not data and one is server:
                        return
                    if data:
                        (server if one is client else client).sendall(data)
                    else:  # the client has no more to say, and listens
                        open_ends.remove(client)
                        server.shutdown(socket.SHUT_WR)


def _read_to_its_end(server: socket.socket) -> None:
    server.settimeout(SILENCE)
    with contextlib.suppress(OSError):
        while server.recv(CHUNK):
            pass


@contextlib.contextmanager
def recording(engine: str, path: Path) -> Iterator[Recorder]:
    """Listen on ``path`` and pass everything on to the socket ``engine``."""
    recorder, listener = Recorder(engine), socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(16)

    def quietly(client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            recorder.serve(client)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=quietly, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield recorder
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        path.unlink()
