# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a command in a container writes, for Ansible, which holds all of it several times."""

from __future__ import annotations

from .refusal import too_much

MOST = 256 * 1024 * 1024  # bytes of both streams together
STDOUT = 1


class Written:
    """Keeps both streams of one command.

    :param container: its name, for messages.
    """

    def __init__(self, container: str) -> None:
        self._container = container
        self._streams = (bytearray(), bytearray())

    def take(self, stream: int, data: bytes) -> None:
        """:raises EngineError: it is too much (kind ``container_answer``)."""
        if sum(map(len, self._streams)) + len(data) > MOST:
            raise too_much(self._container, MOST)
        self._streams[stream != STDOUT].extend(data)

    def streams(self) -> tuple[bytes, bytes]:
        """(stdout, stderr)."""
        stdout, stderr = map(bytes, self._streams)
        return stdout, stderr
