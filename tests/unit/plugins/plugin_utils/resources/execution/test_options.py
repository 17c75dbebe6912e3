# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the engine's request and to the result."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.options import (
    ARGUMENT_SPEC,
    Command,
    outcome,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.output import Output
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution.plan import plan

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}

DOCKER = Engine("docker", (26, 1, 5))


def command(**given: Any) -> Command:
    return parse({**DEFAULTS, "container": "app", **({} if "command" in given else {"argv": ["true"]}), **given})


def test_a_commands_plan_tells_nothing_of_it() -> None:
    planned = plan(command(argv=["login", "hunter2"]))
    assert str(planned) == "1. container app: exec (the task runs a command)" and planned.steps[0].shown == {}
    assert str(plan(command(detach=True))) == "1. container app: exec (the task starts a command)"


REQUESTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"argv": ["echo", "a b", "$X"]}, {"Cmd": ["echo", "a b", "$X"], "AttachStdin": False, "AttachStdout": True}),
    ({"command": "sh -c 'ls | wc' \"x y\""}, {"Cmd": ["sh", "-c", "ls | wc", "x y"]}),
    ({"env": {"A": "1", "B": ""}}, {"Env": ["A=1", "B="]}),
    ({"chdir": "/srv", "user": "web:33"}, {"WorkingDir": "/srv", "User": "web:33"}),
    ({"stdin": "x"}, {"AttachStdin": True}),
    ({"stdin": ""}, {"AttachStdin": True}),
    ({"tty": True, "privileged": True}, {"Tty": True, "Privileged": True}),
    ({"detach": True}, {"AttachStdout": False, "AttachStderr": False, "AttachStdin": False}),
]


@pytest.mark.parametrize(("given", "expected"), REQUESTS)
def test_the_request(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert command(**given).request().items() >= expected.items()


def test_what_is_not_given_is_not_in_the_request() -> None:
    assert {"WorkingDir", "User"}.isdisjoint(command().request())


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"container": "-rf"}, "container"),
    ({"container": "../x"}, "container"),
    ({"argv": []}, "argv"),
    ({"argv": [""]}, "argv"),
    ({"argv": ["a", "b\0c"]}, "argv"),
    ({"command": ""}, "command"),
    ({"command": "echo 'x"}, "command"),
    ({"chdir": "srv"}, "chdir"),
    ({"user": "a\nb"}, "user"),
    ({"env": {"A": 1}}, "env.A"),
    ({"env": {"A": True}}, "env.A"),
    ({"env": {"A=B": "x"}}, "env"),
    ({"env": {"": "x"}}, "env"),
    ({"env": {"A": "x\0"}}, "env"),
    ({"detach": True, "stdin": "x"}, "stdin"),
    ({"detach": True, "timeout": 1.0}, "timeout"),
    ({"timeout": 0.0}, "timeout"),
    ({"timeout": -1.0}, "timeout"),
    ({"max_output": "much"}, "max_output"),
]


@pytest.mark.parametrize(("given", "option"), REFUSED)
def test_what_is_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        command(**given)
    assert refused.value.option == option
    assert refused.value.hint


def test_a_refusal_does_not_show_secrets() -> None:
    with pytest.raises(InvalidOption) as refused:
        command(env={"DB_PASSWORD": 12345678})
    assert "12345678" not in str(refused.value)


INPUTS: list[tuple[dict[str, Any], bytes | None]] = [
    ({}, None),
    ({"stdin": "x"}, b"x\n"),
    ({"stdin": "x\n"}, b"x\n\n"),  # as the peer does
    ({"stdin": "ä", "stdin_add_newline": False}, "ä".encode()),
    ({"stdin": "", "stdin_add_newline": False}, b""),
    # A terminal has no end but Ctrl-D: once at the beginning of a line, twice within one.
    ({"stdin": "x", "tty": True}, b"x\n\x04"),
    ({"stdin": "x", "tty": True, "stdin_add_newline": False}, b"x\x04\x04"),
    ({"stdin": "", "tty": True, "stdin_add_newline": False}, b"\x04"),
]


@pytest.mark.parametrize(("given", "sent"), INPUTS)
def test_the_input(given: dict[str, Any], sent: bytes | None) -> None:
    source = command(**given).source()
    assert (None if source is None else b"".join(source)) == sent


def test_a_large_input_comes_in_pieces() -> None:
    source = command(stdin="x" * 10**6, stdin_add_newline=False).source()
    assert source is not None
    assert [len(piece) for piece in source] == [262144] * 3 + [213568]


def test_short_secrets_would_be_found_everywhere() -> None:
    assert command(env={"A_TOKEN": "1", "B_TOKEN": "hunter2", "COLOUR": "crimson"}).secrets() == {"hunter2"}


def kept(most: int, *pieces: bytes) -> Output:
    output = Output(most)
    for piece in pieces:
        output.add(piece)
    return output


OUTPUTS = [
    (0, [b"abc", b"def"], "abcdef", 0),
    (6, [b"abc", b"def"], "abcdef", 0),
    (6, [b"abcdef", b""], "abcdef", 0),
    (4, [b"abcdef"], "ab\n[… 2 bytes of output left out here: max_output is 4 …]\nef", 2),
    (4, [b"a", b"bcd", b"e", b"f"], "ab\n[… 2 bytes of output left out here: max_output is 4 …]\nef", 2),
    (5, [b"0123456789"], "012\n[… 5 bytes of output left out here: max_output is 5 …]\n89", 5),
    (1, [b"xyz"], "x\n[… 2 bytes of output left out here: max_output is 1 …]\n", 2),
    (4, ["ää".encode(), b""], "ää", 0),
    (0, [b"a\xff"], "a\ufffd", 0),
]


@pytest.mark.parametrize(("most", "pieces", "text", "cut"), OUTPUTS)
def test_the_output_is_capped_in_the_middle(most: int, pieces: list[bytes], text: str, cut: int) -> None:
    output = kept(most, *pieces)
    assert (output.text(), output.cut) == (text, cut)


def test_a_long_output_takes_no_more_room_than_it_may() -> None:
    output = Output(1000)
    for _piece in range(2000):
        output.add(b"x" * 1000)
        assert len(output._head) + len(output._tail) < 1000 + 2 * 4096
    output.text()
    assert output.cut == 2_000_000 - 1000


@pytest.mark.parametrize(("strip", "text"), [(True, "a\n\nb"), (False, "a\n\nb\r\n\n")])
def test_the_outcome(strip: bool, text: str) -> None:
    result = outcome(command(strip_empty_ends=strip), kept(0, b"a\n\nb\r\n\n"), kept(2, b"wxyz"), 3, DOCKER)
    assert (result["rc"], result["failed"], result["stdout"]) == (3, False, text)
    assert result["msg"] == "The command ended with exit code 3."
    assert "msg" not in outcome(command(), kept(0), kept(0), 0, DOCKER)
    assert result["stdout_lines"][:3] == ["a", "", "b"]
    assert result["truncated"] is True
