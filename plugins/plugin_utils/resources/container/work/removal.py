# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing a container, also where its engine is at that already."""

from __future__ import annotations

from collections.abc import Callable

from ....engine.protocol import Client
from ....errors import EngineError

# Looks at a container that is being removed already, so far apart (seconds).
LOOKS, PAUSE = 50, 0.2
# How often a removal is tried of a container that does not keep still.
TRIES = 10
# Podman's words when a container was in another state than it had just seen: a restart policy starts one again that
# ends at once, and a removal by force finds nothing to kill, or something that was not there.
STATE_CHANGED = "container state improper"


def discard(client: Client, container: str, volumes: bool, sleep: Callable[[float], None]) -> None:
    """Remove a container by force; one that is gone, or that the engine removes itself (at its end, or for a run that
    was cut), counts as removed when it is gone. One that its restart policy starts over and over is tried again.

    :raises EngineError: it stays.
    """
    for left in reversed(range(TRIES)):
        try:
            client.containers.remove(container, force=True, volumes=volumes)
            return
        except EngineError as error:
            if error.kind == "container_missing":
                return
            if "already in progress" in error.message:
                _await_end(client, container, error, sleep)
                return
            if not left or STATE_CHANGED not in error.message:
                raise
        sleep(PAUSE)


def _await_end(client: Client, container: str, refusal: EngineError, sleep: Callable[[float], None]) -> None:
    """Return when a container is gone that its engine is removing.

    :raises EngineError: the refusal, when it stays.
    """
    for _look in range(LOOKS):
        if client.containers.inspect(container) is None:
            return
        sleep(PAUSE)
    raise refusal


def kill(client: Client, container: str) -> None:
    """Kill a container that runs, or whose restart policy is about to start it again.

    :raises EngineError: it could not be killed, for another reason than that it had just ended.
    """
    try:
        client.containers.kill(container)
    except EngineError as error:
        if STATE_CHANGED not in error.message:
            raise
