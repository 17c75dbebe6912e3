# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands in containers of real engines: nothing of their output is lost, and what must end ends."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from engine_cases import Case, Forward, Make, fails, killer
from on_every_engine import on_every_engine

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution import ending
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.options import (
    ARGUMENT_SPEC,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.work.run import Execution, ended

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
MANY = int(os.environ.get("SSHFLEET_EXECS", "25"))  # 1,000 by hand and in the benchmark
HANDS = 4  # commands at a time on one engine


def run(case: Case, name: str, *argv: str, may: bool = True, **options: Any) -> dict[str, Any]:
    command = parse({**DEFAULTS, "container": name, "argv": list(argv), **options})
    return Execution(case.client, command, killer(case, name, may=may).end).run()


def sh(case: Case, name: str, script: str, **options: Any) -> dict[str, Any]:
    return run(case, name, "sh", "-c", script, **options)


@on_every_engine
def test_many_short_commands_lose_nothing(case: Case, make: Make) -> None:
    """Every command has its own output on both streams, and its own exit code."""
    name = make()

    def one(number: int) -> str | None:
        expected = (number % 256, f"out {number}", f"err {number}")
        with EngineClient(case.client.wire.socket_path, identity=case.client.identity) as client:
            script = f"echo out {number}; echo err {number} >&2; exit {number % 256}"
            found = sh(Case(case.lab, case.host, case.engine, client), name, script)
        came = (found["rc"], found["stdout"], found["stderr"])
        return None if came == expected else f"{came}, not {expected}"

    with ThreadPoolExecutor(HANDS) as pool:
        assert [problem for problem in pool.map(one, range(MANY)) if problem] == []


@on_every_engine
def test_how_a_command_runs(case: Case, make: Make) -> None:
    name = make(Env=["COLOUR=red"])
    assert sh(case, name, "echo $COLOUR $SIZE; pwd; id -u; id -g", env={"SIZE": "9"}, chdir="/bin", user="7:8")[
        "stdout_lines"
    ] == ["red 9", "/bin", "7", "8"]
    assert run(case, name, "echo", "$COLOUR", "a  b", "*")["stdout"] == "$COLOUR a  b *"
    assert sh(case, name, "test -t 1")["rc"] == 1
    tty = sh(case, name, "test -t 0 && test -t 1 && echo yes; echo err >&2", tty=True)
    assert (tty["rc"], tty["stdout_lines"], tty["stderr"]) == (0, ["yes", "err"], "")
    detached = sh(case, name, "sleep 0.2; echo done > /tmp-done", detach=True)
    assert set(detached) == {"changed", "exec_id"}
    late = "for i in $(seq 300); do cat /tmp-done && exit; sleep 0.2; done"
    assert sh(case, name, f"{late} 2>/dev/null")["stdout"] == "done"
    closed = sh(case, name, "exec >&- 2>&-; sleep 0.5; exit 4")
    assert (closed["rc"], closed["stdout"]) == (4, "")


@on_every_engine
def test_input(case: Case, make: Make) -> None:
    name = make()
    assert run(case, name, "cat", stdin="one\ntwo")["stdout_lines"] == ["one", "two"]
    assert run(case, name, "wc", "-c", stdin="", stdin_add_newline=False)["stdout"] == "0"
    assert sh(case, name, "cat; echo after", stdin="x")["stdout_lines"] == ["x", "after"]
    typed = run(case, name, "cat", stdin="typed", tty=True, timeout=300.0)
    assert (typed["rc"], set(typed["stdout_lines"])) == (0, {"typed"})
    unread = run(case, name, "true", stdin="x" * 2_000_000)
    assert (unread["rc"], unread["stdout"], unread["stderr"]) == (0, "", "")


@on_every_engine
def test_ten_megabytes_in_and_out(case: Case, make: Make) -> None:
    name, text = make(), "".join(f"{number:09d}\n" for number in range(1_000_000))
    done = run(case, name, "cat", stdin=text, stdin_add_newline=False, strip_empty_ends=False)
    assert done["stdout"] == text
    capped = run(case, name, "cat", stdin=text, max_output="1k")
    assert capped["truncated"] and capped["stdout"].startswith("000000000\n") and capped["stdout"].endswith("000999999")
    assert f"[… {len(text) + 1 - 1024} bytes of output left out here" in capped["stdout"]


NOT_STARTED: list[tuple[list[str], dict[str, Any], int, str]] = [
    (["nope"], {}, 127, "not found"),
    (["nope"], {"tty": True}, 127, "not found"),
    (["/etc"], {}, 126, "OCI"),
    (["true"], {"chdir": "/nodir"}, 126, "/nodir"),
    (["true"], {"user": "nosuch"}, 126, "unable to find user nosuch"),
]


@on_every_engine
def test_what_could_not_be_started_is_told_alike(case: Case, make: Make) -> None:
    name = make()
    case.ssh(case.engine, "exec", name, "mkdir", "-p", "/etc")
    for argv, options, code, words in NOT_STARTED:
        done = run(case, name, *argv, **options)
        assert (done["rc"], done["stdout"], done["failed"]) == (code, "", False), (argv, done)
        assert words in done["stderr"] and "unixpacket" not in done["stderr"], argv
    own = sh(case, name, "echo OCI runtime exec failed; exit 127")
    assert (own["rc"], own["stdout"]) == (127, "OCI runtime exec failed")
    fails("engine_error", None, lambda: run(case, name, "nope", detach=True))


@pytest.mark.provokes("container_stopped")
@on_every_engine
def test_a_container_that_does_not_run(case: Case, make: Make) -> None:
    name = make(StopTimeout=0)
    case.client.containers.pause(name)
    assert "paused" in fails("container_stopped", None, lambda: run(case, name, "true"))
    case.client.containers.unpause(name)
    case.client.containers.stop(name, 0)
    assert "exit code" in fails("container_stopped", None, lambda: run(case, name, "true"))
    assert "never started" in fails("container_stopped", None, lambda: run(case, make(start=False), "true"))
    fails("container_missing", 404, lambda: run(case, "engine-test-nobody", "true"))


def left(case: Case, name: str) -> str:
    """What runs in a container beside its own process and this command."""
    found = sh(case, name, "for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $f; echo; done")
    return " ".join(line for line in found["stdout_lines"] if "sleep 7" in line)


TIMED: list[tuple[str, str, dict[str, Any]]] = [
    ("echo begun; sleep 71", "SIGTERM", {}),
    ("sleep 72 & echo begun; sleep 73", "SIGTERM", {"tty": True, "user": "1000"}),
    ("sleep 74 & (sleep 75 &); echo begun; exec sleep 76", "SIGTERM", {"user": "1000"}),
    ("trap '' TERM; sleep 77 & echo begun; while :; do sleep 78; done", "SIGKILL", {}),
    ("sleep 79 & echo begun; sleep 79", "SIGTERM", {"may": False}),
    ("exec yes begun sleep 7", "SIGTERM", {"max_output": "1k"}),  # never silent
]


def too_late(case: Case, name: str, script: str, *, may: bool = True, **options: Any) -> str:
    """What is said of a command whose time is up as soon as it has said that it has begun."""
    argv = ["sh", "-c", script]
    command = parse({**DEFAULTS, "container": name, "argv": argv, "timeout": 3600.0, **options})

    def now() -> float:
        return 3600.0 if execution._outputs[0].beginning(5) == "begun" else 0.0

    execution = Execution(case.client, command, killer(case, name, may=may).end, now)
    with pytest.raises(EngineError) as caught:
        execution.run()
    assert caught.value.kind == "timeout"
    return f"{caught.value.message} {caught.value.hint}"


@pytest.mark.provokes("timeout")
@on_every_engine
def test_the_time_limit_ends_a_command_and_its_children(
    case: Case, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make("sh", "-c", "sleep 600 & wait")
    for script, signal, options in TIMED:
        monkeypatch.setattr(ending, "GRACE", 60 if signal == "SIGTERM" else 1)
        words = too_late(case, name, script, **options)
        assert f"was ended with {signal}" in words and "begun" in words, words
        assert left(case, name) == "", script
    assert case.state(name) == "running"


@pytest.mark.fault("A command's connection is cut")
@on_every_engine
def test_a_connection_that_is_cut_in_the_middle(case: Case, make: Make, forward: Callable[[str], Forward]) -> None:
    """The command's output has no end of its own, so a look at the command tells."""
    name = make()
    with EngineClient(case.client.wire.socket_path, identity=case.client.identity) as client:
        identity = client.execs.create(name, {"Cmd": ["sh", "-c", "echo one; sleep 30"], "AttachStdout": True})
        came = b""

        def output(stream: int, data: bytes) -> None:
            nonlocal came
            came += data
            raise KeyboardInterrupt  # Ansible's Ctrl-C, wherever it comes

        with pytest.raises(KeyboardInterrupt):
            client.execs.attach(identity, output)
        assert came == b"one\n" and client.execs.inspect(identity)["Running"]
        assert killer(case, name).end(identity).startswith("was ended")
    with pytest.raises(EngineError) as caught:
        EngineClient(forward(case.host).socket("nobody"), identity=case.client.identity).execs.attach("x", print)
    # ssh may have closed the connection before the request has left whole: then it was not sent.
    assert caught.value.kind in ("answer_lost", "no_answer")


@pytest.mark.fault("The engine is killed while a command runs")
@on_every_engine
def test_the_engine_is_killed_in_the_middle(case: Case, make: Make) -> None:
    """What the command wrote is lost, though Podman knows later how it ended."""
    name = make()
    identity = case.client.execs.create(
        name, {"Cmd": ["sh", "-c", "echo one; sleep 2; echo two"], "AttachStdout": True}
    )
    said: list[bytes] = []

    def output(_stream: int, data: bytes) -> None:
        said.append(data)
        case.ssh("systemctl", "kill", "--kill-who=main", "-s", "KILL", f"{case.engine}.service")

    try:
        with pytest.raises(EngineError) as caught:
            case.client.execs.attach(identity, output)
            ended(case.client, identity)
    finally:
        again = (f"systemctl reset-failed {case.engine}.service", f"systemctl restart {case.engine}.service")
        case.ssh("sh", "-c", f"'{'; '.join(again)}'")
    assert caught.value.kind in ("answer_lost", "no_answer") and b"".join(said) == b"one\n", caught.value
    if case.engine == "podman":
        assert caught.value.kind == "answer_lost" and "not all that it wrote has come" in caught.value.message


@on_every_engine
def test_a_command_that_the_engine_does_not_know_any_more(case: Case) -> None:
    """As after a restart of dockerd, which keeps commands in memory only."""
    for look in (
        case.client.execs.inspect,
        case.client.execs.start_detached,
        lambda one: case.client.execs.attach(one, print),
    ):
        assert "was restarted meanwhile" in fails("answer_lost", 404, lambda look=look: look("0" * 64))
