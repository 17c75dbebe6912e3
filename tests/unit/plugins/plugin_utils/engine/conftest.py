# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A recording engine on a Unix socket.

It is a fake, because these tests are about what a client *sends*: a real engine cannot be asked for the headers it got.
What real engines answer is tested in tests/lab/engine_client.
"""

from __future__ import annotations

import json
import shutil
import socketserver
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity

IDENTITIES = {
    "docker": EngineIdentity("docker", "26.1.5+dfsg1", "1.45", "linux", "amd64", "6.1.0"),
    "podman": EngineIdentity("podman", "5.4.2", "1.41", "linux", "amd64", "6.1.0"),
    "podman4": EngineIdentity("podman", "4.3.1", "1.41", "linux", "amd64", "6.1.0"),
}


@dataclass
class Request:
    """One request as it arrived; ``path`` has the query in it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """``body`` is bytes as they are, else sent as JSON. ``raw`` replaces the whole answer.

    ``delay`` before the answer and ``hang`` after a raw one are in seconds.
    """

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    delay: float = 0
    hang: float = 0


class FakeEngine:
    """``answers`` maps 'METHOD /path' (without version and query) to an Answer; the rest is 404 as Docker says it."""

    def __init__(self, socket_path: str) -> None:
        self.socket_path = socket_path
        self.requests: list[Request] = []
        self.answers: dict[str, Answer] = {}

    def paths(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.requests]

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        path = request.path.partition("?")[0]
        if path.startswith("/v"):
            unversioned = "/" + path[1:].partition("/")[2]
            path = unversioned if path[2:3].isdigit() else path
        return self.answers.get(f"{request.method} {path}", Answer(404, {"message": "page not found"}))


def _chunks(file: Any) -> bytes:
    body = b""
    while length := int(file.readline(), 16):
        body += file.read(length)
        file.readline()
    file.readline()
    return body


def _handler(engine: FakeEngine) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            chunked = self.headers.get("Transfer-Encoding") == "chunked"
            body = _chunks(self.rfile) if chunked else self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = engine.answer(Request(self.command, self.path, dict(self.headers.items()), body))
            time.sleep(answer.delay)
            if answer.raw is not None:
                self.wfile.write(answer.raw)
                time.sleep(answer.hang)
                self.close_connection = True
                return
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PUT = do_HEAD = _serve  # noqa: N815 - http.server's names

        def log_message(self, *args: Any) -> None:
            """Silence."""

        def address_string(self) -> str:
            return "unix"

    return Handler


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory whose path is short enough for a Unix socket (pytest's tmp_path may not be)."""
    directory = tempfile.mkdtemp(prefix="sshfleet-")
    yield Path(directory)
    shutil.rmtree(directory)


@pytest.fixture
def engine(short_path: Path) -> Iterator[FakeEngine]:
    fake = FakeEngine(str(short_path / "engine.sock"))
    server = _Server(fake.socket_path, _handler(fake))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def connect(engine: FakeEngine) -> Iterator[Callable[..., EngineClient]]:
    """Make clients of the fake engine; they are closed at the end."""
    clients: list[EngineClient] = []

    def make(kind: str = "docker", **options: Any) -> EngineClient:
        clients.append(EngineClient(engine.socket_path, identity=IDENTITIES[kind], **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def answer() -> type[Answer]:
    """The class of answers, for tests to make their own (test modules cannot import a conftest)."""
    return Answer
