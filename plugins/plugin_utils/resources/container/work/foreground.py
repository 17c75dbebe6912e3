# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a container to its end within the task (detach=false), and gives its exit code and what it said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from .log import driver_of, settled

# Seconds between two looks at a container: short in the beginning, as most that one waits for are.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
OUTPUT_LINES = 100_000
# Log drivers whose logs the engines give back.
READABLE = ("json-file", "journald", "local", "k8s-file", "passthrough")


class CommandFailed(EngineError):
    """The container's command ended with an error. ``outcome`` is as ``run_to_end`` returns it."""

    def __init__(self, name: str, outcome: Mapping[str, Any]) -> None:
        message = f"The container {name} ended with exit code {outcome['status']}."
        super().__init__(message, kind="container_ended")
        self.outcome = outcome


def run_to_end(
    client: Client, name: str, sleep: Callable[[float], None], warn: Callable[[str], None]
) -> dict[str, Any]:
    """Wait, however long it takes, until a container has ended.

    :return: {status, output}: its exit code, None when the engine has removed it, and stdout and stderr as one text.
    :raises CommandFailed: the exit code is not 0.
    """
    pause = FIRST_PAUSE
    while True:
        inspect = client.containers.inspect(name)
        if inspect is None:
            warn(f"The container {name} was removed by the engine when it ended: its exit code and output are lost.")
            return {"status": None, "output": ""}
        state = inspect["State"]
        if not state.get("Running") and not state.get("Restarting"):
            break
        sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
    outcome = {"status": state.get("ExitCode") or 0, "output": _output(client, name, inspect, sleep)}
    if outcome["status"]:
        raise CommandFailed(name, outcome)
    return outcome


def _output(client: Client, name: str, inspect: Mapping[str, Any], sleep: Callable[[float], None]) -> str:
    if driver_of(inspect) not in READABLE:
        return ""
    output = ""

    def read() -> str:
        nonlocal output
        output = str(client.containers.log_tail(name, OUTPUT_LINES))
        return output

    try:
        return settled(inspect, read, sleep)
    except EngineError as error:
        if error.status is None:
            raise
        return output  # the engine has removed it in the meantime
