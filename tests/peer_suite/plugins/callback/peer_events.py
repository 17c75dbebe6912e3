# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes one line of JSON for each task that ran, to the file that PEER_SUITE_EVENTS names (report.py reads it)."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: peer_events
type: aggregate
short_description: Events of a run of the peer's tests
description: Writes one line of JSON for each task.
"""


class CallbackModule(CallbackBase):
    """Sees tasks by the tag ``at=FILE:LINE`` that rewrite.py has given them."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "peer_events"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.file = Path(os.environ["PEER_SUITE_EVENTS"]).open("a")  # noqa: SIM115 - open until Ansible ends
        self.started = time.time()
        self.items: list[dict[str, Any]] = []

    def put(self, result: Any, status: str) -> None:
        task, told = result._task, result._result
        # As they came: the callback of the screen takes `results` away.
        items, self.items = self.items or [told], []
        event = {
            "at": next((tag[3:] for tag in map(str, task.tags or []) if tag.startswith("at=")), None),
            "name": str(task.get_name()),
            "status": status,
            "seconds": round(time.time() - self.started, 2),
            "checks": [one["conditions"] for one in items if "conditions" in one],
        }
        if status == "failed" and not event["checks"]:
            bad = [one for one in items if one.get("failed")] or [told]
            event["message"] = " | ".join(str(one.get("msg") or one.get("stderr") or one)[:600] for one in bad[:3])
            event["crashed"] = "MODULE FAILURE" in event["message"] or bool(told.get("module_stderr"))
        self.file.write(json.dumps(event, default=str) + "\n")
        self.file.flush()

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self.started, self.items = time.time(), []

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self.items.append(dict(result._result))

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self.items.append({**result._result, "failed": True})

    v2_runner_item_on_skipped = v2_runner_item_on_ok

    def v2_runner_on_ok(self, result: Any) -> None:
        self.put(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self.put(result, "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self.put(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self.put(result, "failed")
