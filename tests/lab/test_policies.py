# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies, protected hosts and the audit trail, through Ansible and on every engine of the lab."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from engine_cases import ENGINES, IMAGE
from lab_hosts import Lab
from tasks import Task, run_tasks, through_ansible

from .tunnel.conftest import eventually

PREFIX = "policy"
APP, NET, DATA = f"{PREFIX}-app", f"{PREFIX}-net", f"{PREFIX}-data"
WORD = {"container": APP, "container_path": "/tmp/word", "content": "hidden-word", "mode": "0644"}
CONTAINER: dict[str, Any] = {
    "name": APP, "image": IMAGE, "command": ["sleep", "9999"], "stop_timeout": 0, "labels": {"policy-env": "dev"},
}  # fmt: skip
HARDENED = {**CONTAINER, "preset": "hardened", "cap_drop": ["NET_RAW"]}
GONE: dict[str, Any] = {"name": APP, "state": "absent"}
CLEARED: list[Task] = [
    {"remote_container": GONE, "vars": {"sshfleet_audit": ""}},
    {"remote_network": {"name": NET, "state": "absent"}, "vars": {"sshfleet_audit": ""}},
    {"remote_volume": {"name": DATA, "state": "absent"}, "vars": {"sshfleet_audit": ""}},
]
# A day's work, and how many steps each task takes: what is there already takes none, and neither does a look.
DAY: list[tuple[Task, int]] = [
    ({"remote_network": {"name": NET}}, 1),
    ({"remote_volume": {"name": DATA}}, 1),
    ({"remote_container": CONTAINER}, 2),
    ({"remote_container": CONTAINER}, 0),
    ({"remote_container": {**CONTAINER, "command": ["sleep", "9998"]}, "check_mode": True}, 0),
    ({"remote_container": {**CONTAINER, "command": ["sleep", "9998"]}}, 1),
    ({"remote_container_info": {"name": APP}}, 0),
    ({"remote_container_exec": {"container": APP, "argv": ["true"]}}, 1),
    ({"remote_container_exec": {"container": APP, "argv": ["/nothing"]}, "ignore_errors": True}, 1),
    ({"remote_container_copy": WORD}, 1),
    ({"remote_container_copy": WORD}, 0),
    ({"remote_container": {**CONTAINER, "command": ["sleep", "9998"], "env": {"WORD": "hidden-word"}}}, 1),
    ({"remote_container": GONE, "no_log": True}, 1),
    ({"remote_network": {"name": NET, "state": "absent"}}, 1),
    ({"remote_volume": {"name": DATA, "state": "absent"}}, 1),
]  # fmt: skip


def lines(trail: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in trail.read_text().splitlines()]


def test_a_days_work_is_written_down_each_change_once(lab: Lab, tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    rules = {"sshfleet_audit": str(trail), "sshfleet_audit_required": True}
    through_ansible(lab, tmp_path, lambda _engine: [*CLEARED, *(task for task, _steps in DAY)], vars=rules)
    written = lines(trail)
    assert Counter((one["host"], one["engine"].split()[0], one["event"]) for one in written) == {
        (host, engine, event): sum(steps for _task, steps in DAY)
        for host, engine in ENGINES for event in ("intent", "outcome")
    }  # fmt: skip
    by_id = Counter(one["id"] for one in written)
    assert set(by_id.values()) == {2} and len({one["run"] for one in written}) == 1
    host, engine = ENGINES[0]
    here = [one for one in written if (one["host"], one["engine"].split()[0]) == (host, engine)]
    told = [f"{one['module']} {one['name']} {one['step']}" for one in here if one["event"] == "intent"]
    assert told == [
        f"remote_network {NET} create", f"remote_volume {DATA} create", f"remote_container {APP} create",
        f"remote_container {APP} start", f"remote_container {APP} recreate", f"remote_container_exec {APP} exec",
        f"remote_container_exec {APP} exec", f"remote_container_copy {APP} copy", f"remote_container {APP} recreate",
        "remote_container hidden by no_log hidden by no_log", f"remote_network {NET} remove",
        f"remote_volume {DATA} remove",
    ]  # fmt: skip
    assert {one["result"] for one in here if one["event"] == "outcome"} <= {"done", "failed"}
    assert "hidden-word" not in trail.read_text() and trail.stat().st_mode & 0o777 == 0o600


@pytest.mark.provokes("policy")
def test_policies(lab: Lab, tmp_path: Path) -> None:
    read_only = {"vars": {"sshfleet_policy": "read_only"}}
    kept = {"vars": {"sshfleet_policy": "no_remove"}}
    exempted = {"vars": {"sshfleet_policy": "read_only", "sshfleet_policy_allow": ["label:policy-env=dev"]}}
    guarded = {"vars": {"sshfleet_protected": True}}
    app = {"container": APP}
    refused: list[Task] = [
        {"remote_container": CONTAINER, **read_only},
        {"remote_network": {"name": NET}, **read_only},
        {"remote_volume": {"name": DATA}, **read_only},
        {"remote_container": CONTAINER, **guarded},
        {"remote_container": CONTAINER},
        {"remote_container_exec": {**app, "argv": ["touch", "/tmp/made"]}, **read_only},
        {"remote_container_copy": {**app, "container_path": "/tmp/made", "content": "x", "mode": "0644"}, **read_only},
        {"remote_container": {**CONTAINER, "command": ["sleep", "7"]}, **kept},
        {"remote_container": GONE, **kept},
        {"remote_image": {"name": IMAGE, "repository": "localhost/policy:1", "source": "local"}, **read_only},
    ]
    allowed: list[Task] = [
        {"remote_container_info": {"name": APP}, **read_only},
        {"remote_container": {**CONTAINER, "command": ["sleep", "7"]}, "check_mode": True, **read_only},
        {"remote_container": CONTAINER, **read_only},
        {"remote_container_exec": {**app, "argv": ["test", "!", "-e", "/tmp/made"]}, **exempted},
        {"remote_container": {**CONTAINER, "confirm": ["{{ inventory_hostname }}"], "restart": True}, **guarded},
        {"remote_container": {**CONTAINER, "paused": True}, **kept},
        {"remote_container": HARDENED},
        {"remote_container": HARDENED},
        {"remote_container_exec": {**app, "argv": ["touch", "/made"]}},
        {"remote_container": GONE},
    ]
    tasks = [*CLEARED, *({**task, "ignore_errors": True} for task in refused), *allowed]
    told = through_ansible(lab, tmp_path, lambda _engine: tasks)
    for (host, engine), all_results in told.results.items():
        results = all_results[len(CLEARED) :]
        failed = [result["error"]["kind"] if result.get("failed") else "" for result in results]
        assert failed == ["policy"] * 4 + [""] + ["policy"] * 5 + [""] * len(allowed), f"{host}, {engine}"
        first, protected, looked, checked = results[0], results[3], results[10], results[11]
        refusal = f"The policy of {host} is read_only, so this was not done: container {APP}: create."
        assert first["error"]["message"] == refusal
        assert f"-e sshfleet_confirm={host}" in protected["error"]["hint"]
        assert looked["containers"][0]["running"] and not looked["containers"][0]["paused"]
        assert checked["changed"] and any("the real run would be refused" in one for one in checked["warnings"])
        assert not results[12]["changed"] and results[13]["rc"] == 0 and results[14]["changed"]
        hardened, again, touched = results[16:19]
        assert hardened["warnings"] == ["The task loosens preset hardened: cap_drop=NET_RAW."]
        assert not again["changed"] and "Read-only" in touched["stderr"]


def test_the_environment_holds_against_the_inventory(lab: Lab, tmp_path: Path) -> None:
    results: dict[str, dict[str, Any]] = lab.module(
        "bookworm1", "sshfleet.containers.remote_network", {"name": NET, "engine": "podman"},
        "-e", "sshfleet_policy=full", env={"SSHFLEET_POLICY": "read_only"},
    )  # fmt: skip
    assert results["bookworm1"]["error"]["kind"] == "policy"


def test_they_hold_over_a_connection_into_a_container(lab: Lab, tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    inside = {"ansible_connection": "sshfleet.containers.container", "sshfleet_container": APP}
    tasks: list[Task] = [
        {"remote_container": {**CONTAINER, "engine": "docker"}},
        {"ansible.builtin.raw": "echo hidden-word > /made", "vars": {**inside, "sshfleet_container_engine": "docker"}},
        {"remote_container": {**GONE, "engine": "docker"}},
    ]
    written = run_tasks(lab, "bookworm1", tasks, tmp_path, "-e", f"sshfleet_audit={trail}")
    assert not any(result.get("failed") or result.get("unreachable") for result in written), written
    told = [f"{one['module']} {one['name']} {one['step']}" for one in lines(trail) if one["event"] == "outcome"]
    assert told.count(f"connection {APP} exec") == 1 and "hidden-word" not in trail.read_text()
    allowed = '{"sshfleet_policy": "read_only", "sshfleet_policy_allow": ["remote_container"]}'
    _made, refused, _gone = run_tasks(lab, "bookworm1", tasks, tmp_path, "-e", allowed)
    assert refused["failed"] and not refused.get("unreachable") and refused["error"]["kind"] == "policy"


@pytest.mark.fault("The audit trail can't be written", on="bookworm1")
@pytest.mark.provokes("audit")
def test_a_change_that_cannot_be_written_down_is_refused(lab: Lab, tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    trail.write_text("")
    trail.chmod(0o666)
    network: Mapping[str, Any] = {"name": f"{PREFIX}-unwritten", "engine": "docker", "audit": str(trail)}
    refused, warned, gone = run_tasks(
        lab, "bookworm1",
        [{"remote_network": {**network, "audit_required": True}}, {"remote_network": network},
         {"remote_network": {**network, "state": "absent", "audit": ""}}],
        tmp_path,
    )  # fmt: skip
    assert refused["error"]["kind"] == "audit" and "Others can write" in refused["error"]["message"]
    assert warned["changed"] and gone["changed"] and trail.read_text() == ""


@pytest.mark.fault("A run with an audit trail is killed", on="bookworm1")
def test_what_a_killed_run_had_begun_is_known(lab: Lab, tmp_path: Path) -> None:
    """A run is killed in the middle of a command; its trail has the intent, and the next run goes on as ever."""
    trail = tmp_path / "trail"
    tasks: list[dict[str, Any]] = [
        {"sshfleet.containers.remote_container": {**CONTAINER, "engine": "docker"}},
        {"sshfleet.containers.remote_container_exec": {"container": APP, "engine": "docker", "argv": ["sleep", "60"]}},
    ]
    play = tmp_path / "killed.json"
    play.write_text(json.dumps([{"hosts": "bookworm1", "gather_facts": False, "tasks": tasks}]))
    argv = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", lab.inventory, str(play)]
    run = subprocess.Popen(
        argv, cwd=CHECKOUT, env=lab.environment({"SSHFLEET_AUDIT": str(trail)}), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        assert eventually(lambda: trail.exists() and any(one["step"] == "exec" for one in lines(trail)), 60)
        (worker,) = {one["pid"] for one in lines(trail) if one["step"] == "exec"}
        os.kill(worker, signal.SIGKILL)
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    after = {"engine": "docker", "audit": str(trail)}
    again, _gone = run_tasks(
        lab, "bookworm1", [{"remote_container": {**CONTAINER, **after}}, {"remote_container": {**GONE, **after}}],
        tmp_path,
    )  # fmt: skip
    assert not again["changed"] and not again.get("failed")
    written = lines(trail)
    open_ones = [one["step"] for one in written if Counter(one["id"] for one in written)[one["id"]] == 1]
    assert open_ones == ["exec"]
    assert [one["step"] for one in written if one["event"] == "outcome"] == ["create", "start", "remove"]
    assert len({one["run"] for one in written}) == 2
