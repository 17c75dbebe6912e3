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


def discard(client: Client, container: str, volumes: bool, sleep: Callable[[float], None]) -> None:
    """Remove a container by force; one that is gone, or that the engine removes itself (at its end, or for a run that
    was cut), counts as removed when it is gone.

    :raises EngineError: it stays.
    """
    try:
        client.containers.remove(container, force=True, volumes=volumes)
    except EngineError as error:
        if error.kind == "container_missing":
            return
        if "already in progress" not in error.message:
            raise
        for _look in range(LOOKS):
            if client.containers.inspect(container) is None:
                return
            sleep(PAUSE)
        raise
