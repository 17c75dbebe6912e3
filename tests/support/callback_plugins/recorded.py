# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes every event of a run as a line of JSON into $RECORDED, so that two runs can be compared."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: recorded
type: aggregate
short_description: Records all events
description: For tests.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "recorded"

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("v2_") and name != "v2_on_any":
            return lambda *args, **kwargs: self.record(name, args, kwargs)
        return super().__getattribute__(name)

    def record(self, event: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        told = [describe(one) for one in (*args, *kwargs.values())]
        with Path(os.environ["RECORDED"]).open("a") as file:
            file.write(json.dumps([event, *told], cls=AnsibleJSONEncoder, sort_keys=True) + "\n")


def describe(thing: Any) -> Any:
    """A result, a task, a host, the stats; or what else an event is about, by its class."""
    if hasattr(thing, "result") and hasattr(thing, "host"):
        return {"host": thing.host.name, "task": thing.task.get_name(), "result": thing.result}
    if hasattr(thing, "processed") and hasattr(thing, "summarize"):
        return {host: thing.summarize(host) for host in sorted(thing.processed)}
    if isinstance(thing, (str, bool, int, type(None))):
        return thing
    name = getattr(thing, "get_name", None)
    return name() if name else type(thing).__name__
