# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of the audit trail."""

from __future__ import annotations

import json

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import audit
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Resource

ABOUT = audit.About("1-ab", "ops", "control1", 7, "web1", "remote_container", "docker 26.1.5")


def test_a_line_tells_all_and_no_secret() -> None:
    step = Resource("container", "web").step("connect", "s3cret\nis wanted", shown={"network": "front"})
    text = audit.line(
        ABOUT, step, "id1", 1764500000.5, lambda text: text.replace("s3cret", "***"), event=audit.OUTCOME,
        result=audit.DONE, error=None, seconds=0.25,
    )  # fmt: skip
    assert "\n" not in text and text.isascii()
    assert json.loads(text) == {
        "time": "2025-11-30T10:53:20.500Z", "event": "outcome", "id": "id1", "run": "1-ab", "user": "ops",
        "controller": "control1", "pid": 7, "host": "web1", "module": "remote_container", "engine": "docker 26.1.5",
        "kind": "container", "name": "web", "step": "connect front", "cause": "***\nis wanted", "result": "done",
        "error": None, "seconds": 0.25,
    }  # fmt: skip


def test_a_line_has_an_end() -> None:
    step = Resource("container", "web").step("update", "x" * 10**6)
    assert len(audit.line(ABOUT, step, "id1", 0.0, str, event=audit.INTENT)) < 2 * audit.LONGEST_CAUSE
