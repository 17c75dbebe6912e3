# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the state a container is in to the one that is asked for: a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"

# By wanted state and found state, the engine's calls in their order. A paused container counts as started, as it does
# for community.docker; it is resumed before it is stopped, so that its processes can end in an orderly way (Podman
# could not stop it otherwise).
TRANSITIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "present": {},
    "started": {STOPPED: ("start",)},
    "healthy": {STOPPED: ("start",)},
    "stopped": {RUNNING: ("stop",), PAUSED: ("unpause", "stop")},
    "restarted": {STOPPED: ("start",), RUNNING: ("restart",), PAUSED: ("unpause", "restart")},
    "paused": {STOPPED: ("start", "pause"), RUNNING: ("pause",)},
    "unpaused": {STOPPED: ("start",), PAUSED: ("unpause",)},
}

# The states in which a container runs when the task is done.
RUNNING_STATES = frozenset({"started", "healthy", "restarted", "paused", "unpaused"})


def current_state(inspect: Mapping[str, Any]) -> str:
    """running, paused or stopped. A container that its restart policy is about to start again is running."""
    state = inspect.get("State") or {}
    if state.get("Paused"):
        return PAUSED
    policy = ((inspect.get("HostConfig") or {}).get("RestartPolicy") or {}).get("Name") or "no"
    between_restarts = state.get("Status") == "stopped" and policy != "no"  # Podman; it is "exited" when it stays so
    return RUNNING if state.get("Running") or between_restarts else STOPPED


def transitions(found: str, wanted: str) -> tuple[str, ...]:
    return TRANSITIONS[wanted].get(found, ())


def container_name(inspect: Mapping[str, Any]) -> str:
    return str(inspect["Name"]).lstrip("/")
