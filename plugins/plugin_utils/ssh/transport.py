# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the rest of the collection sees of a connection to a host. OpenSSH's client is behind it (``tunnel/``), or the
Python package paramiko (``by_paramiko/``).

Nothing outside this folder knows of control sockets, masters or the files beside them. Sessions, and everything above
them, work with a :class:`Transport`, which tests replace by a fake one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..errors import SshError
from .address.target import SshTarget
from .command.host_command import SESSION_WITHIN
from .command.sudo import Become
from .login.process import Finished
from .master import runtime_dir
from .tunnel import tunnel
from .tunnel.open_tunnels import TunnelInfo

__all__ = [
    "OPENSSH", "PARAMIKO", "Dialed", "Finished", "Lock", "Transport", "close", "live", "open_transport", "salt",
]  # fmt: skip

# What speaks ssh.
OPENSSH, PARAMIKO = "openssh", "paramiko"


class Lock(Protocol):
    """A lock of this controller's. The kernel gives it back however its holder ends."""

    def acquire(self, *, wait: bool = True, shared: bool = False) -> bool:
        """Take the lock; without ``wait``, False when somebody else has it. ``shared`` lets others share it.

        :raises SshError: kind ``runtime_dir``: its file can't be made.
        """

    def release(self) -> None:
        """Give it back."""

    def remove(self) -> None:
        """Leave no file; its holder does that before giving it back."""

    def remove_unless_shared(self) -> None:
        """Leave no file, where nobody else shares the lock."""

    def note(self, text: str) -> None:
        """Tell those who wait who has it."""

    def noted(self) -> str:
        """What its holder has told, '' when that is nothing."""


class Dialed(Protocol):
    """A local socket that leads through commands on the host until it is closed.

    ``path`` is the socket's, ``argv`` the command; ``problem`` is why a connection could not be had, None when all
    could.
    """

    path: str
    argv: list[str]
    problem: SshError | None

    def close(self) -> None:
        """End all its connections and their commands."""


class Transport(Protocol):
    """One connection to one host, shared by this user's runs on this controller."""

    @property
    def target(self) -> SshTarget:
        """Whom it leads to, and how messages call that."""

    @property
    def connection_id(self) -> str:
        """The same for as long as this connection lives; a later one to the same host has another."""

    @property
    def opened(self) -> bool:
        """Whether this run has made the connection; it found it otherwise."""

    def forward(self, remote_socket: str) -> str:
        """The path of a local socket that leads to this one on the host, opened with the first call.

        :raises SshError: the connection is gone and can't be had again, or the local socket can't be made.
        """

    def run(
        self,
        argv: list[str],
        stdin: str,
        timeout: float,
        *,
        become: Become | None = None,
        session_within: float = SESSION_WITHIN,
    ) -> Finished:
        """Run a command on the host, as the login user or as another one, to its end.

        :param timeout: seconds; ``returncode`` is None when the command does not end in time.
        :param session_within: seconds to wait for a session, where sshd opens no further one.
        :raises SshError: sudo does not work (``sudo``), there is no session (``sessions``), the user may run no command
            (``socket_unknown``), or the connection is gone.
        """

    def dial(self, argv: list[str], become: Become | None) -> Dialed:
        """A local socket; each connection to it runs the command on the host and is its stdin and stdout.

        :raises SshError: kind ``runtime_dir``: the socket can't be made.
        """

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value for as long as this connection lives; None forgets it."""

    def recall(self, key: str) -> Any:
        """What was remembered under the key, None when there is nothing."""

    def lock(self, about: str) -> Lock:
        """This controller's lock about something that the words name, not yet taken."""

    def salt(self) -> str:
        """A secret of this user's on this controller, the same in all runs: it makes names unique."""

    def diagnose(self, remote_socket: str, *, retire: bool = True) -> SshError:
        """Why a request through :meth:`forward` got no answer: the error to raise, with what mends it.

        :param retire: let the next task log in anew where the cause is fixed at login.
        """

    def retire(self) -> None:
        """Let the next task make a new connection; this one serves what runs over it."""

    def leave(self) -> None:
        """The work is done: end what can't outlive this process. The rest stays for the next task."""

    def close(self) -> bool:
        """End the connection; whether there was something to end."""


def open_transport(
    target: SshTarget, log: Callable[[str], None], *, idle: int, retries: int, client: str = OPENSSH
) -> Transport:
    """The live connection to a host, or a new one.

    :param client: what speaks ssh, ``OPENSSH`` or ``PARAMIKO``.
    :param idle: seconds without a request after which a new one ends by itself; one of paramiko's ends with the task.
    :param retries: how many tries a refused or reset connection gets.
    :raises SshError: the host can't be reached or does not let us in (``unreachable``), or the controller lacks
        something (``ssh_client``, ``runtime_dir``).
    :raises InvalidOption: an ssh argument that can't be used.
    """
    if client == PARAMIKO:
        from .by_paramiko import connection  # most never use it

        return connection.open_connection(target, log, retries=retries)
    return tunnel.open_tunnel(target, tunnel.TunnelSettings(idle=idle, retries=retries), log=log)


def live(target: SshTarget) -> TunnelInfo | None:
    """What is known of the live connection to a host, None where there is none; nothing is asked of the host.

    :raises SshError: kind ``runtime_dir``.
    """
    identity = target.identity()
    return next((one for one in tunnel.list_tunnels() if one.identity == identity and one.alive), None)


def close(target: SshTarget) -> bool:
    """End the connection to a host, and those to jump hosts that no other one needs; whether it was open.

    :raises SshError: kind ``runtime_dir``.
    """
    return tunnel.close_tunnel(target)


def salt() -> str:
    """The secret of :meth:`Transport.salt`, before there is a connection.

    :raises SshError: kind ``runtime_dir``.
    """
    return runtime_dir.salt(runtime_dir.runtime_directory())
