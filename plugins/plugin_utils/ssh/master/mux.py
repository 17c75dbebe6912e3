# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A minimal client of OpenSSH's multiplexing protocol (PROTOCOL.mux, version 4).

``ssh -O check`` costs a process, 5 ms each; the same question asked here costs a fraction of a millisecond, and every
task asks it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Sequence
from types import TracebackType

HELLO = 0x00000001
NEW_SESSION = 0x10000002
ALIVE_CHECK = 0x10000004
TERMINATE = 0x10000005
OPEN_FORWARD = 0x10000006
OK = 0x80000001
PERMISSION_DENIED = 0x80000002
FAILURE = 0x80000003
EXIT_MESSAGE = 0x80000004
ALIVE = 0x80000005
SESSION_OPENED = 0x80000006
VERSION = 4
FORWARD_LOCAL = 1
STREAMLOCAL = 0xFFFFFFFE  # a "port" of -2 says that the "host" is a socket's path
LONGEST_PACKET = 256 * 1024
MOST_AT_ONCE = 4096  # bytes; most answers come whole
REQUEST_ID = 1
NO_ESCAPE_CHARACTER = 0xFFFFFFFF


class MuxError(Exception):
    """The master is not there, does not answer, or says no; the text says which."""


class MuxRefused(MuxError):
    """The master is alive and declined the request; the text is its reason."""


class MuxClient:
    """One connection to a master's control socket; a context manager.

    :param timeout: seconds for each answer: a master that is stopped takes connections but never answers.
    :param asking: a packet that is sent along with the greeting, before anything is known of who listens: a question.
    :raises MuxError: nobody listens there, or not an ssh master of protocol version 4.
    """

    def __init__(self, control: str, timeout: float = 5.0, asking: bytes = b"") -> None:
        self._received = b""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(control)
            self._socket.sendall(_packet(HELLO, struct.pack(">I", VERSION)) + asking)
            kind, body = self._receive()
            if kind != HELLO or struct.unpack_from(">I", body)[0] != VERSION:
                raise MuxError(f"{control} does not speak version {VERSION} of ssh's multiplexing protocol")
        except (OSError, struct.error) as problem:
            self._socket.close()
            raise MuxError(f"{control}: {problem}") from problem
        except MuxError:
            self._socket.close()
            raise

    def __enter__(self) -> MuxClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def alive(self) -> int:
        """The master's process ID, where that was asked for with the greeting."""
        return _number(self._answered(ALIVE))

    def forward(self, local: str, remote: str) -> None:
        """Listen on the local socket path and connect what comes in to the remote socket path."""
        body = (
            struct.pack(">I", FORWARD_LOCAL)
            + _string(local)
            + struct.pack(">I", STREAMLOCAL)
            + _string(remote)
            + struct.pack(">I", STREAMLOCAL)
        )
        self._request(OPEN_FORWARD, body, OK)

    def session(self, command: str, descriptors: Sequence[int]) -> None:
        """Run a command on the target, in the user's shell, without a terminal, for as long as this client is open.

        :param descriptors: its stdin, stdout and stderr; the master gets copies of them.
        :raises MuxRefused: sshd opens no further session.
        """
        no_terminal_x11_agent_subsystem = struct.pack(">IIII", 0, 0, 0, 0)
        body = (
            _string("")
            + no_terminal_x11_agent_subsystem
            + struct.pack(">I", NO_ESCAPE_CHARACTER)
            + _string("")
            + _string(command)
        )
        self._request(NEW_SESSION, body, SESSION_OPENED, descriptors)

    def exit_code(self) -> int | None:
        """Wait until the session's command has ended; None when its exit code does not come in time, or at all."""
        try:
            while True:
                kind, body = self._receive()
                if kind == EXIT_MESSAGE:
                    return _number(body)
        except (OSError, MuxError):
            return None

    def settimeout(self, seconds: float) -> None:
        """Seconds for each further answer."""
        self._socket.settimeout(seconds)

    def close(self) -> None:
        """Hang up; a session that runs over this connection ends."""
        self._socket.close()

    def wait_closed(self) -> bool:
        """Wait until the master has closed the session; False when that takes too long."""
        try:
            while self._socket.recv(4096):
                pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def hang_up(self) -> None:
        """End the session at once, from any thread: who waits for it wakes up."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def terminate(self) -> None:
        """End the master and wait until it is gone. What runs through it is cut; its answer often gets lost with it."""
        with contextlib.suppress(OSError):
            self._send(TERMINATE, struct.pack(">I", REQUEST_ID))
            while self._socket.recv(4096):
                pass

    def _request(self, kind: int, body: bytes, expected: int, descriptors: Sequence[int] = ()) -> bytes:
        try:
            self._send(kind, struct.pack(">I", REQUEST_ID) + body)
            for descriptor in descriptors:
                socket.send_fds(self._socket, [b"\0"], [descriptor])
        except OSError as problem:
            raise MuxError(f"the ssh master does not answer: {problem}") from problem
        return self._answered(expected)

    def _answered(self, expected: int) -> bytes:
        try:
            answer, content = self._receive()
        except OSError as problem:
            raise MuxError(f"the ssh master does not answer: {problem}") from problem
        if answer in (PERMISSION_DENIED, FAILURE):
            raise MuxRefused(content[8:].decode(errors="replace"))
        if answer != expected:
            raise MuxError(f"the ssh master gave an answer of unknown kind {answer:#x}")
        return content

    def _send(self, kind: int, body: bytes) -> None:
        self._socket.sendall(_packet(kind, body))

    def _receive(self) -> tuple[int, bytes]:
        (length,) = struct.unpack(">I", self._exactly(4))
        if not 4 <= length <= LONGEST_PACKET:
            raise MuxError(f"a packet of {length} bytes is not of ssh's multiplexing protocol")
        packet = self._exactly(length)
        return struct.unpack_from(">I", packet)[0], packet[4:]

    def _exactly(self, count: int) -> bytes:
        while len(self._received) < count:
            chunk = self._socket.recv(max(MOST_AT_ONCE, count - len(self._received)))
            if not chunk:
                raise MuxError("the ssh master closed the connection")
            self._received += chunk
        data, self._received = self._received[:count], self._received[count:]
        return data


def _packet(kind: int, body: bytes) -> bytes:
    return struct.pack(">II", len(body) + 4, kind) + body


def _number(body: bytes) -> int:
    """The number behind the request's in an answer."""
    try:
        return int(struct.unpack_from(">I", body, 4)[0])
    except struct.error as problem:
        raise MuxError(f"the ssh master gave an answer of {len(body)} bytes, which is too short") from problem


def _string(text: str) -> bytes:
    data = os.fsencode(text)
    return struct.pack(">I", len(data)) + data


IS_ALIVE = _packet(ALIVE_CHECK, struct.pack(">I", REQUEST_ID))


def master_pid(control: str) -> int | None:
    """The process ID of the live master behind a control socket, None when there is none.

    Every task asks for it, so that is one round trip.
    """
    try:
        with MuxClient(control, asking=IS_ALIVE) as client:
            return client.alive()
    except MuxError:
        return None


def listens(control: str) -> bool:
    """Whether somebody listens on this socket, even a master that does not answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(control)
        except BlockingIOError:  # its queue is full: it is stuck, but there
            return True
        except OSError:
            return False
        return True
