# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Streams that no engine ends: each is ended in time, named, and held in little memory. A fake gives them, because no
real engine can be had that does. What comes is harmless, and the limit of time is a short one here.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import re
import socket
import tarfile
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import bounds
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.streams import FRAME_HEADER
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.copying.archive import entries
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.events import options as events
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.output import Output
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.progress import Progress
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs import options as logs
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.lines import Lines

SECONDS = 0.5
MOST_MEMORY = 24 << 20  # bytes: what is kept of a log, a few pieces, and what the libraries need
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
IDENTITY = EngineIdentity("docker", "26.1.5", "1.45")


def framed(data: bytes) -> bytes:
    return FRAME_HEADER.pack(1, len(data)) + data


def entry(number: int) -> bytes:
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(f"d/{number}"))
    return found.getvalue()[:512]


def event(number: int) -> bytes:
    actor = {"ID": "c", "Attributes": {"name": f"n{number}"}}
    return json.dumps({"Type": "container", "Action": "die", "Actor": actor, "time": number}).encode() + b"\n"


def status(number: int) -> bytes:
    return json.dumps({"status": f"Pulled {number}", "id": str(number)}).encode() + b"\n"


def defaults(spec: dict[str, dict[str, Any]], **given: Any) -> dict[str, Any]:
    return {name: one.get("default") for name, one in spec.items()} | given


def read_log(client: EngineClient) -> None:
    lines = Lines(logs.parse(defaults(logs.ARGUMENT_SPEC, container="app", tail="all", max_output="64K")))
    client.containers.logs("app", {}, lines.add, tty=False)


def read_events(client: EngineClient) -> None:
    wanted = events.parse(defaults(events.ARGUMENT_SPEC))
    events.result(client.events.list(0, 1, {}), wanted, str)


def read_files(client: EngineClient) -> None:
    with client.archives.get("app", "/d") as pieces:
        for _found in entries(pieces):
            pass


def save(client: EngineClient) -> None:
    with client.images.save(["app"]) as pieces:
        for _piece in pieces:
            pass


STREAMS: dict[str, tuple[Callable[[int], bytes], Callable[[EngineClient], Any]]] = {
    "lines of a log": (lambda _number: framed(b"line\n"), read_log),
    "empty lines of a log": (lambda _number: framed(b"\n" * 60), read_log),
    "a line of a log": (lambda _number: framed(b"x" * 60), read_log),
    "events": (event, read_events),
    "files": (entry, read_files),
    "an image": (lambda _number: b"x" * 512, save),
    "progress of a pull": (status, lambda client: client.images.pull("app:1", Progress(lambda _line: None))),
    "output of a build": (
        lambda number: json.dumps({"stream": f"{number}\n"}).encode() + b"\n",
        lambda client: client.images.build({}, [b""], Progress(lambda _line: None)),
    ),
}  # fmt: skip


@contextlib.contextmanager
def without_end(path: Path, head: bytes, piece: Callable[[int], bytes]) -> Iterator[EngineClient]:
    """A client of something that answers one request and does not stop by itself."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path / "s"))
    listener.listen()
    some = [b"".join(map(piece, range(first, first + 400))) for first in range(0, 8000, 400)]

    def answer() -> None:
        connection, _peer = listener.accept()
        with contextlib.suppress(OSError), connection:
            connection.recv(65536)
            connection.sendall(head)
            given_up = time.monotonic() + 30
            for data in itertools.cycle(some):
                if time.monotonic() > given_up:  # where nobody ends it, the test fails, and does not hang
                    return
                connection.sendall(b"%x\r\n%b\r\n" % (len(data), data) if head == CHUNKED else data)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    with EngineClient(str(path / "s"), identity=IDENTITY, timeout=20, where="h") as client:
        yield client
    thread.join(20)
    listener.close()
    assert not thread.is_alive(), "nobody reads any more, so it has ended"


@contextlib.contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        yield
        assert tracemalloc.get_traced_memory()[1] - before < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("what", STREAMS)
def test_a_stream_without_end(short_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(bounds, "LONGEST_STREAM", SECONDS)
    piece, read = STREAMS[what]
    with without_end(short_path, CHUNKED, piece) as client:
        began = time.monotonic()
        with little_memory(), pytest.raises(EngineError, match=re.escape("goes on for more than")) as caught:
            read(client)
        assert time.monotonic() - began < SECONDS + 15, "the machine may be busy, but not that much"
    assert caught.value.kind == "bad_answer" and caught.value.message.startswith("h: ")


@pytest.mark.parametrize("most", [1000, 20_000])
def test_output_without_end_of_a_command(short_path: Path, most: int) -> None:
    """Its time is the task's timeout."""
    head = b"HTTP/1.1 101 UPGRADED\r\n\r\n"
    output = Output(most)
    sent = without_end(short_path, head, lambda number: framed(b"%09d\n" % number * 20))
    with sent as client, little_memory(), pytest.raises(TimeoutError):
        deadline = time.monotonic() + SECONDS
        client.execs.attach("1", lambda _stream, data: output.add(data), deadline=deadline)
    assert most <= len(output.text()) < most + 200 and "bytes of output left out here" in output.text()
