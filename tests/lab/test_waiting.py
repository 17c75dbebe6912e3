# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task waits for, on every engine; and whether containers of others are taken over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from engine_cases import IMAGE
from everywhere import everywhere
from lab_hosts import Lab
from recreate_place import BARE, NAME, Place, opened, ready, sh

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption

__all__ = ["ready"]  # a fixture

LATE = sh("sleep 0.3; httpd -f -p 80")
IDLE = ["sleep", "99"]


def outcome(place: Place, params: dict[str, Any]) -> tuple[str, str]:
    """The kind of the error and its message, both '' when it went well."""
    try:
        place.run(**BARE | params)
    except EngineError as error:
        return error.kind, error.message
    return "", ""


def check(command: str) -> dict[str, Any]:
    return {"test": ["CMD-SHELL", command], "interval": "1s", "timeout": "1s", "retries": 2}


def waits(port: int) -> list[tuple[dict[str, Any], str, str]]:
    """Options, and the error's kind and words; there is no container before."""
    published = {"published_ports": [f"{port}:80"], "wait_for": {"port": port, "port_on": "host"}}
    on_host = {"network_mode": "host", "command": sh(f"sleep 0.3; httpd -f -p {port}")}
    soon = {"command": sh("sleep 0.3; touch /ok; sleep 99"), "healthcheck": check("test -e /ok")}
    return [
        ({"command": LATE, "wait_for": {"port": 80}}, "", ""),
        ({"command": LATE, **published}, "", ""),
        ({**on_host, "wait_for": {"port": port, "port_on": "host"}}, "", ""),
        ({"command": sh("sleep 0.3; echo ready to serve; sleep 99"), "wait_for": {"log": "^ready"}}, "", ""),
        ({"command": sh("sleep 0.3; exit 3"), "wait_for": {"exit_code": [3]}}, "", ""),
        ({"command": sh("echo at the end"), "wait_for": {"state": "exited", "log": "^at the end$"}}, "", ""),
        ({"command": sh("exit 3"), "wait_for": {"exit_code": [0]}}, "container_ended", "exit code 3, not 0"),
        ({"command": sh("echo last words; sleep 0.3; exit 4"), "wait_for": {"port": 80}}, "container_ended",
         "it ended with exit code 4.\nThe end of its log:\n    last words"),
        ({"command": IDLE, "wait_for": {"port": 80, "timeout": 0.3}}, "not_in_time", "port 80 on the container"),
        ({"command": IDLE, **published, "wait_for": {**published["wait_for"], "timeout": 0.3}}, "not_in_time",
         f"port {port} on the host"),
        ({"command": IDLE, "wait_for": {"log": "never", "timeout": 0.3}}, "not_in_time", "a matching line in its log"),
        ({"command": IDLE, "wait_for": {"log": "x"}, "log_driver": "none"}, "engine_error", "log"),
        ({"command": IDLE, "state": "healthy"}, "", ""),
        ({**soon, "state": "healthy"}, "", ""),
        ({"command": IDLE, "healthcheck": check("false"), "state": "healthy", "healthy_wait_timeout": 0.3},
         "not_in_time", "healthy (it is"),
        ({"command": sh("sleep 0.3; exit 5"), "healthcheck": check("false"), "state": "healthy"}, "container_ended",
         "exit code 5"),
    ]  # fmt: skip


def test_what_is_waited_for(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            for params, kind, words in waits(place.port):
                place.clear()
                said = outcome(place, params)
                assert said[0] == kind and words in said[1], (params, said)

    everywhere(examine)


def test_a_container_that_runs_already_is_waited_for_too(ready: Lab) -> None:
    said = {"command": sh("test -e /said || echo ready; touch /said; sleep 99"), "healthcheck": check("true")}

    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            first = place.run(**BARE | said, state="healthy", wait_for={"log": "ready"})
            again = place.run(**BARE | said, state="healthy", wait_for={"log": "ready"})
            assert first["container"]["health"] == again["container"]["health"] == "healthy"
            assert not again["changed"]
            kind, message = outcome(place, {**said, "wait_for": {"log": "never", "timeout": 0.1}})
            assert kind == "not_in_time" and "did not come to what is waited for" in message
            assert place.inspect()["Id"].startswith(first["container"]["id"]) and message.endswith("log:\n    ready")
            # It says nothing after the restart, and what it said before does not count.
            kind, message = outcome(place, {**said, "restart": True, "wait_for": {"log": "ready", "timeout": 0.3}})
            assert kind == "not_in_time", message

    everywhere(examine)


SEAM = {"bookworm1": "podman", "trixie1": "docker"}


@pytest.mark.provokes("not_in_time")
def test_ports_are_waited_for_through_ansible(ready: Lab, tmp_path: Path) -> None:
    base = {"engine": f"{{{{ {SEAM}[inventory_hostname] }}}}", "name": NAME, "image": IMAGE, "stop_timeout": 0}
    steps: list[dict[str, Any]] = [
        {"command": LATE, "published_ports": ["18520:80"], "wait_for": {"port": 80, "timeout": 20}},
        {"wait_for": {"port": 18520, "port_on": "host", "timeout": 20}},
        {"wait_for": {"port": 81, "timeout": 0.3}},
        {"state": "absent"},
    ]
    tasks: list[dict[str, Any]] = [
        {"sshfleet.containers.remote_container": {**base, **step}, "register": f"r{index}", "ignore_errors": True}
        for index, step in enumerate(steps)
    ]
    results = "{{ [" + ", ".join(f"r{index}" for index in range(len(steps))) + "] | to_json }}"
    tasks.append({"ansible.builtin.copy": {"content": results, "dest": f"{tmp_path}/{{{{ inventory_hostname }}}}.json"},
                  "delegate_to": "localhost", "vars": {"ansible_connection": "local"}})  # fmt: skip
    done = ready.playbook([{"hosts": ":".join(SEAM), "gather_facts": False, "tasks": tasks}], tmp_path)
    for host in SEAM:
        output = tmp_path / f"{host}.json"
        assert output.is_file(), done.stdout + done.stderr
        inside, outside, never, absent = json.loads(output.read_text())
        assert inside["changed"] and not inside.get("failed"), inside
        assert not outside["changed"] and not outside.get("failed"), outside
        assert never["error"]["kind"] == "not_in_time" and "port 81 on the container" in never["msg"]
        assert absent["changed"]


def test_a_container_of_others_is_refused_when_it_is_not_to_be_adopted(ready: Lab) -> None:
    def examine(host: str, engine: str) -> None:
        with opened(ready, host, engine) as place:
            place.cli("run", "-d", "--name", NAME, "--stop-timeout", "0", IMAGE, *IDLE)
            theirs = place.inspect()
            mine = {**BARE, "command": ["sleep", "98"]}
            for state in ("started", "absent"):
                with pytest.raises(InvalidOption) as refused:
                    place.run(**mine, adopt=False, state=state)
                assert refused.value.option == "adopt"
            adopted = place.run(**BARE, command=IDLE)
            assert not adopted["changed"] and not adopted["container"]["created_by_us"]
            assert place.inspect()["State"] == theirs["State"]
            now_ours = place.run(**mine)
            assert now_ours["changed"] and now_ours["container"]["created_by_us"]

    everywhere(examine)
