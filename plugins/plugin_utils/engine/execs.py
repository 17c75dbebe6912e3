# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to run a command in a container."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import an_object
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.references import segment
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.streams import Frames
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.upgraded import Upgraded
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.wire import Wire
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

Output = Callable[[int, bytes], None]
STDOUT, STDERR = 1, 2


class ExecRequests(Wire):
    """Commands in running containers, by the ID that :meth:`exec_create` gives."""

    def exec_create(self, container: str, config: Mapping[str, Any]) -> str:
        """Prepare a command; ``config`` is the API's (Cmd, Env, User, WorkingDir, Tty, AttachStdin, …). Its ID."""
        request = f"exec in container {container}"
        answer = self._post(request, f"/containers/{segment(container)}/exec", body=dict(config))
        with self._sending(request):
            return str(an_object(answer.json(), request)["Id"])

    def exec_attached(
        self,
        identity: str,
        output: Output,
        *,
        tty: bool = False,
        source: Iterator[bytes] | None = None,
        deadline: float | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Run a prepared command; returns when it has closed its output.

        :param output: gets what it writes as it comes: (STDOUT or STDERR, bytes); all of it is stdout with ``tty``.
        :param source: its input in chunks.
        :param deadline: on ``now``'s clock.
        :raises TimeoutError: at the deadline; the command still runs.
        :raises EngineError: kind ``no_answer`` where the stream was cut in the middle of what the command wrote.
        """
        frames = Frames()
        path = f"/v{self.identity.api_version}/exec/{segment(identity)}/start"
        with self._sending("exec"):
            stream = Upgraded(self._socket_path, path, {"Detach": False, "Tty": tty}, self.timeout)
        try:
            for data in stream.exchange(source, deadline, now, half_close=not tty):
                for number, part in [(STDOUT, data)] if tty else frames.feed(data):
                    output(number, part)
        finally:
            stream.close()
        if not frames.whole:
            raise EngineError("The stream from the engine was cut in the middle of the output.", kind="no_answer")

    def exec_detached(self, identity: str, tty: bool = False) -> None:
        """Start a prepared command and leave it alone."""
        self._post("exec", f"/exec/{segment(identity)}/start", body={"Detach": True, "Tty": tty})

    def exec_state(self, identity: str) -> dict[str, Any]:
        """The engine's description of a command: Running, ExitCode (None while it runs), Pid on the host."""
        with self._sending("exec"):
            return an_object(self._api.exec_inspect(identity), "exec")
