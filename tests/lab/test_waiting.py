# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task waits for, on every engine, through Ansible; and whether containers of others are taken over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE, MAKE_IMAGE
from lab_hosts import Lab

ENGINES = [(host, engine) for host in ("bookworm1", "trixie1") for engine in ("podman", "docker")]
NAME = "rc-wait"
PORT = {"podman": 18520, "docker": 18521}


class Place:
    """One engine of one host."""

    def __init__(self, lab: Lab, host: str, engine: str) -> None:
        self.lab, self.host, self.engine = lab, host, engine
        self.base = {"engine": engine, "name": NAME, "image": IMAGE, "stop_timeout": 0}

    def play(self, tmp_path: Path, steps: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The results of tasks, one after the other; each begins without a container unless it says ``_keep``."""
        tasks: list[dict[str, Any]] = []
        module = "sshfleet.containers.remote_container"
        for index, step in enumerate(steps):
            if not step.get("_keep"):
                tasks.append({module: {"engine": self.engine, "name": NAME, "state": "absent"}})
            params = {key: value for key, value in step.items() if key != "_keep"}
            tasks.append({module: {**self.base, **params}, "register": f"r{index}", "ignore_errors": True})
        output = tmp_path / "results.json"
        names = ", ".join(f"r{index}" for index in range(len(steps)))
        tasks.append({"ansible.builtin.copy": {"content": "{{ [" + names + "] | to_json }}", "dest": str(output)},
                      "delegate_to": "localhost", "vars": {"ansible_connection": "local"}})  # fmt: skip
        done = self.lab.playbook([{"hosts": self.host, "gather_facts": False, "tasks": tasks}], tmp_path)
        assert output.is_file(), done.stdout + done.stderr
        results: list[dict[str, Any]] = json.loads(output.read_text())
        return results

    def cli(self, *argv: str, check: bool = True) -> str:
        return self.lab.ssh(self.host, self.engine, *argv, check=check)


@pytest.fixture(params=ENGINES, ids="-".join)
def place(request: pytest.FixtureRequest, session_lab: Lab) -> Iterator[Place]:
    place = Place(session_lab, *request.param)
    session_lab.ssh(place.host, "sh", "-s", input=MAKE_IMAGE)
    yield place
    session_lab.module(place.host, "remote_container", {"engine": place.engine, "name": NAME, "state": "absent"})


def sh(script: str) -> list[str]:
    return ["sh", "-c", script]


@pytest.mark.provokes("not_in_time")
def test_what_is_waited_for(place: Place, tmp_path: Path) -> None:
    port = PORT[place.engine]
    late = sh("sleep 1; httpd -f -p 80")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"command": late, "wait_for": {"port": 80, "timeout": 20}}, ""),
        ({"command": late, "published_ports": [f"{port}:80"], "wait_for": {"port": port, "port_on": "host"}}, ""),
        ({"command": sh("sleep 1; echo ready to serve; sleep 99"), "wait_for": {"log": "^ready"}}, ""),
        ({"command": sh("sleep 1; exit 3"), "wait_for": {"exit_code": [3]}}, ""),
        ({"command": sh("sleep 1; exit 3"), "wait_for": {"exit_code": [0]}}, "exit code 3, not 0"),
        ({"command": sh("echo last words; sleep 1; exit 4"), "wait_for": {"port": 80}}, "it ended with exit code 4"),
        ({"command": ["sleep", "99"], "wait_for": {"port": 80, "timeout": 1}}, "port 80 on the container"),
        ({"command": ["sleep", "99"], "wait_for": {"log": "never", "timeout": 1}}, "a matching line in its log"),
        ({"command": ["sleep", "99"], "state": "healthy"}, ""),
    ]
    results = place.play(tmp_path, [params for params, _words in cases])
    for (params, words), result in zip(cases, results, strict=True):
        assert bool(result.get("failed")) == bool(words), (params, result.get("msg"))
        assert words in result.get("msg", "")
    assert results[3]["container"]["exit_code"] == 3
    assert (results[5]["error"]["kind"], results[6]["error"]["kind"]) == ("container_ended", "not_in_time")
    if place.engine == "docker":  # Podman's journal may be late
        assert "last words" in results[5]["msg"]


def check(command: str) -> dict[str, Any]:
    return {"test": ["CMD-SHELL", command], "interval": "1s", "timeout": "1s", "retries": 2}


def test_healthy(place: Place, tmp_path: Path) -> None:
    base = {"state": "healthy", "healthy_wait_timeout": 20}
    soon = {**base, "command": sh("sleep 1; touch /ok; sleep 99"), "healthcheck": check("test -e /ok")}
    never = {**base, "command": ["sleep", "98"], "healthcheck": check("false"), "healthy_wait_timeout": 3}
    ends = {**base, "command": sh("sleep 1; exit 5"), "healthcheck": check("false")}
    results = place.play(
        tmp_path, [soon, {**soon, "_keep": True}, {**never, "_keep": True}, {**soon, "_keep": True}, ends]
    )
    healthy, again, failed, still, ended = results
    assert healthy["container"]["health"] == "healthy" and again["changed"] is False
    assert failed["failed"] and "healthy (it is" in failed["msg"] and "is back and is running again" in failed["msg"]
    assert still["changed"] is False and still["container"]["id"] == healthy["container"]["id"]
    assert ended["failed"] and "exit code 5" in ended["msg"]


def test_a_container_of_others_is_refused_when_it_is_not_to_be_adopted(place: Place, tmp_path: Path) -> None:
    place.cli("run", "-d", "--name", NAME, "--stop-timeout", "0", IMAGE, "sleep", "99")
    mine = {"command": ["sleep", "98"], "_keep": True}
    refused, removal, adopted, now_ours = place.play(
        tmp_path,
        [{**mine, "adopt": False}, {"state": "absent", "adopt": False, "_keep": True},
         {"command": ["sleep", "99"], "_keep": True}, {**mine}],
    )  # fmt: skip
    for result in (refused, removal):
        assert result["failed"] and result["error"]["option"] == "adopt"
    assert not adopted["changed"] and not adopted["container"]["created_by_us"]
    assert now_ours["changed"] and now_ours["container"]["created_by_us"]
