# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the request for a log, and from the pieces of its streams to lines."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs import lines as lines_of_logs
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.lines import (
    PIECE,
    Lines,
    in_one_piece,
    result,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.logs.options import (
    ARGUMENT_SPEC,
    Wanted,
    parse,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.secrets import Masker

DEFAULTS = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
NOW = 1_000_000.0


def wanted(**given: Any) -> Wanted:
    return parse({**DEFAULTS, "container": "app", **given})


QUERIES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"stdout": 1, "stderr": 1, "tail": "50", "timestamps": 0}),
    ({"tail": "all"}, {"tail": "all"}),
    ({"tail": "0"}, {"tail": "0"}),
    ({"grep": "x"}, {"tail": "all"}),
    ({"stderr": False}, {"stdout": 1, "stderr": 0, "tail": "all"}),
    ({"timestamps": True}, {"timestamps": 1}),
    ({"since": "90s", "until": "1m"}, {"since": "999910.000000000", "until": "999940.000000000"}),
    ({"since": "1h30m"}, {"since": "994600.000000000"}),
    ({"since": "1.5"}, {"since": "1.500000000"}),
    ({"since": "1970-01-02T00:00:00Z"}, {"since": "86400.000000000"}),
    ({"since": "1970-01-02T01:00:00+01:00"}, {"since": "86400.000000000"}),
    ({"since": "1970-01-02 00:00:00.25"}, {"since": "86400.250000000"}),
]


@pytest.mark.parametrize(("given", "expected"), QUERIES)
def test_the_query(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert wanted(**given).query(NOW).items() >= expected.items()


def test_a_time_without_an_offset_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the controller is."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC-9")
        time.tzset()
        query = wanted(since="1970-01-02 00:00").query(NOW)
    time.tzset()
    assert query["since"] == "86400.000000000"


def test_the_hosts_clock_is_asked_only_where_it_matters() -> None:
    assert wanted(since="5m").needs_now and wanted(until="5m").needs_now
    assert not wanted().needs_now and not wanted(since="1970-01-02").needs_now
    assert {"since", "until"}.isdisjoint(wanted().query(NOW))


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"container": "a/b"}, "container"),
    ({"tail": "many"}, "tail"),
    ({"tail": "-1"}, "tail"),
    ({"tail": "1.5"}, "tail"),
    ({"since": "yesterday"}, "since"),
    ({"since": "-5m"}, "since"),
    ({"since": "nan"}, "since"),
    ({"since": "5 minutes"}, "since"),
    ({"until": "2026-13-01"}, "until"),
    ({"since": "1m", "until": "5m"}, "since"),
    ({"since": "20", "until": "10"}, "since"),
    ({"grep": "("}, "grep"),
    ({"stdout": False, "stderr": False}, "stdout"),
    ({"max_output": "lots"}, "max_output"),
]


@pytest.mark.parametrize(("given", "option"), REFUSED)
def test_what_is_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        wanted(**given)
    assert refused.value.option == option and refused.value.hint


STREAM = b"one\ntwo\r\n\nthree"
LINES: list[tuple[dict[str, Any], list[tuple[int, bytes]], list[str], int]] = [
    ({}, [(1, STREAM)], ["one", "two", "", "three"], 0),
    ({}, [], [], 0),
    ({}, [(1, b"\n\n")], ["", ""], 0),
    ({"tail": "2"}, [(1, STREAM)], ["", "three"], 0),
    ({"tail": "0"}, [(1, STREAM)], [], 0),
    ({"tail": "all"}, [(1, b"x\n" * 100)], ["x"] * 100, 0),
    ({"grep": "^t"}, [(1, STREAM)], ["two", "three"], 0),
    ({"grep": "(?i)^T", "tail": "1"}, [(1, STREAM)], ["three"], 0),
    # a line is where it ends, whatever came of the other stream in between
    ({}, [(1, b"be"), (2, b"err\n"), (1, b"gun\nlast")], ["err", "begun", "last"], 0),
    ({"max_output": "8"}, [(1, b"aaa\nbbb\nccc\n")], ["bbb", "ccc"], 1),
    ({"max_output": "4"}, [(1, b"abcdefgh\n")], ["abcd"], 1),
    ({"max_output": "4"}, [(1, b"abcdefgh")], ["abcd"], 1),
    ({"max_output": "0", "tail": "all"}, [(1, b"a\n" * 9)], ["a"] * 9, 0),
    ({}, [(1, b"\xff\n")], ["\ufffd"], 0),
]


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize(("given", "pieces", "texts", "cut"), LINES)
def test_lines_however_they_come(
    given: dict[str, Any], pieces: list[tuple[int, bytes]], texts: list[str], cut: int, size: int
) -> None:
    lines = Lines(wanted(**given))
    for stream, data in pieces:
        for start in range(0, len(data), size):
            lines.add(stream, data[start : start + size])
    lines.end()
    assert (lines.texts(), lines.cut) == (texts, cut)


def test_what_is_kept_of_a_long_log_is_no_more_than_wanted() -> None:
    for given in ({"tail": "10"}, {"tail": "all", "max_output": "1k"}, {"grep": "never", "tail": "all"}):
        lines = Lines(wanted(**given))
        for _piece in range(1000):
            lines.add(1, b"a line of the log\n" * 100)
        assert lines._size <= 1024 and len(lines._kept) <= 60


def test_empty_lines_cost_more_than_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_of_logs, "MOST_LINES", 10)
    lines = Lines(wanted(tail="all"))
    lines.add(1, b"\n" * 90 + b"last\n" * 10)
    assert (lines.texts(), lines.cut) == (["last"] * 10, 90)
    everything = Lines(wanted(tail="all", max_output="0"))
    everything.add(1, b"\n" * 90)
    assert (len(everything.texts()), everything.cut) == (90, 0)


TIME = b"2026-01-31T12:00:00.000000001Z "
LONG = [
    (b"short", b"short"),
    (TIME + b"short", TIME + b"short"),
    (TIME + b"x" * PIECE, TIME + b"x" * PIECE),
    (TIME + b"x" * PIECE + TIME + b"rest", TIME + b"x" * PIECE + b"rest"),
    (TIME + b"x" * PIECE + TIME + b"y" * PIECE + TIME, TIME + b"x" * PIECE + b"y" * PIECE),
    (TIME + b"x" * (2 * PIECE), TIME + b"x" * (2 * PIECE)),
    (TIME + TIME + b"mine", TIME + TIME + b"mine"),  # a program that writes the time itself
]


@pytest.mark.parametrize(("raw", "whole"), LONG)
def test_times_in_the_midst_of_a_long_line(raw: bytes, whole: bytes) -> None:
    assert in_one_piece(raw) == whole


STAMP = b"2026-01-31T12:00:00Z "
ENTRIES: list[tuple[list[tuple[int, bytes]], list[str]]] = [
    ([(1, STAMP + b"one "), (1, STAMP + b"line\n")], [f"{STAMP.decode()}one line"]),
    ([(1, STAMP + b"a"), (2, STAMP + b"err\n"), (1, STAMP + b"b"), (1, STAMP + b"c")],
     [f"{STAMP.decode()}err", f"{STAMP.decode()}abc"]),
    ([(1, STAMP + b"a\n"), (1, STAMP + b"b\n")], [f"{STAMP.decode()}a", f"{STAMP.decode()}b"]),
    ([(1, STAMP + STAMP + b"mine\n")], [f"{STAMP.decode()}{STAMP.decode()}mine"]),
]  # fmt: skip


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(("entries", "texts"), ENTRIES)
def test_times_before_the_entries_of_one_line(entries: list[tuple[int, bytes]], texts: list[str], size: int) -> None:
    lines = Lines(wanted(timestamps=True))
    for stream, data in entries:
        for start in range(0, len(data), size):
            lines.add(stream, data[start : start + size], start == 0)
    lines.end()
    assert lines.texts() == texts


def test_without_times_nothing_is_taken_out() -> None:
    lines = Lines(wanted())
    lines.add(1, b"at ", True)
    lines.add(1, STAMP + b"\n", True)
    assert lines.texts() == [f"at {STAMP.decode()}"]


def test_the_result_tells_the_streams_apart_and_masks() -> None:
    lines = Lines(wanted())
    lines.add(1, b"the password is hunter2\n")
    lines.add(2, b"oh\n")
    lines.add(1, b"end\n")
    masker = Masker()
    masker.learn({"DB_PASSWORD": "hunter2"})
    found = result(lines, masker, {"State": {"Running": True}})
    assert found["lines"] == ["the password is ********", "oh", "end"]
    assert found["stdout_lines"] == ["the password is ********", "end"] and found["stderr"] == "oh"
    assert found["log"] == "\n".join(found["lines"])
    assert (found["running"], found["truncated"], found["changed"]) == (True, False, False)
