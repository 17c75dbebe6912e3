# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks from their beginning to what is told of them."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.results import (
    CHANGED,
    FAILED,
    OK,
    Told,
    Words,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.summary import Summary
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.tasks import Tasks


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def begun() -> tuple[Tasks, Summary, Clock]:
    clock, summary = Clock(), Summary()
    tasks = Tasks(summary, clock)
    running = tasks.of("1", "Do", "Play")
    for host in ("web1", "web2"):
        tasks.host_begins(running, host)
    return tasks, summary, clock


def test_items_and_diffs_wait_for_their_hosts_result() -> None:
    tasks, _summary, _clock = begun()
    tasks.item("1", "web1", "(item=a) changed")
    tasks.item("1", "web1", "(item=b) failed: no")
    tasks.diff("1", "web1", "+x\n")
    tasks.diff("1", "web2", "+y\n")
    words = tasks.items("1", "web1")
    assert tasks.items("1", "web1") is tasks.items("1", "web2") is None
    assert tasks.result("1", "web1", [], FAILED, words)
    tasks.result("1", "web2", [], CHANGED, None)
    (running,) = tasks.ended()
    assert running.results.take() == [
        Told(CHANGED, ("web2",), "+y"),
        Told(FAILED, ("web1",), "(item=a) changed\n(item=b) failed: no\n+x"),
    ]
    assert list(tasks.ended()) == []


def test_progress_and_the_slowest_host() -> None:
    tasks, summary, clock = begun()
    clock.now = 2.0
    tasks.result("1", "web1", ["web"], OK, None)
    assert tasks.latest
    progress = tasks.latest.progress(1)
    assert (progress.done, progress.total, progress.failed, dict(progress.running)) == (1, 2, 0, {"web2": 0.0})
    clock.now = 5.0
    tasks.result("1", "web2", ["web"], FAILED, Words())
    assert summary.tasks["1"].slowest == ("web2", 5.0)
    assert tasks.latest.progress(7).total == 7
    assert tasks.latest.progress(7).failed == 1


def test_a_task_is_idle_when_no_host_is_at_it() -> None:
    tasks, _summary, _clock = begun()
    tasks.result("1", "web1", [], OK, None)
    assert tasks.idle("1") is None
    tasks.result("1", "web2", [], OK, None)
    running = tasks.idle("1")
    assert running and running.title == "Do"
    assert list(tasks.ended()) == []


def test_a_task_that_more_batches_run_is_one_in_the_summary() -> None:
    tasks, summary, _clock = begun()
    tasks.result("1", "web1", [], OK, None)
    list(tasks.ended())
    tasks.of("1", "Do", "Play")
    tasks.result("1", "web3", [], OK, None)
    assert [(task.name, task.counts[OK]) for task in summary.tasks.values()] == [("Do", 2)]
