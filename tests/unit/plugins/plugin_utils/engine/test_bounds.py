# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that no engine gives: too large, too deep, too slow, of another shape. A fake gives them, in small."""

from __future__ import annotations

import contextlib
import gzip
import math
import socket
import threading
import time
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import shapes
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.bounds import (
    BadAnswer,
    Limits,
    parsed,
    quoted,
    shown,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

SMALL = Limits(size=2000, depth=20)


def refused(client: EngineClient, method: str = "system.info", *args: Any) -> EngineError:
    with pytest.raises(EngineError) as caught:
        attrgetter(method)(client)(*args)
    assert (caught.value.kind, caught.value.status) == ("bad_answer", None), caught.value.message
    assert caught.value.message.startswith("s on h: ") and caught.value.hint
    return caught.value


# What comes -> what the message says, and the hint.
BEYOND: list[tuple[dict[str, Any], str, str]] = [
    ({"body": b'{"Name": "' + b"x" * 3000 + b'"}'}, "larger than", "engine_answer_limit"),
    ({"body": b"x" * 3000, "status": 500}, "larger than", "engine_answer_limit"),
    ({"body": b"x" * 3000, "status": 302}, "larger than", "engine_answer_limit"),
    (
        {"raw": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"3e8\r\n%b\r\n" % (b" " * 1000) * 9},
        "larger than", "engine_answer_limit",
    ),
    ({"body": b"[" * 30 + b"]" * 30}, "deeper than 20 levels", "engine_answer_depth"),
    ({"body": b'{"a":' * 30 + b'"[{"' + b"}" * 30}, "deeper than 20 levels", "engine_answer_depth"),
    ({"body": gzip.compress(b"{}"), "headers": {"Content-Encoding": "gzip"}}, "compressed ('gzip')", "log"),
    ({"raw": b"\x16\x03\x01\x02\x1b[2J\r\n\r\n"}, "not HTTP (BadStatusLine, '\\x16", "log"),
    ({"raw": b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"}, "not HTTP", "log"),
    ({"body": b"\x1b[2Jhello"}, "not JSON: '\\x1b[2Jhello'", "log"),
    ({"body": b'"' + b"\xff" * 30 + b'"'}, "not JSON", "log"),
    ({"body": b"null"}, "null", "log"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words", "hint"), BEYOND)
def test_what_is_beyond_the_bounds(engine: Any, connect: Any, answer: Any, given: Any, words: str, hint: str) -> None:
    engine.answers["GET /info"] = answer(**given)
    error = refused(connect(limits=SMALL, where="s on h"))
    assert words in error.message and "info" in error.message and hint in error.hint
    assert len(error.message) < 300 and error.message.isprintable()


def test_a_depth_that_breaks_the_parser() -> None:
    with pytest.raises(BadAnswer, match="deeper than 50"):
        parsed(b"[" * 100_000 + b"]" * 100_000, 50)


@pytest.mark.parametrize("depth", [1, 19, 20])
def test_depths_that_are_in_order(depth: int) -> None:
    for inner in (b"[]", b'["]]}{{[["]'):
        assert parsed(b"[" * (depth - 1) + inner + b"]" * (depth - 1), 20) is not None
        if depth == 20:
            with pytest.raises(BadAnswer):
                parsed(b"[" * depth + inner + b"]" * depth, 20)


@pytest.mark.fault("The engine's answer drips")
@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b""])
def test_an_answer_that_drips_is_late(short_path: Path, begin: bytes) -> None:
    """A byte every now and then: each read is in time, the answer is not."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(short_path / "s"))
    listener.listen()

    def drip() -> None:
        connection, _peer = listener.accept()
        with contextlib.suppress(OSError), connection:
            connection.recv(65536)
            connection.sendall(begin)
            for _byte in range(200):
                connection.sendall(b"H")
                time.sleep(0.02)

    thread = threading.Thread(target=drip)
    thread.start()
    identity = EngineIdentity("docker", "26.1.5", "1.45")
    with (
        EngineClient(str(short_path / "s"), identity=identity, timeout=0.3) as client,
        pytest.raises(EngineError) as caught,
    ):
        client.system.info()
    thread.join()
    listener.close()
    assert caught.value.kind == "timeout" and "0.3 seconds" in caught.value.message


def test_a_stream_may_last_longer_than_an_answer(engine: Any, connect: Any, answer: Any) -> None:
    """Its head has to come in time; then only silence is bounded."""
    engine.answers["GET /events"] = answer(body=b"{}\n" * 2000)
    api = connect(timeout=7, limits=SMALL).wire.api
    with api.get(f"{api.base_url}/events", stream=True, timeout=7) as streamed:
        bounded = streamed.raw._connection.bounded
        assert time.monotonic() + 80_000 < bounded.until < math.inf and bounded.gettimeout() == 7
        assert len(b"".join(streamed.iter_content(100))) == 6000
    engine.answers["GET /events"] = answer(body=b"{}\n")
    before = time.monotonic()
    assert api.get(f"{api.base_url}/events", timeout=7).content == b"{}\n"
    assert before < bounded.until <= time.monotonic() + 7, "of what is no stream, all of it"


# Method, arguments, path, what comes -> what the message names.
OTHERWISE: list[tuple[str, tuple[Any, ...], str, Any, str]] = [
    ("containers.inspect", ("app",), "/containers/app/json", ["x"], "it is not an object, but a list"),
    ("containers.inspect", ("app",), "/containers/app/json", {"Name": "/app"}, "it has no Id"),
    ("containers.inspect", ("app",), "/containers/app/json", {"Id": "1", "Name": "/app", "State": "up"},
     "State is not an object, but a text: 'up'"),
    ("containers.inspect", ("app",), "/containers/app/json", {"Id": "1", "Name": "/app", "Config": {"Env": [5]}},
     "Config.Env[] is not a text, but a number: 5"),
    ("containers.inspect", ("app",), "/containers/app/json", {"Id": "1", "Name": "/app", "Config": {"Labels": ["a"]}},
     "Config.Labels is not an object"),
    ("containers.list", (), "/containers/json", {"a": 1}, "it is not a list, but an object"),
    ("containers.list", (), "/containers/json", [None], "[] is not an object, but null"),
    ("containers.list", (), "/containers/json", [{"Id": "1", "Names": "/app"}], "[].Names is not a list"),
    ("containers.list", (), "/containers/json", [{"Id": True}], "[].Id is not a text, but a truth value"),
    ("containers.list", (), "/containers/json", [{"Names": []}], "[] has no Id"),
    ("images.inspect", ("i",), "/images/i/json", {"Id": "1", "RepoTags": {}}, "RepoTags is not a list"),
    ("images.list", (), "/images/json", "x", "it is not a list, but a text: 'x'"),
    ("networks.list_native", (), "/networks", [5], "[] is not an object, but a number: 5"),
    ("networks.inspect_native", ("n",), "/networks/n", {"Name": "n", "Id": "1", "IPAM": {"Config": {}}},
     "IPAM.Config is not a list"),
    ("volumes.inspect", ("v",), "/volumes/v", {"Name": ["v"]}, "Name is not a text"),
    ("volumes.list", (), "/volumes", {"Volumes": [[]]}, "Volumes[] is not an object"),
    ("containers.top", ("app", "-e"), "/containers/app/top", {"Processes": ["x"]}, "Processes[] is not a list"),
    ("containers.changes", ("app",), "/containers/app/changes", [{"Path": 5}], "[].Path is not a text"),
    ("containers.stats", ("app",), "/containers/app/stats", {"cpu_stats": 5}, "cpu_stats is not an object"),
    ("execs.inspect", ("x",), "/exec/x/json", {"ExitCode": "0"}, "ExitCode is not a number, but a text: '0'"),
    ("system.disk_usage", (), "/system/df", {"Images": [{"Size": "1"}]}, "Images[].Size is not a number"),
    ("system.version", (), "/version", {"Components": "x"}, "Components is not a list"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "args", "path", "came", "words"), OTHERWISE)
def test_shapes(
    engine: Any, connect: Any, answer: Any, method: str, args: tuple[Any, ...], path: str, came: Any, words: str
) -> None:
    engine.answers[f"GET {path}"] = answer(body=came)
    assert words in refused(connect(where="s on h"), method, *args).message


def test_null_is_possible_where_go_writes_it() -> None:
    whole = {"Id": "1", "Name": "/a", "State": None, "Config": {"Env": None, "Labels": None}, "Mounts": None}
    assert shapes.require(whole, shapes.CONTAINER) == whole
    ports = {"NetworkSettings": {"Ports": {"80/tcp": None}}}
    assert shapes.require({**whole, **ports}, shapes.CONTAINER)
    assert shapes.require(None, shapes.CHANGES) == []


def test_what_can_be_parsed_and_not_read_names_host_and_request(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/app/json"] = answer(body={"Id": "1", "Name": "/app"})
    client = connect(where="s on h")
    found = client.containers.inspect("app")
    with pytest.raises(KeyError) as caught:
        found["State"]["Running"]
    error = client.unreadable(caught.value)
    assert error.kind == "bad_answer" and error.message.startswith("s on h: ")
    assert "inspect container app" in error.message and "KeyError" in error.message


def test_an_error_of_megabytes_is_quoted_in_part(engine: Any, connect: Any, answer: Any) -> None:
    said = "begins " + "x" * 5_000_000 + " no space left on device"
    for body in ({"message": said}, said.encode()):
        engine.answers["POST /containers/app/start"] = answer(500, body)
        with pytest.raises(EngineError) as caught:
            connect().containers.start("app")
        assert len(caught.value.message) < 5000 and caught.value.message.startswith("begins xxx")
    assert quoted("a" * 4000) == "a" * 4000 and "characters are left out" in quoted("a" * 4001)


@pytest.mark.parametrize(
    ("came", "words"), [(b"", "nothing"), (b"\x00\n", "'\\x00\\n'"), (None, "null: None"), (1.5, "a number: 1.5")]
)
def test_what_came(came: Any, words: str) -> None:
    assert shown(came) == words
