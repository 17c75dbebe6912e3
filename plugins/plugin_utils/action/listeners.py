# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who listens in a container and on its host, asked of the host's /proc: the container needs no tool for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import remote
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.sudo import Become
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import Tunnel

TIMEOUT = 10.0  # seconds
# A text that no file in /proc has.
_BETWEEN = "===="


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
