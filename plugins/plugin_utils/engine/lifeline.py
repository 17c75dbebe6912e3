# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the process that passes a command's output on has lived to its end.

The stream of a command has no end of its own: where the engine is killed, it closes as after the last word. An engine
that keeps its commands elsewhere than in that process then tells the command's exit code, as if nothing had been lost.
"""

from __future__ import annotations

import contextlib
import socket

# A request that has begun: no engine closes its connection for having nothing to do, nor ends itself for that.
_BEGUN = b"GET /_ping HTTP/1.1\r\n"


class Lifeline:
    """A connection over which nothing is asked; it ends with the process at its other end, or with the way there.

    :param timeout: in seconds, for connecting.
    :raises OSError: nobody listens there.
    """

    def __init__(self, socket_path: str, timeout: float) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(socket_path)
            self._socket.sendall(_BEGUN)
            self._socket.setblocking(False)
        except BaseException:
            self._socket.close()
            raise

    def broken(self) -> bool:
        """Whether it has ended."""
        with contextlib.suppress(BlockingIOError):
            try:
                return not self._socket.recv(1, socket.MSG_PEEK)
            except ConnectionResetError:
                return True
        return False

    def close(self) -> None:
        self._socket.close()
