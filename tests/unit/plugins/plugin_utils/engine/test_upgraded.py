# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stream in both directions: what came with the answer's head is not lost, whatever is sent meanwhile."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import upgraded
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.bounds import BadAnswer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.upgraded import LONGEST_HEAD, Upgraded
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

HEAD = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
Serve = Callable[[socket.socket], None]


@pytest.fixture
def served(short_path: Path) -> Iterator[Callable[[Serve], str]]:
    """Serve one connection; gives the socket's path. The request is read before."""
    threads: list[threading.Thread] = []

    def serve(action: Serve) -> str:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path := str(short_path / f"s{len(threads)}"))
        listener.listen()

        def run() -> None:
            connection, _peer = listener.accept()
            with listener, connection:
                request = b""
                while b"}" not in request:
                    request += connection.recv(4096)
                requests.append(request)
                action(connection)

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return path

    requests: list[bytes] = []
    serve.requests = requests  # type: ignore[attr-defined]
    yield serve
    for thread in threads:
        thread.join(60)


def opened(path: str, timeout: float = 60) -> Upgraded:
    return Upgraded(path, "/v1.41/exec/x/start", {"Tty": False}, timeout)


def all_of(path: str, source: Iterator[bytes] | None = None) -> bytes:
    stream = opened(path)
    try:
        return b"".join(stream.exchange(source, None))
    finally:
        stream.close()


def test_the_request_asks_for_an_upgrade(served: Callable[[Serve], str]) -> None:
    all_of(served(lambda connection: connection.sendall(HEAD)))
    head, _end, body = served.requests[0].partition(b"\r\n\r\n")  # type: ignore[attr-defined]
    assert head.startswith(b"POST /v1.41/exec/x/start HTTP/1.1\r\n")
    assert b"\r\nUpgrade: tcp" in head and f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body) == {"Tty": False}


@pytest.mark.parametrize("head", [HEAD, b"HTTP/1.1 200 OK\r\n\r\n"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_comes_with_the_head_is_the_streams_first(served: Callable[[Serve], str], head: bytes, size: int) -> None:
    def action(connection: socket.socket) -> None:
        data = head + b"output"
        for start in range(0, len(data), size):
            connection.sendall(data[start : start + size])

    assert all_of(served(action)) == b"output"


def test_ten_megabytes_each_way_at_once(served: Callable[[Serve], str]) -> None:
    """An echo that takes no more input before its output has gone: whoever only writes first would wait for ever."""

    def action(connection: socket.socket) -> None:
        connection.sendall(HEAD)
        while data := connection.recv(65536):
            connection.sendall(data)

    chunk = bytes(range(256)) * 1024
    assert all_of(served(action), iter([chunk] * 40)) == chunk * 40


def test_input_may_wait_for_output(served: Callable[[Serve], str]) -> None:
    """As a password waits for its prompt; the end of the input does, too."""
    heard: list[bytes] = []

    def action(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"who?")
        answer = connection.recv(4096)
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):  # no more input yet, and no end of it
            connection.recv(4096)
        connection.settimeout(60)
        connection.sendall(b"go " + answer)
        while connection.recv(4096):
            pass
        connection.sendall(b" end")

    def source() -> Iterator[bytes | None]:
        for awaited, sent in ((b"who?", b"me"), (b"go me", b"rest")):
            while awaited not in b"".join(heard):
                yield None
            yield sent

    stream = opened(served(action))
    for data in stream.exchange(source(), None):
        heard.append(data)
    stream.close()
    assert b"".join(heard) == b"who?go me end"


def test_output_goes_on_after_the_end_of_the_input(served: Callable[[Serve], str]) -> None:
    def action(connection: socket.socket) -> None:
        connection.sendall(HEAD)
        while connection.recv(4096):
            pass
        connection.sendall(b"after the end")

    assert all_of(served(action), iter([b"in"])) == b"after the end"


def test_input_that_nobody_reads_is_no_error(served: Callable[[Serve], str]) -> None:
    assert all_of(served(lambda connection: connection.sendall(HEAD + b"bye")), iter([b"x" * 65536] * 100)) == b"bye"


def test_the_deadline(served: Callable[[Serve], str]) -> None:
    def action(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"some")
        connection.recv(1)

    stream, came = opened(served(action)), b""
    with pytest.raises(TimeoutError):
        for data in stream.exchange(None, time.monotonic() + 0.1):
            came += data
    stream.close()
    assert came == b"some"


def test_the_deadline_of_a_stream_in_which_something_always_comes(
    served: Callable[[Serve], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgraded, "CHUNK", 100)

    def action(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"y" * 50_000)
        sent.set()
        over.wait(60)

    sent, over, pieces = threading.Event(), threading.Event(), list[bytes]()
    stream = opened(served(action))
    try:
        assert sent.wait(60)
        with pytest.raises(TimeoutError):
            for data in stream.exchange(None, 5.0, lambda: float(len(pieces))):
                pieces.append(data)
        assert len(pieces) == 5
    finally:
        over.set()
        stream.close()


def test_a_limit_longer_than_poll_takes_at_once(
    served: Callable[[Serve], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A month in milliseconds is more than it takes; that one wait is over is no deadline."""
    monkeypatch.setattr(upgraded, "LONGEST_WAIT", 0.05)

    def action(connection: socket.socket) -> None:
        connection.sendall(HEAD)
        time.sleep(0.3)
        connection.sendall(b"late")

    stream = opened(served(action))
    assert b"".join(stream.exchange(None, time.monotonic() + 2_700_000)) == b"late"
    stream.close()


REFUSED = [
    (
        b'HTTP/1.1 404 Not Found\r\nContent-Length: 34\r\n\r\n{"message":"No such container: x"}',
        "container_missing",
        404,
    ),
    (b"HTTP/1.1 409 Conflict\r\nContent-Length: 4\r\n\r\nnope", "engine_error", 409),
    (b'HTTP/1.1 500 Error\r\n\r\n{"message": "crun: no"}', "engine_error", 500),
    (b"HTTP/1.1 101 UPGR", "no_answer", None),
    (b"", "no_answer", None),
]


@pytest.mark.parametrize(("answer", "kind", "status"), REFUSED)
def test_refusals(served: Callable[[Serve], str], answer: bytes, kind: str, status: int | None) -> None:
    with pytest.raises(EngineError) as caught:
        opened(served(lambda connection: connection.sendall(answer)))
    assert (caught.value.kind, caught.value.status) == (kind, status)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 101" + b"x" * (LONGEST_HEAD + 1),
        b"HTTP/1.1 101 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n",
    ],
)
def test_what_is_no_answer(served: Callable[[Serve], str], answer: bytes) -> None:
    with pytest.raises(BadAnswer):
        opened(served(lambda connection: connection.sendall(answer)))


def test_a_head_that_drips_is_late(served: Callable[[Serve], str]) -> None:
    def drip(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for number in range(200):
                connection.sendall(HEAD[number % 8 : number % 8 + 1])
                time.sleep(0.05)

    with pytest.raises(TimeoutError):
        opened(served(drip), timeout=0.3)


def test_an_answer_that_does_not_come(served: Callable[[Serve], str]) -> None:
    with pytest.raises(TimeoutError):
        opened(served(lambda connection: time.sleep(0.3)), timeout=0.1)
