# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Equal results are told once."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.names import unfolded
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.results import (
    CHANGED,
    FAILED,
    OK,
    SKIPPED,
    TaskResults,
    Told,
    Words,
    counted,
    lines_of,
)


def test_equal_results_are_told_once_and_others_apart() -> None:
    results = TaskResults()
    for number in (3, 1, 2):
        assert results.add(f"web{number}", CHANGED, Words()) == (number == 3)
    assert results.add("web4", CHANGED, Words("a diff", "a diff"))
    assert results.add("web5", FAILED, Words("no", "no"))
    assert not results.add("web6", OK, None)
    assert results.take() == [
        Told(CHANGED, ("web3", "web1", "web2"), ""),
        Told(CHANGED, ("web4",), "a diff"),
        Told(FAILED, ("web5",), "no"),
    ]
    assert results.take() == []
    assert counted(results.counts) == "ok 1, changed 4, failed 1"


def test_nothing_is_lost_and_nothing_told_twice() -> None:
    results = TaskResults()
    hosts = [f"web{number}" for number in range(1000)]
    for number, host in enumerate(hosts):
        results.add(host, (OK, CHANGED, FAILED)[number % 3], Words(*2 * [str(number % 7)]))
    told = results.take()
    assert len(told) == 21
    assert sorted(name for one in told for name in unfolded(lines_of(one).split("]")[0].lstrip("[") + "]")) == sorted(
        hosts
    )


def test_times_are_told_only_where_they_are_one_hosts() -> None:
    results = TaskResults()
    results.add("web1", OK, Words("out, 3 s", "out"))
    assert [told.text for told in results.take()] == ["out, 3 s"]
    results.add("web1", OK, Words("out, 3 s", "out"))
    results.add("web2", OK, Words("out, 4 s", "out"))
    assert [(told.hosts, told.text) for told in results.take()] == [(("web1", "web2"), "out")]


def test_what_went_wrong_comes_last() -> None:
    results = TaskResults()
    for host, status in (("a", FAILED), ("b", SKIPPED), ("c", CHANGED), ("d", OK)):
        results.add(host, status, Words())
    assert [told.status for told in results.take()] == [OK, SKIPPED, CHANGED, FAILED]


def test_lines() -> None:
    assert lines_of(Told(CHANGED, ("web1", "web2"), "")) == "[web[1-2]] changed (2 hosts)"
    assert lines_of(Told(FAILED, ("web1",), "no")) == "[web1] failed: no"
    assert lines_of(Told(FAILED, ("web1",), "no\n[web2] ok")) == "[web1] failed:\n    no\n    [web2] ok"


def test_words_grow() -> None:
    assert Words("a", "b").below("on db") == Words("on db\na", "on db\nb")
    assert Words().below("on db") == Words("on db", "on db")
    assert Words("a", "b").above(["-x", "+y"]) == Words("a\n-x\n+y", "b\n-x\n+y")
    assert Words().above([]) == Words()
    assert Words().above(["-x"]) == Words("-x", "-x")
