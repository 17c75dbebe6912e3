# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for what a container has to come to: looks again and again, and ends at once when it can't come any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ..options.parsing import Options
from ..plan import waiting

# A new container that ends within this time with an error has failed; looked at so often, so far apart (seconds).
LOOKS, PAUSE = 3, 0.25
# Between two looks while waiting: seconds, growing.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
LONGEST_LOG = 5000  # lines that are searched
# The log may come later than the exit: so many further looks.
LATE_LOG = 4

# Of a container's inspect: what /proc/net/tcp and tcp6 say in it, and on the host.
Listeners = Callable[[Mapping[str, Any]], tuple[str, str]]


class Waiter:
    """Waits for one task's wishes; ``listeners`` is None where nobody can look at ports."""

    def __init__(
        self,
        client: Client,
        options: Options,
        now: Callable[[], float],
        sleep: Callable[[float], None],
        listeners: Listeners | None = None,
    ) -> None:
        self._client = client
        self._now = now
        self._sleep = sleep
        self._listeners = listeners
        self._wishes = _wishes(options)
        self._detach = options.behaviour.detach

    @property
    def waits(self) -> bool:
        return bool(self._wishes)

    @property
    def waits_for_the_end(self) -> bool:
        return not self._detach or any(wish.state == "exited" for wish in self._wishes)

    def stays_up(self, container: str) -> None:
        """A new container that ends with an error, or that its restart policy has to start again, has failed.

        :raises EngineError: kind ``container_ended``.
        """
        if self.waits_for_the_end:
            return
        has_ended = False
        for look in range(LOOKS):
            if look:
                self._sleep(PAUSE)
            inspect = self._client.containers.inspect(container)
            if inspect is None:
                raise EngineError("the new one ended at once, and the engine removed it.", kind="container_ended")
            state = inspect.get("State") or {}
            code = state.get("ExitCode") or 0
            has_ended = has_ended or bool(inspect.get("RestartCount") or state.get("Restarting"))
            # While its restart policy has it running again, the engine tells no exit code: the next look may.
            if code and (has_ended or not state.get("Running")):
                raise EngineError(f"the new one ended at once, with exit code {code}.", kind="container_ended")
        if has_ended:
            raise EngineError("the new one ended at once; its restart policy starts it over.", kind="container_ended")

    def wait(self, container: str) -> None:
        """Return when all that the task waits for has come.

        :raises EngineError: kind ``container_ended`` when it can't come any more, ``not_in_time`` when time is up.
        """
        for wish in self._wishes:
            self.until(container, wish)

    def until(self, container: str, wish: waiting.WaitFor) -> None:
        """Return when a container has come to this; errors as with :meth:`wait`."""
        began, pause, late = self._now(), FIRST_PAUSE, LATE_LOG
        first = self._client.containers.inspect(container)
        restarts = int((first or {}).get("RestartCount") or 0)
        seen = first
        while True:
            verdict = waiting.judge(wish, self._look(container, wish, seen), restarts)
            if verdict.met:
                return
            ended_unlogged = wish.state == "exited" and wish.log is not None and "no line" in verdict.failed
            if ended_unlogged and late:
                late -= 1
            elif verdict.failed:
                raise EngineError(f"{verdict.failed}.", kind="container_ended")
            elif wish.timeout > 0 and self._now() - began >= wish.timeout:
                missing = " and ".join(verdict.missing)
                problem = f"after {wish.timeout:g} seconds, this is missing: {missing}."
                raise EngineError(problem, kind="not_in_time").known_as(_peers_words(container, wish))
            self._sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            seen = self._client.containers.inspect(container)

    def _look(self, container: str, wish: waiting.WaitFor, inspect: Mapping[str, Any] | None) -> waiting.Seen:
        seen = waiting.Seen(inspect)
        if inspect is None:
            return seen
        if wish.log is not None:
            since = waiting.log_since(inspect)
            seen = replace(seen, log=str(self._client.containers.log_tail(container, LONGEST_LOG, since=since)))
        if wish.port is not None and self._listeners is not None and (inspect.get("State") or {}).get("Running"):
            inside, outside = (waiting.listening_ports(said) for said in self._listeners(inspect))
            seen = replace(seen, port_open=waiting.port_is_open(wish.port, wish.port_on, inspect, inside, outside))
        return seen


def _peers_words(container: str, wish: waiting.WaitFor) -> str:
    if not wish.healthy:
        return ""
    return f'Timeout of {wish.timeout} seconds exceeded while waiting for container "{container}"'


def _wishes(options: Options) -> list[waiting.WaitFor]:
    wishes = [options.wait_for] if options.wait_for else []
    if options.state == "healthy":
        wishes.append(waiting.WaitFor(healthy=True, timeout=options.healthy_wait_timeout))
    return wishes
