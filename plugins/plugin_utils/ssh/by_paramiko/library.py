# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""paramiko itself: which versions, and all that takes its private members.

It has no channel to a Unix socket, and ``open_channel`` would send a message that sshd hangs up at. So the message is
made here, as OpenSSH's PROTOCOL file has it (``direct-streamlocal@openssh.com``), and the rest is done as
``Transport.open_channel`` does it. Those members are the same in all versions from 3.4 to 5.1.
"""

from __future__ import annotations

import importlib
import io
import logging
import os
import re
import socket
import threading
import time
from functools import cache
from typing import Any

from ...errors import SshError

FROM, BEFORE = (3, 4), (6,)
_WANTED = f"paramiko>={'.'.join(map(str, FROM))},<{BEFORE[0]}"
_TRANSPORT = ("_next_channel", "_send_user_message")
_CHANNEL = ("_set_transport", "_set_window")
_LOG = "sshfleet.paramiko"  # where nobody listens: what it says reaches no terminal
_OPEN = bytes([90])  # SSH_MSG_CHANNEL_OPEN
_TICK = 0.1  # seconds between looks whether the connection still lives

# Why a channel was not opened (RFC 4254, 5.1), as ssh puts it.
_REASONS = {
    "Administratively prohibited": "administratively prohibited",
    "Connect failed": "connect failed",
    "Unknown channel type": "unknown channel type",
    "Resource shortage": "resource shortage",
}
_FAILED = re.compile(r"Secsh channel (\d+) open FAILED: (.*): ([^:]*)", re.DOTALL)


class Refused(Exception):
    """The other side has not opened a channel; the text is ssh's for that."""


class Gone(Exception):
    """The connection is not there any more, or does not answer."""


@cache
def library() -> Any:
    """The module paramiko.

    :raises SshError: kind ``ssh_client``: there is none, or one of a version that this was not tried with.
    """
    try:
        found = importlib.import_module("paramiko")
    except ImportError as problem:
        raise _unusable(f"The Python package paramiko can't be imported on this controller: {problem}.") from problem
    version = str(found.__version__)
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if not FROM <= numbers < BEFORE:
        raise _unusable(f"The Python package paramiko on this controller is of version {version}.")
    if not all(hasattr(found.Transport, name) for name in _TRANSPORT) or not all(
        hasattr(found.Channel, name) for name in _CHANNEL
    ):
        raise _unusable(f"The Python package paramiko {version} on this controller is not the one of its makers.")
    logger = logging.getLogger(_LOG)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return found


def _unusable(message: str) -> SshError:
    return SshError(
        "ssh_client",
        message,
        f"Install one that works, into Ansible's own Python environment (pip install '{_WANTED}'), or use OpenSSH's "
        "client (transport=openssh).",
    )


class _Said(logging.Logger):
    """Keeps what the other side said of itself, and of channels, which paramiko only logs."""

    def __init__(self) -> None:
        super().__init__(_LOG, logging.DEBUG)
        self.lines: list[str] = []
        self.refusals: dict[int, str] = {}

    def log(self, level: int, msg: object, *args: object, **others: Any) -> None:
        text = str(msg)
        if text.startswith(("Banner: ", "Disconnect (")):
            self.lines.append(text.partition(": ")[2])
        elif found := _FAILED.fullmatch(text):
            self.refusals[int(found[1])] = f"{_REASONS.get(found[3], found[3])}: {found[2]}"


def connection(stream: Any) -> Any:
    """A connection of paramiko's over a socket or a channel, before it says a word."""
    paramiko = library()
    made = paramiko.Transport(stream)
    made.set_log_channel(_LOG)
    made.logger = _Said()
    return made


def said(made: Any) -> list[str]:
    """What the other side said before its banner, and why it hung up, where it told."""
    return list(made.logger.lines)


def open_channel(made: Any, kind: str, fields: tuple[str | int, ...], within: float) -> Any:
    """A channel over a connection.

    :param kind: ``session``, ``direct-tcpip`` or ``direct-streamlocal@openssh.com``.
    :param fields: what the message says more.
    :param within: seconds.
    :raises Refused: the other side does not open it.
    :raises Gone: there is no answer.
    """
    paramiko = library()
    if not made.is_active():
        raise Gone
    window, packet = made.default_window_size, made.default_max_packet_size
    with made.lock:
        number = made._next_channel()
        message = _message(paramiko, kind, number, window, packet, fields)
        channel = paramiko.Channel(number)
        made._channels.put(number, channel)
        made.channel_events[number] = answered = threading.Event()
        made.channels_seen[number] = True
        channel._set_transport(made)
        channel._set_window(window, packet)
    try:
        made._send_user_message(message)
    except (OSError, EOFError, paramiko.SSHException) as problem:
        raise Gone from problem
    deadline = time.monotonic() + within
    while not answered.wait(_TICK):
        if not made.is_active() or time.monotonic() > deadline:
            raise Gone
    if made._channels.get(number) is None:
        raise Refused(made.logger.refusals.pop(number, "open failed"))
    return channel


def _message(paramiko: Any, kind: str, number: int, window: int, packet: int, fields: tuple[str | int, ...]) -> Any:
    message = paramiko.Message()
    message.add_byte(_OPEN)
    message.add_string(kind)
    for value in (number, window, packet, *fields):
        message.add_int(value) if isinstance(value, int) else message.add_string(value)
    return message


def key(text: str, certificate: str | None = None) -> Any:
    """A private key that needs no passphrase, None where paramiko can't read it.

    :param certificate: the path of a file with its certificate, if that is there.
    """
    found = _of_a_kind(text) or _of_a_kind(_as_openssh(text))
    if found and certificate and os.path.exists(certificate):  # noqa: PTH110
        found.load_certificate(certificate)
    return found


def _of_a_kind(text: str) -> Any:
    paramiko = library()
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text))
        except (ValueError, TypeError, IndexError, paramiko.SSHException):  # another kind
            continue
    return None


def _as_openssh(text: str) -> str:
    """The same key as OpenSSH writes it, '' where it is none: paramiko does not know PKCS#8."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization as formats

    try:
        read = formats.load_pem_private_key(text.encode(), None)
        return read.private_bytes(formats.Encoding.PEM, formats.PrivateFormat.OpenSSH, formats.NoEncryption()).decode()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""


class Agent:
    """The keys of an ssh-agent, none where nobody answers. It is closed when the login is over.

    :param path: its socket. paramiko's own looks for one in the environment only.
    """

    def __init__(self, path: str | None) -> None:
        self._agent = library().agent.AgentSSH()
        if path:
            self._connect(path)

    def _connect(self, path: str) -> None:
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            stream.settimeout(30.0)  # somebody may be asked whether a key may be used
            stream.connect(path)
            self._agent._connect(stream)
        except (OSError, library().SSHException):
            stream.close()

    @property
    def keys(self) -> list[Any]:
        return list(self._agent.get_keys())

    def close(self) -> None:
        self._agent._close()
