# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a command in both formats."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.result_format import FORMATS

ENDED = {
    "changed": True, "failed": False, "rc": 3, "stdout": "a", "stdout_lines": ["a"], "stderr": "", "stderr_lines": [],
    "truncated": False, "msg": "The command ended with exit code 3.",
}  # fmt: skip
SKIPPED = {"changed": False, "skipped": True, "msg": "The command would run.", "warnings": []}


def test_only_what_the_peer_tells_is_left() -> None:
    assert FORMATS["engine"](ENDED) == {key: ENDED[key] for key in ENDED if key not in ("truncated", "msg")}
    assert FORMATS["engine"]({"changed": True, "exec_id": "7"}) == {"changed": True, "exec_id": "7"}
    assert FORMATS["engine"](SKIPPED) == SKIPPED


def test_the_collections_own_stays() -> None:
    assert FORMATS["unified"](ENDED) == ENDED
