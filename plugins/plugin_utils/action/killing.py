# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends processes on the host over ssh: no engine has a request that ends a command it runs in a container."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import remote
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.sudo import Become
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import Tunnel

TIMEOUT = 10.0  # seconds


def killer(tunnel: Tunnel, become: Become | None, log: Callable[[str], None]) -> Callable[[int, str], None]:
    """A function that sends a signal to a process of the host and its session: both engines make what they run in a
    container the leader of one.

    It raises EngineError with the reason where the login user can't.
    """

    def kill(pid: int, signal: str) -> None:
        if pid <= 1:
            raise EngineError("the engine does not tell its process")
        host = remote.Host(tunnel.target, tunnel.control, become, log)
        try:
            done = remote.run(host, ["/bin/sh", "-c", 'kill -s "$0" -- "-$1" "$1"', signal, str(pid)], "", TIMEOUT)
        except SshError as error:
            raise EngineError(error.message) from error
        if done.returncode and "no such process" not in done.stderr.lower():
            raise EngineError(done.stderr.strip() or f"kill ended with exit code {done.returncode}")

    return kill
