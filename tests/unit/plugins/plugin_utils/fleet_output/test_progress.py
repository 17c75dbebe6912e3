# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the live region says at one moment."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.progress import Progress, clock, told


def at(done: int, total: int = 10, **running: float) -> Progress:
    return Progress("Do", total, done, 1, running, began=100.0)


def test_lines() -> None:
    assert told(at(4, web10=101.0, web2=103.0), 110.0) == [
        "4 done · 2 running · 1 failed · 0:10 · about 0:15 left",
        "slowest: web10 (0:09)",
    ]


def test_nothing_is_guessed_before_a_host_is_done_or_when_all_are() -> None:
    assert told(at(0), 110.0) == ["0 done · 0 running · 1 failed · 0:10"]
    assert told(at(10), 110.0) == ["10 done · 0 running · 1 failed · 0:10"]


def test_of_hosts_that_began_together_the_first_is_the_slowest() -> None:
    assert at(0, web10=1.0, web2=1.0).slowest() == "web2"
    assert at(0).slowest() == ""


def test_clock() -> None:
    assert [clock(seconds) for seconds in (-1, 0, 7.9, 720, 3600, 90061)] == [
        "0:00",
        "0:00",
        "0:07",
        "12:00",
        "1:00:00",
        "25:01:01",
    ]
