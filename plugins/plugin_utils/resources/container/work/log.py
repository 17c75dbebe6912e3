# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container has said last, for messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ....telling import indented

LOG_LINES = 20
# Podman's journal may have the last lines a moment later: so many looks, so far apart (seconds).
LATE_LOOKS, LATE_PAUSE = 4, 0.25
LOG_END = "\nThe end of its log:\n"
UNREADABLE = "\nIts log cannot be read: "
_NEVER_RAN = ("created", "configured", "initialized")


def driver_of(inspect: Mapping[str, Any]) -> str:
    return str(((inspect.get("HostConfig") or {}).get("LogConfig") or {}).get("Type") or "")


def settled(inspect: Mapping[str, Any], read: Callable[[], str], sleep: Callable[[float], None]) -> str:
    """A container's log, once two looks at the journal have found the same."""
    text = read()
    if driver_of(inspect) != "journald":
        return text
    for _look in range(LATE_LOOKS - 1):
        sleep(LATE_PAUSE)
        before, text = text, read()
        if text and text == before:
            break
    return text


def log_end(client: Client, name: str, sleep: Callable[[float], None]) -> str:
    """The last lines of a container's log, to be appended to a message, or why they can't be read; '' when there is
    nothing to tell. Not masked.
    """
    inspect: Mapping[str, Any] = {}
    try:
        inspect = client.containers.inspect(name) or {}
        lines = (
            settled(inspect, lambda: str(client.containers.log_tail(name, LOG_LINES)), sleep).strip() if inspect else ""
        )
    except EngineError as error:
        has_run = (inspect.get("State") or {}).get("Status") not in (None, *_NEVER_RAN)
        unknown = error.status is None or error.kind == "container_missing" or not has_run
        return "" if unknown else f"{UNREADABLE}{error.words}."
    return f"{LOG_END}{indented(lines)}" if lines else ""


def without_log(message: str) -> str:
    """A message without the log at its end."""
    return message.partition(LOG_END)[0]
