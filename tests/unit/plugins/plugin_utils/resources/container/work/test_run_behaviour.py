# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task goes about things, over the engine made of dicts: running to the end, killing, waiting for a removal."""

from __future__ import annotations

from typing import Any

import pytest
from dict_engine import Engine, done, run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, InvalidOption


@pytest.fixture
def engine() -> Engine:
    return Engine()


LOGGED = {"log_driver": "json-file", "detach": False}


def test_a_container_runs_to_its_end_and_its_output_is_told(engine: Engine) -> None:
    engine.ends, engine.log = 0, "done: hunter2\n"
    result = run(engine, **LOGGED, env={"TOKEN": "hunter2"})
    assert done(result) == ["create", "start", "await_end"]
    assert (result["status"], result["output"]) == (0, "done: ********\n")
    assert not result.get("failed") and not result["warnings"]
    assert result["diff"]["after"]["running"] is False


def test_a_command_that_fails_fails_the_task(engine: Engine) -> None:
    engine.ends, engine.log = 3, "the last words"
    result = run(engine, **LOGGED, cleanup=True)
    assert result["failed"] and result["changed"]
    assert (result["status"], result["output"], result["error"]["kind"]) == (3, "the last words", "container_ended")
    assert "exit code 3" in result["msg"] and "the last words" in result["msg"]
    assert engine.container_dicts, "what failed stays, to be looked at"


def test_cleanup_removes_what_ended_well(engine: Engine) -> None:
    engine.ends = 0
    predicted = run(engine, check_mode=True, **LOGGED, cleanup=True)
    result = run(engine, **LOGGED, cleanup=True)
    assert done(result) == ["create", "start", "await_end", "remove"]
    assert result["container"] is None and not engine.container_dicts
    for key in ("changed", "actions", "diff"):
        assert predicted[key] == result[key]


def test_a_container_that_runs_already_is_not_waited_for(engine: Engine) -> None:
    run(engine)
    again = run(engine, detach=False)
    assert not again["changed"] and "status" not in again


def test_an_output_that_no_driver_keeps_is_empty(engine: Engine) -> None:
    engine.ends, engine.log = 0, "x"
    assert run(engine, log_driver="none", detach=False)["output"] == ""


@pytest.mark.parametrize("signal", [None, "SIGINT"])
def test_force_kill_kills(engine: Engine, signal: str | None) -> None:
    engine.deadly = (signal,)
    run(engine)
    engine.calls.clear()
    run(engine, state="stopped", force_kill=True, kill_signal=signal)
    assert [call for call in engine.calls if call[0] in ("containers.kill", "containers.stop")] == [
        ("containers.kill", "app", signal)
    ]


def test_a_signal_that_does_not_kill_is_told(engine: Engine) -> None:
    run(engine)
    with pytest.raises(EngineError, match="SIGUSR1") as failed:
        run(engine, state="stopped", force_kill=True, kill_signal="SIGUSR1")
    assert "kill_signal" in failed.value.hint


def test_a_recreation_kills_too(engine: Engine) -> None:
    run(engine)
    engine.changes()
    run(engine, command="x", force_kill=True)
    assert "containers.kill" in engine.requests() and "containers.stop" not in engine.requests()


def test_a_removal_is_waited_for_as_long_as_is_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run(engine)
    monkeypatch.setattr(Engine, "containers_remove", lambda *args, **kwargs: None)
    with pytest.raises(EngineError, match=r"2\.5 seconds") as failed:
        run(engine, state="absent", removal_wait_timeout=2.5)
    assert failed.value.kind == "timeout"


def test_the_platform_goes_along_with_creation(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    create = Engine.containers_create

    def record(self: Engine, name: str, body: dict[str, Any], platform: str | None = None) -> str:
        asked.append(platform)
        return create(self, name, body)

    monkeypatch.setattr(Engine, "containers_create", record)
    engine.image_dicts["app:1"] |= {"Os": "linux", "Architecture": "arm64"}
    run(engine, platform="linux/arm64")
    assert asked == ["linux/arm64"]
    with pytest.raises(InvalidOption, match="platform"):
        run(engine, platform="linux/amd64")


def test_the_namespaces_of_another_container_are_found_by_its_id(engine: Engine) -> None:
    run(engine, name="other")
    run(engine, pid_mode="container:other")
    identity = engine.find("other")["Id"]
    engine.find("app")["HostConfig"]["PidMode"] = f"container:{identity}"
    assert not run(engine, pid_mode="container:other")["changed"]
    with pytest.raises(InvalidOption, match="nobody"):
        run(engine, ipc_mode="container:nobody")
