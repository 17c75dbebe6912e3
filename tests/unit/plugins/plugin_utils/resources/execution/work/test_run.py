# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running a command and ending it in time, with an engine that answers from a list."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.options import (
    ARGUMENT_SPEC,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.killing import Killer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.run import Execution, skipped

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
RUNNING = {"Status": "running", "Running": True, "Paused": False}
ENDED = {"Running": False, "ExitCode": 0, "Pid": 0}
LIVE = {"Running": True, "ExitCode": None, "Pid": 4711}


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Engine(FakeClient):
    """``says`` is what a command writes, ``states`` what is told of it, the last one for ever."""

    def __init__(self, *states: dict[str, Any], says: Any = (), container: dict[str, Any] | None = None) -> None:
        super().__init__(guarded=False)  # parts of a step are called by themselves
        self.states = list(states) or [ENDED]
        self.says = says
        self.container: dict[str, Any] | None = {"Id": "1" * 64, "Name": "/app", "State": container or RUNNING}
        self.created: list[dict[str, Any]] = []

    def containers_inspect(self, name: str) -> dict[str, Any] | None:
        return self.container

    def execs_create(self, container: str, config: dict[str, Any]) -> str:
        self.created.append(config)
        return f"exec{len(self.created)}"

    def execs_attach(
        self,
        identity: str,
        output: Callable[[int, bytes], None],
        *,
        tty: bool = False,
        source: Iterator[bytes] | None = None,
        deadline: float | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        if isinstance(self.says, Exception):
            raise self.says
        for stream, data in self.says:
            output(stream, data)

    def execs_start_detached(self, identity: str, tty: bool = False) -> None:
        self.says = ()

    def execs_inspect(self, identity: str) -> dict[str, Any]:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


def run(engine: Engine, end: Callable[[str], str] = lambda identity: "was ended", **given: Any) -> dict[str, Any]:
    clock = Clock()
    command = parse({**DEFAULTS, "container": "app", "argv": ["x"], **given})
    return Execution(engine, command, end, clock.now, clock.sleep).run()


def test_outputs_come_apart_and_the_code_is_data() -> None:
    says = [(1, b"one "), (2, b"error\n"), (1, b"two\n")]
    result = run(Engine({**ENDED, "ExitCode": 3}, says=says))
    assert (result["rc"], result["stdout"], result["stderr"]) == (3, "one two", "error")
    assert result["failed"] is False and result["changed"] is True


def test_a_command_that_has_closed_its_output_is_waited_for() -> None:
    engine = Engine(LIVE, LIVE, {**LIVE, "Running": False}, {**ENDED, "ExitCode": 7})
    assert run(engine)["rc"] == 7


def test_detached() -> None:
    assert run(Engine(LIVE), detach=True) == {"changed": True, "exec_id": "exec1"}


@pytest.mark.parametrize("says", [TimeoutError(), [(1, b"so far\n")]])
def test_time_is_up_while_it_writes_or_after(says: Any) -> None:
    with pytest.raises(EngineError) as caught:
        run(Engine(LIVE, says=says), timeout=2.0)
    assert caught.value.kind == "timeout"
    assert "within 2 seconds, and was ended." in caught.value.message
    assert ("so far" in caught.value.hint) is isinstance(says, list)


def test_one_that_cannot_be_ended_says_why() -> None:
    def end(identity: str) -> str:
        raise EngineError("the user that logs in may not signal it")

    with pytest.raises(EngineError) as caught:
        run(Engine(LIVE, says=TimeoutError()), end, timeout=2.0)
    assert "could not be ended: the user that logs in may not signal it." in caught.value.message
    assert "by hand" in caught.value.hint


STATES = [
    (None, "container_missing", "no container app"),
    ({"Status": "exited", "Running": False, "ExitCode": 5}, "container_stopped", "exit code 5"),
    ({"Status": "created", "Running": False}, "container_stopped", "never started"),
    ({"Status": "paused", "Running": True, "Paused": True}, "container_stopped", "paused"),
]


@pytest.mark.parametrize(("state", "kind", "words"), STATES)
def test_a_container_that_does_not_run(state: dict[str, Any] | None, kind: str, words: str) -> None:
    engine = Engine(container=state)
    if state is None:
        engine.container = None
    with pytest.raises(EngineError) as caught:
        run(engine)
    assert caught.value.kind == kind and words in caught.value.message and caught.value.hint
    assert engine.created == []
    told = skipped(engine, "app")
    assert told["skipped"] and words in told["msg"]
    assert told["warnings"] == [
        f"There is no {'' if state is None else 'running '}container app on the host; a run needs it."
    ]


def test_a_program_that_is_not_there_has_a_shells_code_on_both_engines() -> None:
    words = 'OCI runtime exec failed: exec: "nope": executable file not found in $PATH: unknown'
    docker = run(Engine({**ENDED, "ExitCode": 126}, says=[(1, f"{words}\r\n".encode())]))
    podman = run(Engine(says=EngineError(words, 500)))
    for result in (docker, podman):
        assert (result["rc"], result["stdout"], result["stderr"]) == (127, "", words)
        assert result["msg"] == f"The command could not be started (exit code 127): {words}"
    with pytest.raises(EngineError):
        run(Engine(says=EngineError("container is gone", 409)))


def test_a_user_who_is_refused_beforehand_is_told_as_one_who_is_refused_at_the_start() -> None:
    class Docker28(Engine):
        def execs_create(self, container: str, config: dict[str, Any]) -> str:
            raise EngineError(words, 400)

    words = "unable to find user nosuch: no matching entries in passwd file"
    done = run(Docker28())
    assert (done["rc"], done["stdout"], done["failed"]) == (126, "", False) and words in done["stderr"]
    with pytest.raises(EngineError, match="nosuch"):
        run(Docker28(), detach=True)
    words = "no space left on device"
    with pytest.raises(EngineError, match="space"):
        run(Docker28())


def killer(engine: Engine, *hosts: Any) -> Killer:
    clock = Clock()
    return Killer(engine, "app", list(hosts), clock.now, clock.sleep)


def says(code: int | None, text: str = "", complaint: str = "") -> Callable[[int], tuple[int | None, str, str]]:
    return lambda pid: (code, text, complaint)


def test_the_login_user_ends_it() -> None:
    asked = []

    def host(pid: int) -> tuple[int, str, str]:
        asked.append(pid)
        return 0, "own 12\nended SIGTERM\n", ""

    assert killer(Engine(LIVE, LIVE, ENDED), host).end("exec1") == "was ended with SIGTERM"
    assert asked == [4711]


def test_a_process_that_the_engine_tells_later() -> None:
    engine = Engine({**LIVE, "Pid": 0}, {**LIVE, "Pid": 0}, LIVE, ENDED)
    assert killer(engine, says(0, "ended SIGTERM\n")).end("exec1") == "was ended with SIGTERM"
    assert killer(Engine({**LIVE, "Pid": 0}, ENDED)).end("exec1") == "has just ended"


def test_one_that_has_ended_meanwhile() -> None:
    assert killer(Engine(ENDED)).end("exec1") == "has just ended"
    assert killer(Engine(LIVE, ENDED), says(0, "ended none\n")).end("exec1") == "has just ended"


def test_whoever_may_not_signal_it_is_followed_by_who_becomes_and_by_the_container() -> None:
    within = Engine(LIVE, ENDED, says=[(1, b"own 12\nended SIGKILL\n")])
    assert killer(within, says(3, "own 12\n"), says(3, "own 12\n")).end("exec1") == "was ended with SIGKILL"
    assert [config["User"] for config in within.created] == ["0"]
    assert within.created[0]["Cmd"][-2] == "12"
    become = Engine(LIVE, LIVE, ENDED)
    assert killer(become, says(3, "own 12\n"), says(0, "ended SIGTERM\n")).end("exec1") == "was ended with SIGTERM"
    assert become.created == []


def test_what_a_containers_own_shell_says_is_not_quoted() -> None:
    within = Engine(LIVE, ENDED, says=[(1, b"ended by \x1b[2J nobody\n")])
    assert killer(within, says(3, "own 12\n")).end("exec1") == "has just ended"


def lost(pid: int) -> tuple[int, str, str]:
    raise SshError("sessions", "no session.")


FAILED: list[tuple[Engine, list[Any], str]] = [
    (Engine({**LIVE, "Pid": 0}), [], "does not tell its process"),
    (Engine({**LIVE, "Pid": 1}), [], "does not tell its process"),
    (Engine(LIVE), [lost], "no session"),
    (Engine(LIVE), [says(3)], "the user that logs in may not signal it"),
    (Engine(LIVE), [says(127, "", "sh: not found\n")], "sh: not found"),
    (Engine(LIVE), [says(0, "ended SIGKILL\n")], "even with SIGKILL"),
    (
        Engine(LIVE, says=EngineError("crun: no sh", 500)),
        [says(3, "own 9\n")],
        "signal it; in the container: crun: no sh",
    ),
    (Engine(LIVE, ENDED, says=[(1, b"OCI runtime exec failed")]), [says(3, "own 9\n")], "OCI runtime exec failed"),
    (Engine(LIVE, says=TimeoutError()), [says(3, "own 9\n")], "shell does not answer"),
    (Engine(LIVE, says=[(2, b"ended" * 1000)]), [says(3, "own 9\n")], "shell does not answer"),
]


@pytest.mark.parametrize(("engine", "hosts", "words"), FAILED)
def test_what_stops_it_is_told(engine: Engine, hosts: list[Any], words: str) -> None:
    with pytest.raises(EngineError) as caught:
        killer(engine, *hosts).end("exec1")
    assert words in caught.value.message
