# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What containers use, do and have changed, from the engines' answers."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.result.usage import (
    changes_result,
    stats_result,
    top_result,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker


def look(second: int, cpu: int, **more: Any) -> dict[str, Any]:
    return {
        "read": f"2026-01-31T12:00:{second:02d}.5Z",
        "cpu_stats": {"cpu_usage": {"total_usage": cpu}},
        "memory_stats": {"usage": 3000, "limit": 10000, "stats": {"inactive_file": 1000}},
        "networks": {"eth0": {"rx_bytes": 5, "tx_bytes": 7}, "eth1": {"rx_bytes": 1}},
        "blkio_stats": {"io_service_bytes_recursive": [{"op": "Read", "value": 11}, {"op": "write", "value": 13}]},
        "pids_stats": {"current": 2},
        **more,
    }


def test_stats() -> None:
    assert stats_result(look(1, 10**9), look(3, 2 * 10**9)) == {
        "read_at": "2026-01-31T12:00:03.500000Z", "cpu_percent": 50.0, "cpu_seconds": 2.0,
        "memory_used": 2000, "memory_limit": 10000, "memory_percent": 20.0, "network_received": 6, "network_sent": 7,
        "block_read": 11, "block_written": 13, "pids": 2,
    }  # fmt: skip


MEMORY: list[tuple[dict[str, Any], tuple[int, int | None, float | None]]] = [
    ({"usage": 100, "limit": 1000}, (100, 1000, 10.0)),
    ({"usage": 100, "limit": 1000, "stats": {"total_inactive_file": 60}}, (40, 1000, 4.0)),
    ({"usage": 100, "limit": 1000, "stats": {"inactive_file": 200}}, (100, 1000, 10.0)),
    ({"usage": 100, "limit": 2**63 - 1}, (100, None, None)),
    ({"usage": 100}, (100, None, None)),
    ({}, (0, None, None)),
]


@pytest.mark.parametrize(("memory", "expected"), MEMORY)
def test_memory(memory: dict[str, Any], expected: tuple[int, int | None, float | None]) -> None:
    found = stats_result(look(1, 0), look(2, 0, memory_stats=memory))
    assert (found["memory_used"], found["memory_limit"], found["memory_percent"]) == expected


def test_an_engine_that_tells_nothing() -> None:
    found = stats_result({}, {"networks": None, "blkio_stats": {"io_service_bytes_recursive": None}})
    assert (found["cpu_percent"], found["network_sent"], found["block_read"], found["read_at"]) == (0.0, 0, 0, None)


def test_a_counter_that_was_reset_is_no_negative_use() -> None:
    assert stats_result(look(1, 10**9), look(2, 5))["cpu_percent"] == 0.0


def test_top() -> None:
    titles = ["PID", "PPID", "USER", "%CPU", "ELAPSED", "COMMAND"]
    masker = Masker()
    masker.learn({"DB_PASSWORD": "hunter2"})
    (one,) = top_result(
        {"Titles": titles, "Processes": [["12", "1", "root", "0.5", "00:10", "db --pw hunter2"]]}, masker
    )
    assert one == {
        "pid": 12, "ppid": 1, "user": "root", "cpu_percent": 0.5, "elapsed": 10, "command": "db --pw ********"
    }  # fmt: skip


ELAPSED = [
    ("00:07", 7),
    ("12:00", 720),
    ("01:00:01", 3601),
    ("2-03:00:00", 183600),
    ("1.683800726s", 1),
    ("2m0.5s", 120),
    ("50h1m2s", 180062),
    ("300.5ms", 0),
    ("", None),
    ("soon", None),
]


@pytest.mark.parametrize(("said", "seconds"), ELAPSED)
def test_how_long_a_process_has_run(said: str, seconds: int | None) -> None:
    (one,) = top_result({"Titles": ["PID", "ELAPSED"], "Processes": [["1", said]]}, Masker())
    assert one["elapsed"] == seconds


def test_top_of_an_engine_with_other_columns() -> None:
    top = {"Titles": ["UID", "PID", "TTY", "CMD"], "Processes": [["root", "?", "pts/0", "sh"]]}
    (one,) = top_result(top, Masker())
    assert (one["user"], one["pid"], one["command"], one["ppid"]) == ("root", None, "sh", None)
    assert top_result({"Titles": None, "Processes": None}, Masker()) == []


def test_changes() -> None:
    raw = [{"Path": "/tmp/b", "Kind": 1}, {"Path": "/tmp", "Kind": 0}, {"Path": "/etc/x", "Kind": 2}]
    assert [(one["path"], one["kind"]) for one in changes_result(raw)] == [
        ("/etc/x", "removed"), ("/tmp", "modified"), ("/tmp/b", "added"),
    ]  # fmt: skip
