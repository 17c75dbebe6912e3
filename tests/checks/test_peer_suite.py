# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make peer-suite`` counts what it should, and its table of what remains is complete and is in the documentation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT

sys.path.insert(0, str(CHECKOUT / "tests" / "peer_suite"))

import remaining
import report
import rewrite

TASKS = """\
- name: made
  community.docker.docker_network:
    name: one
  register: made
- name: refused
  community.docker.docker_network:
    name: two
  register: refused
  ignore_errors: true
- ansible.builtin.set_fact:
    derived: "{{ made.network }}"
- ansible.builtin.copy:
    dest: "{{ remote_tmp_dir }}/x"
- ansible.builtin.assert:
    that:
      - made is changed
      - refused is failed
      - derived.Name == 'one'
- ansible.builtin.assert:
    that: made is changed
"""
MODULES = {"community.docker.docker_network": "sshfleet.containers.remote_network"}
FILE = "docker_network/basic"


@pytest.fixture
def tasks(tmp_path: Path) -> rewrite.Tasks:
    source = tmp_path / "target" / "tasks" / "tests"
    source.mkdir(parents=True)
    (source / "basic.yml").write_text(TASKS)
    return rewrite.Rewriter(MODULES, {}).role(tmp_path / "target", tmp_path / "role")


def rewritten(tmp_path: Path) -> str:
    return (tmp_path / "role" / "tasks" / "tests" / "basic.yml").read_text()


def test_our_module_stands_under_the_peers_name_and_every_task_says_where_it_is(
    tasks: rewrite.Tasks, tmp_path: Path
) -> None:
    text = rewritten(tmp_path)
    assert text.count("sshfleet.containers.remote_network:") == 2
    assert text.count("peer_assert:") == 2
    assert text.count("delegate_to: localhost") == 1
    assert "community.docker" not in text
    assert all(f"at={at}" in text for at in tasks)


def counted(tasks: rewrite.Tasks, tmp_path: Path, events: list[dict[str, Any]]) -> report.Result:
    """A fake for what plugins/callback/peer_events.py writes in a run."""
    path = tmp_path / "events"
    path.write_text("".join(json.dumps({"checks": [], **event}) + "\n" for event in events))
    reader = report.Reader(FILE, tasks)
    reader.read(path)
    return reader.result(FILE, 1.0, 0)


def events(tasks: rewrite.Tasks, made: str, holds: list[bool], refusal: str = "no such driver") -> list[dict[str, Any]]:
    first, second, fact, copy, check, _last = tasks
    checks = [[{"holds": one, "why": "" if one else "because"} for one in holds]]
    return [
        {"at": first, "status": made, "message": "broken"},
        {"at": second, "status": "failed", "message": refusal},
        *({"at": at, "status": "ok"} for at in (fact, copy)),
        {"at": check, "status": "ok" if all(holds) else "failed", "checks": checks},
    ]


def states(result: report.Result) -> list[str]:
    return [one.state for one in result.assertions]


def test_conditions_hold_are_false_or_were_not_reached(tasks: rewrite.Tasks, tmp_path: Path) -> None:
    result = counted(tasks, tmp_path, events(tasks, "ok", [True, True, False]))
    assert states(result) == [report.HOLDS, report.HOLDS, report.FALSE, report.NOT_RUN]
    assert [one.name for one in result.assertions][::3] == ["made is changed", "made is changed #2"]
    assert "2 of    4 hold (1 false, 1 not run)" in result.line()


def test_what_reads_from_a_failed_task_is_blocked_through_facts_too(tasks: rewrite.Tasks, tmp_path: Path) -> None:
    result = counted(tasks, tmp_path, events(tasks, "failed", [False, True, False]))
    assert states(result)[:3] == [report.BLOCKED, report.HOLDS, report.BLOCKED]
    assert "broken" in result.assertions[2].why


def test_a_task_that_is_meant_to_fail_must_not_fail_for_another_reason(tasks: rewrite.Tasks, tmp_path: Path) -> None:
    refusal = "Unsupported parameters for (remote_network) module: x"
    result = counted(tasks, tmp_path, events(tasks, "ok", [True, True, True], refusal))
    assert states(result)[1] == report.BLOCKED


def results(**states: str) -> list[report.Result]:
    return [report.Result(FILE, 1.0, 0, [report.Assertion("at", name, state) for name, state in states.items()])]


def test_the_table_is_as_it_was_written(tmp_path: Path) -> None:
    table = remaining.Table("5.3.0", {}, {"word": "A sentence."})
    table.record("docker 20.10", results(a=report.FALSE, b=report.HOLDS, c=report.SKIPPED))
    remaining.write(table, tmp_path / "table.yml")
    assert remaining.read(tmp_path / "table.yml") == table
    assert table.scores == {"docker 20.10": {FILE: [1, 2]}}
    assert table.of("docker 20.10") == {(FILE, "a"): remaining.UNKNOWN}


def test_a_reason_is_kept_and_a_row_that_holds_goes(tmp_path: Path) -> None:
    table = remaining.Table(rows={(FILE, "a"): {"docker 20.10": "word"}, (FILE, "b"): {"docker 20.10": "word"}})
    table.record("docker 20.10", results(a=report.HOLDS, b=report.BLOCKED))
    table.record("docker 26.1", results(b=report.FALSE))
    assert table.rows == {(FILE, "b"): {"docker 20.10": "word", "docker 26.1": "word"}}


def test_another_engine_has_reasons_of_its_own() -> None:
    table = remaining.Table(rows={(FILE, "a"): {"docker 20.10": "word"}})
    for release in ("podman 5.4", "docker 20.10 without limits"):
        table.record(release, results(a=report.FALSE))
        assert table.rows[FILE, "a"][release] == remaining.UNKNOWN


def test_a_run_is_compared_with_the_newest_older_release(tmp_path: Path) -> None:
    table = remaining.Table(scores={"docker 20.10": {}, "docker 26.1": {}, "podman 5.4": {}})
    table.rows = {(FILE, "a"): {"docker 20.10": "word"}, (FILE, "b"): {"docker 26.1": "word"}}
    lost, stale = remaining.compare(table, "docker 28.5", results(a=report.FALSE, b=report.HOLDS))
    assert [line.split()[2] for line in lost] == ["a:"]
    assert stale == [f"{FILE} b"]
    assert table.known("docker 9.9") == ""


def test_hosts_without_limits_are_compared_with_their_like() -> None:
    assert remaining.release_of("docker", "28.5.2+dfsg4", limits=False) == "docker 28.5 without limits"
    table = remaining.Table(scores={"docker 28.5": {}, "docker 28.5 without limits": {}})
    assert table.known("docker 29.1 without limits") == "docker 28.5 without limits"
    assert table.known("docker 29.1") == "docker 28.5"


def test_every_row_has_a_sentence_and_every_sentence_a_row() -> None:
    table = remaining.read()
    assert {word for on in table.rows.values() for word in on.values()} == set(table.reasons)
    assert {release for on in table.rows.values() for release in on} <= set(table.scores)


def test_the_page_is_what_the_script_makes() -> None:
    script = CHECKOUT / "scripts" / "peer_suite_page.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run scripts/peer_suite_page.py\n{done.stdout}{done.stderr}"
