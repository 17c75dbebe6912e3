# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changes something is sent once. A fake loses the answers: no real engine does so when it is asked to."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import sdk
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

BODY = {"Name": "x"}
# A method, its arguments, and the request that gets no answer.
CHANGES: list[tuple[str, tuple[Any, ...], str]] = [
    ("volumes.create", (BODY,), "POST /volumes/create"),
    ("networks.create", (BODY,), "POST /networks/create"),
    ("containers.create", ("x", {}), "POST /containers/create"),
    ("containers.start", ("x",), "POST /containers/x/start"),
    ("containers.stop", ("x",), "POST /containers/x/stop"),
    ("containers.remove", ("a" * 64,), f"DELETE /containers/{'a' * 64}"),
    ("volumes.remove", ("x",), "DELETE /volumes/x"),
    ("images.pull", ("x:1",), "POST /images/create"),
    ("images.build", ({}, [b"tar"], None), "POST /build"),
    ("images.load", ([b"tar"],), "POST /images/load"),
    ("archives.put", ("x", "/", [b"tar"]), "PUT /containers/x/archive"),
    ("execs.create", ("x", {}), "POST /containers/x/exec"),
    ("execs.attach", ("x", print), "POST /exec/x/start"),
    ("execs.start_detached", ("x",), "POST /exec/x/start"),
]
# The answer that is cut: before its first byte, in its head, in its body.
CUTS = [b"", b"HTTP/1.1 200 OK\r\nContent-", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"]

# What follows the head of an exec's answer is its output.
LOST = [(*change, cut) for change in CHANGES for cut in CUTS if change[0] != "execs.attach" or cut != CUTS[2]]


@pytest.mark.parametrize(("method", "args", "request_line", "cut"), LOST)
def test_a_lost_answer(
    engine: Any, connect: Any, answer: Any, method: str, args: tuple[Any, ...], request_line: str, cut: bytes
) -> None:
    engine.answers[request_line] = answer(raw=cut)
    client = connect(where="s on h")
    with pytest.raises(EngineError) as caught:
        attrgetter(method)(client)(*args)
    assert caught.value.kind == "answer_lost"
    assert caught.value.message.startswith("s on h: The answer to ") and "may have been done" in caught.value.message
    assert "again" in caught.value.hint
    assert len(engine.requests) == 1 and client.may_have_changed and not client.answered


def test_an_answer_that_is_late_may_be_done(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /volumes/create"] = answer(delay=0.5)
    with pytest.raises(EngineError, match="within") as caught:
        connect(timeout=0.1).volumes.create(BODY)
    assert caught.value.kind == "timeout" and "may have been done" in caught.value.hint


READS: list[tuple[str, tuple[Any, ...], str]] = [
    ("containers.inspect", ("x",), "GET /containers/x/json"),
    ("system.info", (), "GET /info"),
    ("archives.stat", ("x", "/"), "HEAD /containers/x/archive"),
    ("registries.log_in", ({"serveraddress": "r"},), "POST /auth"),
]


@pytest.mark.parametrize(("method", "args", "request_line"), READS)
def test_a_read_that_is_lost_changed_nothing(
    engine: Any, connect: Any, answer: Any, method: str, args: tuple[Any, ...], request_line: str
) -> None:
    engine.answers[request_line] = answer(raw=b"")
    client = connect()
    with pytest.raises(EngineError) as caught:
        attrgetter(method)(client)(*args)
    assert caught.value.kind == "no_answer"
    assert not client.may_have_changed and not client.answered


def test_no_is_an_answer_too(engine: Any, connect: Any) -> None:
    client = connect()
    with pytest.raises(EngineError):
        client.system.info()  # 404
    assert client.answered and not client.may_have_changed


def test_what_never_left_may_be_sent_again(connect: Any, engine: Any, tmp_path: Any) -> None:
    client = connect()
    client.wire.api._custom_adapter.socket_path = str(tmp_path / "nobody")
    with pytest.raises(EngineError) as caught:
        client.volumes.create(BODY)
    assert caught.value.kind == "no_answer" and not client.may_have_changed


@pytest.fixture
def unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept connection whose end has not been noticed, as when it comes at that very moment."""
    monkeypatch.setattr(sdk.Connection, "is_connected", True)
    monkeypatch.setattr("urllib3.connectionpool.is_connection_dropped", lambda _connection: False)


@pytest.mark.fault("A kept connection is closed by the engine")
def test_a_kept_connection_that_is_closed_takes_no_head_and_so_the_request_is_sent_anew(
    engine: Any, connect: Any, answer: Any, unnoticed: None
) -> None:
    """Nothing of the request has left then."""
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    engine.answers = {"GET /info": answer(raw=ok), "POST /volumes/create": answer(201, {})}
    client = connect()
    client.system.info()  # its connection is closed then
    pool = client.wire.api._custom_adapter.get_connection("")
    kept = pool.pool.get()
    closed = select.poll()
    closed.register(kept.sock, 0)
    assert closed.poll(10_000) == [(kept.sock.fileno(), select.POLLHUP)]  # in both directions
    pool.pool.put(kept)
    client.volumes.create(BODY)
    assert [request.method for request in engine.requests] == ["GET", "POST"]


def test_a_connection_is_not_kept_for_long(engine: Any, connect: Any, answer: Any, monkeypatch: Any) -> None:
    opened: list[str] = []
    connecting: Callable[[Any], None] = sdk.Connection.connect
    monkeypatch.setattr(sdk.Connection, "connect", lambda one: (opened.append("x"), connecting(one))[1])
    engine.answers["GET /info"] = answer(body={})
    client = connect()
    for kept, expected in ((60.0, 1), (60.0, 1), (0.0, 2)):
        monkeypatch.setattr(sdk, "FRESH", kept)
        client.system.info()
        assert len(opened) == expected


def test_the_body_is_read_once(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["POST /images/load"] = answer(raw=b"")
    pieces: Iterator[bytes] = iter([b"a", b"b"])
    with pytest.raises(EngineError):
        connect().images.load(pieces)
    assert [request.body for request in engine.requests] == [b"ab"]
