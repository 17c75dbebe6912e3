# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells who listens in a container and on its host. The host's /proc is read for it, so neither needs a tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..ssh.command.host_command import no_command
from ..ssh.command.sudo import Become
from ..ssh.transport import Transport

TIMEOUT = 10.0  # seconds
# A text that no file in /proc has.
_BETWEEN = "===="
SSH_PORT = 22
SESSION_WHILE_OTHERS_WAIT = 2.0  # seconds
_PARTS = "for part in tcp tcp6 udp udp6; do echo == $part; cat /proc/net/$part; done; echo == end"


def listeners(transport: Transport, become: Become | None) -> Callable[[Mapping[str, Any]], tuple[str, str]]:
    """A function from a container's inspect to two texts: /proc/net/tcp and tcp6 as they are inside it, and on the
    host.

    It raises SshError where the login user can run no command. A container that is gone by then has no listeners.
    """

    def said(inspect: Mapping[str, Any]) -> tuple[str, str]:
        pid = int((inspect.get("State") or {}).get("Pid") or 0)
        script = f"cat /proc/{pid}/net/tcp /proc/{pid}/net/tcp6; echo {_BETWEEN}; cat /proc/net/tcp /proc/net/tcp6"
        done = transport.run(["/bin/sh", "-s"], script, TIMEOUT, become=become)
        inside, _between, outside = done.stdout.partition(_BETWEEN)
        return inside, outside

    return said


class HostPorts:
    """The ports of a host, for whoever chooses one. Any user may see who listens, so no sudo is needed."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def listening(self) -> str:
        """/proc/net/tcp, tcp6, udp and udp6, each after a line ``== NAME``.

        :raises SshError: the login user can run no command there.
        """
        done = self._transport.run(["/bin/sh", "-s"], _PARTS, TIMEOUT, session_within=SESSION_WHILE_OTHERS_WAIT)
        if not done.stdout.rstrip().endswith("== end"):
            raise no_command(self._transport.target, done.stderr)
        return done.stdout

    def lock(self) -> Callable[[], None]:
        """Wait until nobody else on this controller chooses ports of the host, as whichever user they log in there.

        :returns: a function that lets others choose again.
        :raises SshError: kind ``runtime_dir``: the lock's file can't be made.
        """
        target = self._transport.target
        lock = self._transport.lock(f"ports of {target.host.lower()} {target.port or SSH_PORT}")
        lock.acquire()

        def unlock() -> None:
            try:
                lock.remove()
            finally:
                lock.release()

        return unlock
