# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports that are chosen: what is asked of the engine and the host, when the host is locked, what happens to a loser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from dict_engine import Engine, done, published
from dict_engine import run as plain_run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.parsing import parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.work.run import run_container

AUTO = {"image": "app:1", "published_ports": ["auto(5-9):22"]}


class Host:
    """Notes what happens while it is locked."""

    def __init__(self, engine: Engine, listening: str = "") -> None:
        self.engine = engine
        self.said = listening
        self.asked = 0
        self.locked = False
        self.under_lock: list[list[str]] = []

    def listening(self) -> str:
        self.asked += 1
        if not self.said:
            raise SshError("sessions", "No session.")
        return self.said

    def lock(self) -> Callable[[], None]:
        assert not self.locked
        self.locked = True
        self.engine.changes()

        def unlock() -> None:
            self.locked = False
            self.under_lock.append(self.engine.changes())

        return unlock


NOBODY = "== tcp\n== end\n"


@pytest.fixture(params=["docker", "podman"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return Engine(request.param, {"docker": "26.1.5", "podman": "5.4.2"}[request.param])


@pytest.fixture
def host(engine: Engine) -> Host:
    return Host(engine, NOBODY)


def run(engine: Engine, host: Host, check_mode: bool = False, **params: Any) -> dict[str, Any]:
    options = parse({"name": "app", **AUTO, **params})
    result = run_container(engine, options, check_mode=check_mode, host_ports=host, sleep=lambda seconds: None)
    assert not host.locked
    return result


def port(engine: Engine, name: str = "app") -> str:
    return published(engine.find(name))[0]["HostPort"]


def listener(*numbers: int) -> str:
    rows = [f" {n}: 00000000:{number:04X} 00000000:0000 0A" for n, number in enumerate(numbers)]
    return "\n".join(["== tcp", *rows, "== end"])


def test_the_check_says_what_the_run_does(engine: Engine, host: Host) -> None:
    plain_run(engine, name="other", published_ports=["5:80"], state="present")
    host.said = listener(6)
    engine.changes()
    checked = run(engine, host, check_mode=True)
    assert engine.changes() == [] and host.under_lock == []
    ran = run(engine, host)
    assert port(engine) == "7"
    assert checked["actions"] == ran["actions"] and checked["diff"] == ran["diff"]
    assert ran["actions"][0]["published_ports"] == {"22/tcp": ["7"]}
    assert ran["diff"]["after"]["published_ports"] == {"22/tcp": ["7"]}
    assert ran["warnings"] == []


def test_an_unchanged_container_costs_one_look(engine: Engine, host: Host) -> None:
    run(engine, host)
    engine.calls.clear()
    host.asked = 0
    again = run(engine, host)
    assert not again["changed"] and not host.asked
    assert engine.requests() == ["containers.inspect", "images.inspect"]


def test_stopped_containers_are_inspected_and_running_ones_are_not(engine: Engine, host: Host) -> None:
    for number in range(5):
        state = "started" if number % 2 else "present"
        plain_run(engine, name=f"other{number}", published_ports=[f"{number + 5}:80"], state=state)
    engine.calls.clear()
    with pytest.raises(InvalidOption, match="5 by the stopped container other0, 6 by the container other1"):
        run(engine, host, check_mode=True)
    asked = engine.requests()
    assert (asked.count("containers.list"), asked.count("containers.inspect")) == (2, 1 + 3)
    assert engine.changes() == [] and not host.under_lock


def test_the_host_is_locked_from_the_choice_to_the_creation(engine: Engine, host: Host) -> None:
    run(engine, host)
    assert host.under_lock == [["containers.create"]]
    assert done(run(engine, host, env={"A": "1"})) == ["recreate"]
    assert set(host.under_lock[1]) <= {"containers.rename", "containers.update", "containers.create"}
    assert host.under_lock[1][-1] == "containers.create"


def test_the_lock_ends_with_a_failure(engine: Engine, host: Host) -> None:
    engine.fail["containers.create"] = EngineError("no", 500)
    with pytest.raises(EngineError):
        run(engine, host)
    assert not host.locked and len(host.under_lock) == 1


def test_a_recreation_keeps_the_port(engine: Engine, host: Host) -> None:
    plain_run(engine, name="other", published_ports=["5:80"])
    run(engine, host)
    plain_run(engine, name="other", state="absent")
    host.said = listener(6)  # its own
    result = run(engine, host, env={"A": "1"})
    assert done(result) == ["recreate"] and port(engine) == "6"
    assert "published_ports" not in result["diff"]["after"]


def test_another_range_takes_another_port(engine: Engine, host: Host) -> None:
    run(engine, host)
    checked = run(engine, host, check_mode=True, published_ports=["auto(8-9):22"])
    result = run(engine, host, published_ports=["auto(8-9):22"])
    assert result["diff"] == checked["diff"] == {
        "before": {"published_ports": {"22/tcp": ["5"]}}, "after": {"published_ports": {"22/tcp": ["8"]}},
    }  # fmt: skip
    assert port(engine) == "8"
    ignored = run(engine, host, published_ports=["auto(5-6):22"], comparisons={"published_ports": "ignore"})
    assert not ignored["changed"]
    strict = run(engine, host, published_ports=["auto(8-9):22"], comparisons={"published_ports": "strict"})
    assert not strict["changed"]


def test_who_comes_second_chooses_again(engine: Engine, host: Host) -> None:
    engine.busy = {"5", "6"}
    result = run(engine, host)
    assert port(engine) == "7" and len(engine.container_dicts) == 1
    assert result["container"]["running"] and result["actions"][0]["published_ports"] == {"22/tcp": ["7"]}
    assert host.under_lock[1:] == [["containers.remove", "containers.create"]] * 2


def test_a_recreation_that_comes_second_chooses_again(engine: Engine, host: Host) -> None:
    run(engine, host)
    engine.busy = {"5"}
    result = run(engine, host, env={"A": "1"})
    assert port(engine) == "6" and len(engine.container_dicts) == 1
    assert result["actions"][0]["published_ports"] == {"22/tcp": ["6"]}


def test_a_recreation_that_finds_no_port_brings_the_old_one_back(engine: Engine, host: Host) -> None:
    run(engine, host)
    old = engine.find("app")["Id"]
    engine.busy = {"6", "7", "8", "9"}
    with pytest.raises(EngineError, match=r"4 of 4 ports of the range 6-9 are taken.*is back and is") as failed:
        run(engine, host, published_ports=["auto(6-9):22"])
    assert failed.value.kind == "port_in_use"
    assert engine.find("app")["Id"] == old and len(engine.container_dicts) == 1


def test_it_is_not_tried_for_ever(engine: Engine, host: Host) -> None:
    engine.busy = {str(number) for number in range(5, 100)}
    with pytest.raises(EngineError, match="address already in use"):
        run(engine, host, published_ports=["auto(5-99):22"])
    assert sum("containers.create" in calls for calls in host.under_lock) == 6


def test_a_port_that_the_task_names_is_not_tried_again(engine: Engine, host: Host) -> None:
    engine.busy = {"80"}
    with pytest.raises(EngineError, match=":80: bind"):
        run(engine, host, published_ports=["auto(5-9):22", "80:80"])
    assert len(host.under_lock) == 1


def test_a_host_that_runs_no_command_costs_a_warning(engine: Engine, host: Host) -> None:
    host.said = ""
    engine.busy = {"5"}
    result = run(engine, host)
    assert port(engine) == "6"
    assert len(result["warnings"]) == 1 and "could not be looked at" in result["warnings"][0]


def test_an_update_that_did_not_take_keeps_the_port_too(host: Host, engine: Engine) -> None:
    run(engine, host, memory="64M")
    engine.update_takes = False
    host.said = listener(5)
    assert done(run(engine, host, memory="128M"))[-1] == "recreate"
    assert port(engine) == "5" and len(engine.container_dicts) == 1


def test_the_one_that_lost_a_port_makes_room_for_the_next(engine: Engine, host: Host) -> None:
    engine.busy = {"5"}
    run(engine, host, published_ports=["auto(5-7):22", "auto(5-7):23"])
    assert sorted(end["HostPort"] for end in published(engine.find("app"))) == ["6", "7"]


def test_a_stopped_container_makes_room_for_its_own_successor(engine: Engine, host: Host) -> None:
    run(engine, host, published_ports=["auto(5):22"], state="stopped")
    result = run(engine, host, published_ports=["auto(5):80"], state="stopped")
    assert done(result) == ["recreate"] and port(engine) == "5"


def test_a_port_that_was_taken_in_the_meantime(engine: Engine, host: Host) -> None:
    run(engine, host, state="stopped")
    host.said, engine.busy = listener(5), {"5"}
    with pytest.raises(EngineError, match="address already in use") as failed:
        run(engine, host)
    assert "recreate=true" in failed.value.hint
    assert done(run(engine, host, recreate=True)) == ["recreate"] and port(engine) == "6"


BINDING = "com.docker.network.bridge.host_binding_ipv4"


@pytest.mark.parametrize(
    ("given", "options", "docker"),
    [
        ({}, {}, "0.0.0.0"),  # noqa: S104
        ({}, {BINDING: "0.0.0.0"}, "0.0.0.0"),  # noqa: S104
        ({}, {BINDING: "127.0.0.1"}, ""),
        ({"networks": [{"name": "front"}]}, {BINDING: "127.0.0.1"}, ""),
        ({"network_mode": "host"}, {BINDING: "127.0.0.1"}, "0.0.0.0"),  # noqa: S104
        ({"default_host_ip": ""}, {}, ""),
        ({"default_host_ip": "10.1.1.1"}, {BINDING: "127.0.0.1"}, "10.1.1.1"),
    ],
)
@pytest.mark.parametrize("published_ports", [["8:22"], ["auto(5-9):22"]])
def test_an_address_that_a_network_has_for_ports_is_left_to_the_engine(
    engine: Engine, host: Host, monkeypatch: pytest.MonkeyPatch, published_ports: list[str], given: dict[str, Any],
    options: dict[str, str], docker: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(engine, "networks_inspect", lambda name: {"Name": name, "Options": options})
    wanted = {"published_ports": published_ports, **given}
    run(engine, host, **wanted)
    made = published(engine.find("app"))[0]["HostIp"]
    assert made == (docker if engine.engine.name == "docker" else given.get("default_host_ip", ""))
    assert not run(engine, host, **wanted)["changed"]
