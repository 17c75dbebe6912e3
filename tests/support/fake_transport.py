# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection to a host that is nowhere: sockets on it are local ones, and commands get the answers of the test."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.sudo import Become
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import Finished, Transport

VERSION = {
    "Version": "26.1.5", "ApiVersion": "1.45", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64",
    "KernelVersion": "6.1.0", "Platform": {"Name": "Docker Engine"}, "Components": [{"Name": "Engine"}],
}  # fmt: skip


@dataclass
class FakeLock:
    """Tells ``said`` what is done with it."""

    about: str
    said: list[str]

    def acquire(self, *, wait: bool = True, shared: bool = False) -> bool:
        self.said.append(f"{'shared ' if shared else ''}lock {self.about}")
        return True

    def release(self) -> None:
        self.said.append(f"release {self.about}")

    def remove(self) -> None:
        self.said.append(f"remove {self.about}")

    remove_unless_shared = remove

    def note(self, text: str) -> None:
        self.said.append(f"note {text}")

    def noted(self) -> str:
        return ""


@dataclass
class FakeDialed:
    path: str
    argv: list[str]
    problem: SshError | None = None
    closed: bool = False

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeTransport:
    """``sockets`` are local ones by their path on the host, ``dials`` the one that every dialed one is; ``answers``
    gives a command's end; ``said`` is what was asked for. ``problem`` is what a look at a silent socket finds.
    """

    target: SshTarget
    sockets: dict[str, str] = field(default_factory=dict)
    dials: str = "/nonexistent/dialed"
    answers: Callable[[list[str], str, Become | None], Finished] = lambda _argv, _stdin, _become: Finished(0, "", "")
    problem: str = "socket_missing"
    connection_id: str = "one"
    opened: bool = False
    memory: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    dialed: list[FakeDialed] = field(default_factory=list)
    left: int = 0

    def forward(self, remote_socket: str) -> str:
        self.said.append(f"forward {remote_socket}")
        return self.sockets.get(remote_socket, "/nonexistent/socket")

    def run(
        self, argv: list[str], stdin: str, timeout: float, *, become: Become | None = None, session_within: float = 10.0
    ) -> Finished:
        self.said.append(f"run {argv[0]} as {become.user if become else 'the login user'} within {session_within:g} s")
        return self.answers(argv, stdin, become)

    def dial(self, argv: list[str], become: Become | None) -> FakeDialed:
        self.said.append(f"dial as {become.user if become else 'the login user'}")
        self.dialed.append(FakeDialed(self.dials, argv))
        return self.dialed[-1]

    def remember(self, key: str, value: Any) -> None:
        self.memory[key] = json.loads(json.dumps(value))

    def recall(self, key: str) -> Any:
        return self.memory.get(key)

    def lock(self, about: str) -> FakeLock:
        return FakeLock(about, self.said)

    def salt(self) -> str:
        return "salt"

    def diagnose(self, remote_socket: str, *, retire: bool = True) -> SshError:
        self.said.append(f"look at {remote_socket}{'' if retire else ', not retiring'}")
        return SshError(self.problem, f"{remote_socket} on {self.target.display}: {self.problem}.", "")

    def retire(self) -> None:
        self.said.append("retire")

    def leave(self) -> None:
        self.left += 1

    def close(self) -> bool:
        self.said.append("close")
        return True


def connecting(transport: FakeTransport) -> Callable[..., Transport]:
    """Gives this transport to a session that is opened; what it was asked with is said."""

    def connect(target: SshTarget, _log: Callable[[str], None], *, idle: int, retries: int) -> Transport:
        assert target == transport.target
        transport.said.append(f"connect, idle {idle}, tries {retries}")
        return transport

    return connect


class SmallEngine:
    """Answers on a Unix socket until it is closed: /version, and lists of ``containers``. ``asked`` are the paths."""

    def __init__(self, path: Path, containers: list[dict[str, Any]] | None = None) -> None:
        self.asked: list[str] = []
        engine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                engine.asked.append(self.path)
                found = VERSION if self.path.endswith("/version") else containers or []
                content = json.dumps(found).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: Any) -> None:
                """Silence."""

            def address_string(self) -> str:
                return "unix"

        self._server = _Server(str(path), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
