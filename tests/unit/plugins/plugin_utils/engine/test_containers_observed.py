# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that look: logs, usage, processes, changes, events, the clock. See conftest for the fake."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

LOG = b"\x01\0\0\0\0\0\0\x04one\n\x02\0\0\0\0\0\0\x04err\n\x01\0\0\0\0\0\0\x03end"


def test_a_log_comes_entry_by_entry(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/app/logs"] = answer(body=LOG)
    came: list[tuple[int, bytes, bool]] = []
    connect().containers.logs("app", {"tail": "5"}, lambda *part: came.append(part), tty=False)
    assert came == [(1, b"one\n", True), (2, b"err\n", True), (1, b"end", True)]
    assert engine.paths()[-1].endswith("/containers/app/logs?tail=5")


def test_a_terminals_log_comes_as_it_is(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/app/logs"] = answer(body=LOG)
    came: list[tuple[int, bytes, bool]] = []
    connect().containers.logs("app", {}, lambda *part: came.append(part), tty=True)
    assert came == [(1, LOG, False)]


def test_a_log_that_is_cut_off(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /containers/app/logs"] = answer(body=LOG[:-1])
    with pytest.raises(EngineError, match="cut off") as caught:
        connect().containers.logs("app", {}, lambda *part: None, tty=False)
    assert caught.value.kind == "no_answer"


def test_what_is_asked(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers = {
        "GET /containers/app/stats": answer(body={"read": "x"}),
        "GET /containers/app/top": answer(body={"Titles": []}),
        "GET /containers/app/changes": answer(body=b"null\n"),
    }
    client = connect()
    assert client.containers.stats("app") == {"read": "x"} and client.containers.top("app", "-e a") == {"Titles": []}
    assert client.containers.changes("app") == []
    queries = [path.partition("/app")[2] for path in engine.paths()]
    assert queries == ["/stats?stream=0&one-shot=1", "/top?ps_args=-e+a", "/changes"]


def test_events(engine: Any, connect: Any, answer: Any) -> None:
    engine.answers["GET /events"] = answer(body=b'{"Action": "start"}\n\n{"Action": "die"}\n')
    found = list(connect().events.list(1.5, 2, {"type": ["container"]}))
    assert found == [{"Action": "start"}, {"Action": "die"}]
    query = engine.paths()[-1].partition("?")[2]
    assert query == "since=1.500000000&until=2.000000000&filters=%7B%22type%22%3A+%5B%22container%22%5D%7D"


TIMES = [
    ("1970-01-01T00:00:10Z", 10),
    ("1970-01-01T00:00:10.5Z", 10.5),
    ("1970-01-01T01:00:10.123456789+01:00", 10.123456),
    ("1970-01-01T00:00:10.123-01:30", 5410.123),
]


@pytest.mark.parametrize(("said", "seconds"), TIMES)
def test_the_clock(engine: Any, connect: Any, answer: Any, said: str, seconds: float) -> None:
    engine.answers["GET /info"] = answer(body={"SystemTime": said})
    assert connect().system.clock() == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize("body", [{}, {"SystemTime": None}, {"SystemTime": "noon"}])
def test_an_engine_without_a_clock(engine: Any, connect: Any, answer: Any, body: dict[str, Any]) -> None:
    engine.answers["GET /info"] = answer(body=body)
    with pytest.raises(EngineError) as caught:
        connect().system.clock()
    assert caught.value.kind == "unknown_engine"
