# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode of a play of which nothing is there yet: what its tasks make for each other is no failure."""

from __future__ import annotations

from pathlib import Path

from engine_cases import SOCKETS
from lab_hosts import Lab
from samples import HOST, Scratch, sample
from tasks import Task, run_tasks, through_ansible

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action import catalogue

NEEDS = "a run needs it."


def tasks(scratch: Scratch) -> list[tuple[Task, str]]:
    """The tasks of all modules that the engine has, each with what it misses on the way ("" for nothing)."""
    return [
        ({name: dict(arguments), **_where(name)}, misses)
        for name in catalogue.MODULES
        if scratch.engine in catalogue.module(name).engines
        for arguments, misses in sample(name).scratch(scratch)
    ]


def _where(module: str) -> dict[str, str]:
    """The task's condition, of a module that only some hosts can have."""
    host = sample(module).host
    return {} if host == HOST else {"when": f"inventory_hostname == '{host}'"}


def test_what_a_play_makes_for_itself_is_warned_of(lab: Lab, tmp_path: Path) -> None:
    asked = {engine: tasks(Scratch(engine, "{{ inventory_hostname }}", tmp_path)) for engine in SOCKETS}
    for its in asked.values():
        assert {name for task, _misses in its for name in task} >= {"remote_image", "remote_container_exec"}
    told = through_ansible(
        lab, tmp_path, lambda engine: [task for task, _misses in asked[engine]], "--check",
        serial=1,  # remote_image_ship runs once for the hosts that are at it together
    )  # fmt: skip
    for (_host, engine), results in told.results.items():
        assert {name for task, _misses in asked[engine] for name in task} >= {"remote_image", "remote_container_exec"}
        for (task, misses), result in zip(asked[engine], results, strict=True):
            if "when" in task and "false_condition" in result:
                continue
            needs = [text for text in result.get("warnings") or [] if text.endswith(NEEDS)]
            assert len(needs) == bool(misses) and all(misses in text for text in needs), (task, needs)


def test_async_is_refused_with_the_way_to_do_it(lab: Lab, tmp_path: Path) -> None:
    (result,) = run_tasks(lab, "trixie1", [{"remote_container_info": {}, "async": 60, "poll": 0}], tmp_path)
    assert result["failed"] and result["error"]["option"] == "async"
    assert "begin things in one task" in result["msg"]
