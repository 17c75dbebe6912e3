# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which container a user means by a name."""

from __future__ import annotations

from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError


def required_container(client: Client, name: str) -> dict[str, Any]:
    """The container of this name or ID.

    :raises EngineError: kind ``container_missing``.
    """
    inspect = client.containers.inspect(name)
    if inspect is None:
        raise EngineError(
            f"There is no container {name} on the host.", 404,
            "See remote_container_info for those that are there.", "container_missing",
        ).known_as(f'Could not find container "{name}"')  # fmt: skip
    return inspect


def running_container(client: Client, name: str) -> dict[str, Any]:
    """The container of this name or ID, which has to run.

    :raises EngineError: kind ``container_missing`` or ``container_stopped``.
    """
    inspect = required_container(client, name)
    state = inspect["State"]
    if state.get("Paused"):
        raise EngineError(
            f"The container {name} is paused.", hint="Resume it: state=unpaused of remote_container.",
            kind="container_stopped",
        )  # fmt: skip
    if state.get("Restarting"):
        raise EngineError(
            f"The container {name} is restarting: it ended with exit code {state.get('ExitCode')}, and its restart "
            "policy starts it again.",
            hint="Look into its log (remote_container_logs) why it ends.", kind="container_stopped",
        )  # fmt: skip
    if not state.get("Running"):
        ended = (
            f"it ended with exit code {state.get('ExitCode')}"
            if state.get("Status") == "exited"
            else "it was never started"
        )
        raise EngineError(
            f"The container {name} does not run: {ended}.", hint="Start it: state=started of remote_container.",
            kind="container_stopped",
        )  # fmt: skip
    return inspect
