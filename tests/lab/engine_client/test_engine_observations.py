# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What containers use, do and have changed, and what has happened: the same shape from every engine."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from engine_cases import MIB, Case, Make
from on_every_engine import on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.usage import observe
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.events import options as events

LOOKS = {"looks": ("stats", "top", "changes"), "mask_env": True}
DEFAULTS = {name: spec.get("default") for name, spec in events.ARGUMENT_SPEC.items()}


def wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.limits
@on_every_engine
def test_what_a_container_uses_does_and_has_changed(case: Case, make: Make) -> None:
    script = "touch /new; rm /bin/yes; while :; do :; done & exec sleep 600 $DB_PASSWORD"
    busy = make("sh", "-c", script, Env=["DB_PASSWORD=7654321"], HostConfig={"Memory": 64 * MIB})
    idle, never = make("sleep", "600"), make(start=False)
    args = case.client.engine.ps_columns
    wait_until(lambda: any(row[-1][:9] == "sleep 600" for row in case.client.containers.top(busy, args)["Processes"]))
    inspects = [case.client.containers.inspect(name) or {} for name in (busy, idle, never)]
    found = list(observe(case.client, inspects, LOOKS).values())
    stats = [one["stats"] for one in found]
    assert stats[0]["cpu_percent"] > stats[1]["cpu_percent"] >= 0 and stats[2] is None
    assert stats[0]["cpu_seconds"] > 0 and stats[0]["memory_limit"] == 64 * MIB and stats[0]["pids"] == 2
    assert 0 < stats[0]["memory_used"] < 64 * MIB and 0 < stats[0]["memory_percent"] < 100
    assert stats[0]["read_at"].startswith("20") and stats[0]["network_received"] >= 0
    assert {type(value) for value in stats[0].values()} <= {int, float, str}
    commands = [process["command"] for process in found[0]["top"]]
    assert len(commands) == 2 and "sleep 600 ********" in commands
    one = found[1]["top"][0]
    assert one["command"] == "sleep 600" and one["pid"] > 0 and one["user"] in ("root", "0") and one["ppid"] >= 0
    assert isinstance(one["cpu_percent"], float) and one["elapsed"] in range(600)
    assert found[2]["top"] is None
    changes = {change["path"]: change["kind"] for change in found[0]["changes"]}
    assert changes["/new"] == "added" and changes["/bin/yes"] == "removed" and changes["/bin"] == "modified"
    assert isinstance(found[2]["changes"], list)


def read(case: Case, **given: Any) -> dict[str, Any]:
    wanted = events.parse({**DEFAULTS, **given})
    since, until = wanted.window(case.client.system.clock())
    return events.result(case.client.events.list(since, until, wanted.filters()), wanted, str)


def actions(case: Case, **given: Any) -> list[str]:
    return [event["action"] for event in read(case, **given)["events"]]


@on_every_engine
def test_what_has_happened(case: Case, make: Make) -> None:
    label = f"engine-test-{uuid.uuid4().hex[:8]}"
    name = make("sh", "-c", "exit 3", Labels={label: "x"})
    wait_until(lambda: "die" in actions(case, names=[name]))
    found = [action for action in actions(case, names=[name]) if action in ("create", "start", "die")]
    assert found == ["create", "start", "die"]
    (died,) = read(case, types=["container"], actions=["die"], labels={label: ""})["events"]
    assert (died["type"], died["name"], died["attributes"][label]) == ("container", name, "x")
    assert died["id"] == (case.client.containers.inspect(name) or {})["Id"] and died["time"].startswith("20")
    assert actions(case, names=[name], types=["image"]) == []
    assert actions(case, since="2h", until="1h", names=[name]) == []
    last = read(case, names=[name], limit=1)
    assert len(last["events"]) == 1 and last["truncated"] is True
    case.client.containers.remove(name)
    wait_until(lambda: "destroy" in actions(case, names=[name]))


@on_every_engine
def test_events_have_one_shape(case: Case, make: Make) -> None:
    name = make("sleep", "600", Healthcheck={"Test": ["CMD", "true"], "Interval": 10**9})
    identity, volume, network = (case.client.containers.inspect(name) or {})["Id"], f"{name}-data", f"{name}-net"
    case.ssh(case.engine, "volume", "create", volume)
    case.ssh(case.engine, "network", "create", network)
    try:
        case.ssh(case.engine, "network", "connect", network, name)
        case.ssh(case.engine, "exec", name, "sh", "-c", "'exit 5'", check=False)
        for asked in ({"names": [name], "actions": ["health_status"]}, {"names": [volume]}):
            wait_until(lambda asked=asked: read(case, **asked)["events"] != [])  # type: ignore[misc]
        wait_until(lambda: any(code == "5" for code in exit_codes(case, name)))
        states = {one["detail"] for one in read(case, names=[name], actions=["health_status"])["events"]}
        assert states and states <= {"healthy", "starting"}
        told = read(case, names=[name], types=["container"])["events"]
        assert all("exitCode" not in one["attributes"] for one in told if one["action"] not in ("die", "exec_die"))
        assert not {"containerExitCode", "podId"} & {key for one in told for key in one["attributes"]}
        (made,) = read(case, names=[volume])["events"]
        assert (made["id"], made["name"], made["action"]) == (volume, volume, "create")
        connected = [
            one for one in read(case, types=["network"], actions=["connect"])["events"]
            if one["attributes"]["container"] == identity
        ]  # fmt: skip
        ids = {one["id"] for one in connected}
        assert connected and identity not in ids
        if case.client.identity.release != (4, 3):  # which does not tell the network
            assert network in {one["name"] for one in connected}
    finally:
        case.ssh(case.engine, "network", "disconnect", "-f", network, name, check=False)
        case.ssh(case.engine, "network", "rm", network, check=False)
        case.ssh(case.engine, "volume", "rm", volume, check=False)


def exit_codes(case: Case, name: str) -> list[str]:
    told = read(case, names=[name], actions=["exec_die"])["events"]
    return [one["attributes"].get("exitCode", "") for one in told]
