# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who listens in a container and on its host, asked of the host's /proc: neither needs a tool for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..ssh.command import host_command as remote
from ..ssh.command.sudo import Become
from ..ssh.master.lock import lock_about
from ..ssh.tunnel.tunnel import Tunnel

TIMEOUT = 10.0  # seconds
# A text that no file in /proc has.
_BETWEEN = "===="
SSH_PORT = 22
SESSION_WITHIN = 2.0  # seconds, while others wait for their ports
_PARTS = "for part in tcp tcp6 udp udp6; do echo == $part; cat /proc/net/$part; done; echo == end"


def listeners(
    tunnel: Tunnel, become: Become | None, log: Callable[[str], None]
) -> Callable[[Mapping[str, Any]], tuple[str, str]]:
    """A function from a container's inspect to what /proc/net/tcp and tcp6 say inside and on the host.

    It raises SshError where the login user can run no command. A container that is gone by then has no listeners.
    """

    def said(inspect: Mapping[str, Any]) -> tuple[str, str]:
        host = remote.Host(tunnel.target, tunnel.control, become, log)
        pid = int((inspect.get("State") or {}).get("Pid") or 0)
        script = f"cat /proc/{pid}/net/tcp /proc/{pid}/net/tcp6; echo {_BETWEEN}; cat /proc/net/tcp /proc/net/tcp6"
        done = remote.run(host, ["/bin/sh", "-s"], script, TIMEOUT)
        inside, _between, outside = done.stdout.partition(_BETWEEN)
        return inside, outside

    return said


class HostPorts:
    """The ports of a tunnel's host, for ``port_choice``. Any user may see who listens, so no sudo is needed."""

    def __init__(self, tunnel: Tunnel, log: Callable[[str], None]) -> None:
        self._tunnel = tunnel
        self._log = log

    def listening(self) -> str:
        """/proc/net/tcp, tcp6, udp and udp6, each after a line ``== NAME``; SshError where no command runs there."""
        target = self._tunnel.target
        host = remote.Host(target, self._tunnel.control, log=self._log, session_within=SESSION_WITHIN)
        done = remote.run(host, ["/bin/sh", "-s"], _PARTS, TIMEOUT)
        if not done.stdout.rstrip().endswith("== end"):
            raise remote.no_command(target, done.stderr)
        return done.stdout

    def lock(self) -> Callable[[], None]:
        """Wait until nobody else on this controller chooses ports of the host, whoever logs in there as whom."""
        target = self._tunnel.target
        what = f"ports of {target.host.lower()} {target.port or SSH_PORT}"
        lock = lock_about(str(Path(self._tunnel.control).parent), what)
        lock.acquire()

        def unlock() -> None:
            try:
                lock.remove()
            finally:
                lock.release()

        return unlock
