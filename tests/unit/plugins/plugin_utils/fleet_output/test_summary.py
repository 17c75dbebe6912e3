# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a run, for people and for programs."""

from __future__ import annotations

import json
import re

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.exit_codes import Ending
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.results import (
    CHANGED,
    FAILED,
    OK,
    UNREACHABLE,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.summary import Summary, Task


def collected() -> Summary:
    summary = Summary()
    summary.tasks["1"] = Task("Copy the file", "Roll out")
    summary.tasks["2"] = Task("Start\x1b\n" + "x" * 60, "Roll out")
    for number, (first, second) in enumerate([(OK, OK), (CHANGED, OK), (FAILED, None), (UNREACHABLE, None)], 1):
        host = f"web{number}"
        groups = ["eu", "web"] if number % 2 else ["web"]
        summary.add("1", host, groups, first, float(number))
        if second:
            summary.add("2", host, groups, second, None)
    return summary


def test_lines() -> None:
    lines = [*collected().lines(83.0)]
    rows = [re.split(r"  +", line) for line in lines]
    columns = ["ok", "changed", "failed", "unreachable", "skipped", "ignored"]
    assert rows == [
        ["SUMMARY 4 hosts, 2 tasks, 1:23"],
        ["task", *columns, "slowest"],
        ["Copy the file", "1", "1", "1", "1", "0", "0", "web4 4.0 s"],
        [r"Start\x1b " + "x" * 39 + "…", "2", "0", "0", "0", "0", "0"],
        ["group", "hosts", *columns[:4]],
        ["eu", "2", "1", "0", "1", "0"],
        ["web", "4", "1", "1", "1", "1"],
        ["Failed or unreachable: web[3-4] (2 of 4)"],
        ["--limit web3,web4"],
    ]
    assert lines[4:7] == [
        "group  hosts  ok  changed  failed  unreachable",
        "eu         2   1        0       1            0",
        "web        4   1        1       1            1",
    ]


def test_a_rescued_host_has_not_failed() -> None:
    summary = collected()
    summary.settle({"web3": {"ok": 2, "failures": 0, "rescued": 1}, "web4": {"unreachable": 1}})
    assert summary.failed_hosts() == ["web4"]
    assert summary.failed()["web3"] is False
    assert summary.groups()["eu"] == {"hosts": 2, "ok": 2, "changed": 0, "failed": 0, "unreachable": 0}


def test_files() -> None:
    files = collected().files("site.yml", 0.0, 1.5, Ending(10, "some failed"))
    data = json.loads(files["summary.json"])
    assert data["began"] == "1970-01-01T00:00:00+00:00"
    assert data["exit"] == {"code": 10, "words": "some failed"}
    assert data["failed_hosts"] == ["web3", "web4"]
    assert data["limit"] == "web3,web4"
    assert data["hosts"]["web3"]["state"] == "failed"
    assert data["tasks"][0]["slowest"] == {"host": "web4", "seconds": 4.0}
    assert files["summary.txt"].endswith("--limit web3,web4\nExit code 10: some failed.\n")
    assert json.loads(collected().files("", 0.0, 0.0, None)["summary.json"])["exit"] is None


def test_a_screen_gets_some_groups_and_a_file_all() -> None:
    summary = Summary()
    summary.tasks["1"] = Task("Do", "")
    for number in range(30):
        summary.add("1", f"web{number}", [f"g{number:02}"], OK, None)
    lines = [*summary.lines(0)]
    assert lines[-1] == "and 10 more groups"
    assert lines[-2].startswith("g19 ")
    assert "g29 " in summary.files("", 0.0, 0.0, None)["summary.txt"]


def test_a_run_of_nothing() -> None:
    assert [*Summary().lines(0)] == ["SUMMARY 0 hosts, 0 tasks, 0:00"]
