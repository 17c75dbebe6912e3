# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs and progress as the engines send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import streams
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.bounds import BadAnswer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.streams import (
    Frames,
    last_lines,
    log_text,
    progress_entries,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

# as Podman 4.3 sent them
PLAIN = b"\x01\0\0\0\0\0\0\x05out4\n\x01\0\0\0\0\0\0\x05out5\n\x02\0\0\0\0\0\0\x04err\n\x01\0\0\0\0\0\0\x04nonl"
TERMINAL = b"out4\r\nout5\r\nerr\r\nnonl"

LOGS = [
    (b"", False, ""),
    (b"", True, ""),
    (PLAIN, False, "out4\nout5\nerr\nnonl"),
    (TERMINAL, True, "out4\nout5\nerr\nnonl"),
    (PLAIN[:-2], False, "out4\nout5\nerr\nno"),
    (PLAIN[:-5], False, "out4\nout5\nerr\n"),
    # a character of two bytes, cut by a frame's end
    (b"\x01\0\0\0\0\0\0\x01\xc3" + b"\x01\0\0\0\0\0\0\x02\xa4\n", False, "ä\n"),
    (b"\x01\0\0\0\0\0\0\x03a\xff\n", False, "a\ufffd\n"),
    (b"a\xff\r\n", True, "a\ufffd\n"),
    # a payload that looks like a header; a terminal that prints one
    (b"\x01\0\0\0\0\0\0\x09\x01\0\0\0\0\0\0\x05\n", False, "\x01\0\0\0\0\0\0\x05\n"),
    (b"\x01\0\0\0\0\0\0\x05out4\n", True, "\x01\0\0\0\0\0\0\x05out4\n"),
    # a length of more than 64 KiB
    (b"\x01\0\0\0\0\x01\x11\x70" + b"x" * 70000, False, "x" * 70000),
]


@pytest.mark.parametrize(("raw", "tty", "text"), LOGS)
def test_logs(raw: bytes, tty: bool, text: str) -> None:
    assert log_text(raw, tty=tty) == text


LAST = [("a\nb\nc", 2, "b\nc"), ("a\nb\n", 1, "b\n"), ("a\n", 9, "a\n"), ("a\n", 0, ""), ("", 3, "")]


@pytest.mark.parametrize(("text", "count", "last"), LAST)
def test_last_lines(text: str, count: int, last: str) -> None:
    assert last_lines(text, count) == last


ENTRIES: list[dict[str, Any]] = [
    {"status": "Pulling"},
    {"id": "abc", "progressDetail": {"current": 1}},
    {"status": "ä"},
]


@pytest.mark.parametrize("separator", [b"\n", b"\r\n", b"\n\n"])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_progress_however_it_is_cut(separator: bytes, size: int) -> None:
    document = separator.join(json.dumps(entry, ensure_ascii=False).encode() for entry in ENTRIES)
    chunks = [document[i : i + size] for i in range(0, len(document), size)]
    assert list(progress_entries(chunks)) == ENTRIES


ERRORS = [
    ({"errorDetail": {"message": "long"}, "error": "short"}, "long", "engine_error"),
    ({"error": "short"}, "short", "engine_error"),
    ({"error": "no such image: x"}, "no such image: x", "image_missing"),
    ({"cause": "c", "message": "m", "response": 500}, "m", "engine_error"),
]


@pytest.mark.parametrize(("entry", "message", "kind"), ERRORS)
def test_an_error_ends_the_progress(entry: dict[str, Any], message: str, kind: str) -> None:
    entries = progress_entries([json.dumps({"status": "x"}).encode() + b"\n", json.dumps(entry).encode()])
    assert next(entries) == {"status": "x"}
    with pytest.raises(EngineError) as caught:
        next(entries)
    assert (caught.value.message, caught.value.kind) == (message, kind)


def test_a_detail_that_is_no_error() -> None:
    assert list(progress_entries([b'{"errorDetail": {}, "error": ""}'])) == [{"errorDetail": {}, "error": ""}]


@pytest.mark.parametrize("chunk", [b"<html>", b"[1]", b"{"])
def test_garbage(chunk: bytes) -> None:
    with pytest.raises(BadAnswer):
        list(progress_entries([chunk]))


def test_an_entry_without_an_end_is_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LONGEST_ENTRY", 1000)
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"x" * 100

    with pytest.raises(BadAnswer, match="longer than"):
        list(progress_entries(endless()))
    assert len(taken) == 11


@pytest.mark.parametrize("raw", [b"\x04\0\0\0\0\0\0\x01x", b"\x01\0\x01\0\0\0\0\x01x", b"a line of text\n"])
def test_what_is_no_frame(raw: bytes) -> None:
    with pytest.raises(BadAnswer, match="frame"):
        list(Frames().feed(raw))


@pytest.mark.parametrize("size", [1, 3, 8, 9, 1000])
def test_frames_however_they_are_cut(size: int) -> None:
    raw = PLAIN + b"\x01\0\0\0\0\0\0\0" + PLAIN  # an empty frame in between
    taken = Frames()
    found = {1: b"", 2: b""}
    for start in range(0, len(raw), size):
        for number, part in taken.feed(raw[start : start + size]):
            found[number] += part
    assert found == {1: b"out4\nout5\nnonl" * 2, 2: b"err\n" * 2}
    assert taken.whole


@pytest.mark.parametrize("cut", [1, 4, 5, 11])
def test_a_stream_that_is_cut_in_a_frame_is_not_whole(cut: int) -> None:
    taken = Frames()
    list(taken.feed(PLAIN[:-cut]))
    assert not taken.whole


@pytest.mark.parametrize("size", [1, 3, 9, 100])
def test_where_payloads_begin(size: int) -> None:
    """Once for each, however the bytes come."""
    frames, began = Frames(), []
    for start in range(0, len(PLAIN), size):
        for stream, part, begins in frames.parts(PLAIN[start : start + size]):
            if begins:
                began.append((stream, b""))
            assert began[-1][0] == stream
            began[-1] = (stream, began[-1][1] + part)
    assert began == [(1, b"out4\n"), (1, b"out5\n"), (2, b"err\n"), (1, b"nonl")]
