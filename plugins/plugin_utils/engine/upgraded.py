# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request whose connection becomes a stream in both directions (exec, attach), read by ourselves.

The docker SDK hands out the bare socket after http.client has read the answer's head through a buffer of its own: what
of the stream was in that buffer already is lost (a short command's whole output, now and then). Here the bytes behind
the head are the stream's first.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..errors import EngineError
from .bounds import BadAnswer, explanation, shown
from .failures import refused
from .streams import CHUNK

LONGEST_HEAD = 64 * 1024
LONGEST_REFUSAL = 1024 * 1024
LONGEST_WAIT = 3600.0  # seconds
UPGRADED = (101, 200)  # Podman answers 200 where nobody asked for an upgrade
_DEPTH = 10  # of the JSON of a refusal
_END_OF_HEAD = b"\r\n\r\n"


class Upgraded:
    """One stream.

    ``sent`` is called when the request has left; the head of its answer has to be there ``timeout`` seconds later.

    :raises EngineError: the engine refused the request, or is gone.
    :raises BadAnswer: what answers is no engine.
    """

    def __init__(
        self,
        socket_path: str,
        path: str,
        body: Mapping[str, Any],
        timeout: float,
        sent: Callable[[], None] = lambda: None,
    ) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(socket_path)
            self._socket.sendall(_request(path, body))
            sent()
            self._due = time.monotonic() + timeout
            self._rest = self._answered()
        except BaseException:
            self._socket.close()
            raise

    def _answered(self) -> bytes:
        """Read the answer's head; the bytes behind it."""
        raw = b""
        while _END_OF_HEAD not in raw:
            if not (data := self._next()):
                raise EngineError("The engine closed the connection without an answer.", kind="no_answer")
            raw += data
            if len(raw) > LONGEST_HEAD and _END_OF_HEAD not in raw:
                raise BadAnswer(f"its head has no end, and begins with {shown(raw)}")
        head, _end, rest = raw.partition(_END_OF_HEAD)
        status, headers = _parsed(head)
        if status not in UPGRADED:
            raise refused(explanation(self._whole(rest, headers), _DEPTH), status)
        return rest

    def _next(self) -> bytes:
        left = self._due - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)
        return self._socket.recv(CHUNK)

    def _whole(self, rest: bytes, headers: http.client.HTTPMessage) -> bytes:
        """The body of a refusal: of the length it says, else up to the end of the connection."""
        length = headers.get("Content-Length")
        wanted = min(int(length), LONGEST_REFUSAL) if length and length.isdecimal() else LONGEST_HEAD
        while len(rest) < wanted and (data := self._next()):
            rest += data
        return rest

    def exchange(
        self,
        source: Iterator[bytes | None] | None,
        deadline: float | None,
        now: Callable[[], float] = time.monotonic,
        *,
        half_close: bool = True,
    ) -> Iterator[bytes]:
        """Send the source as fast as it is taken, and give what comes, until the other end closes or time is up.

        :param source: chunks of input; None for none. A chunk that is None is asked for again when something has come.
        :param half_close: tell the other end when there is no more input. Docker then drops a terminal's output.
        :param deadline: on ``now``'s clock; None for no limit.
        :raises TimeoutError: at the deadline.
        """
        self._socket.setblocking(False)
        pending = memoryview(b"")
        if self._rest:
            yield self._rest
        while True:
            if source is not None and not pending:
                chunk = next(source, b"")
                pending = memoryview(chunk or b"")
                if chunk == b"":
                    source = None
                    if half_close:
                        self._end_input()
            events = self._wait(bool(pending), deadline, now)
            if events & select.POLLOUT and pending:
                pending, source = self._sent(pending, source)
            if events & (select.POLLIN | select.POLLHUP | select.POLLERR):
                data = self._received()
                if data == b"":
                    return
                if data is not None:
                    yield data

    def _wait(self, writing: bool, deadline: float | None, now: Callable[[], float]) -> int:
        poller = select.poll()
        poller.register(self._socket, select.POLLIN | (select.POLLOUT if writing else 0))
        while True:
            if deadline is not None and now() >= deadline:  # also of a stream in which something always comes
                raise TimeoutError
            if ready := poller.poll(None if deadline is None else _milliseconds(deadline - now())):
                return ready[0][1]

    def _sent(
        self, pending: memoryview, source: Iterator[bytes | None] | None
    ) -> tuple[memoryview, Iterator[bytes | None] | None]:
        """What is left to be sent; nothing when nobody reads it any more."""
        try:
            return pending[self._socket.send(pending[:CHUNK]) :], source
        except BlockingIOError:
            return pending, source
        except (BrokenPipeError, ConnectionResetError):  # the command has ended without reading all of its input
            return memoryview(b""), None

    def _received(self) -> bytes | None:
        """What has come; None when nothing has, b"" at the end."""
        try:
            return self._socket.recv(CHUNK)
        except BlockingIOError:
            return None
        except ConnectionResetError:  # what the other end had sent has been read; of ours, something was left unread
            return b""
        except OSError as error:
            raise EngineError(f"The stream from the engine broke off: {error}.", kind="no_answer") from error

    def _end_input(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._socket.close()


def _milliseconds(left: float) -> float:
    """The timeout as poll() takes it, cut to the longest that it takes at once."""
    return min(max(left, 0.0), LONGEST_WAIT) * 1000


def _request(path: str, body: Mapping[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1", "Host: engine", "Content-Type: application/json", "Connection: Upgrade",
        "Upgrade: tcp", f"Content-Length: {len(content)}", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + content


def _parsed(head: bytes) -> tuple[int, http.client.HTTPMessage]:
    line, _end, fields = head.partition(b"\r\n")
    words = line.split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise BadAnswer(f"it is not HTTP: {shown(line)}")
    try:
        return int(words[1]), http.client.parse_headers(io.BytesIO(fields + _END_OF_HEAD))
    except http.client.HTTPException as problem:
        raise BadAnswer(f"its head cannot be read: {problem}") from None
