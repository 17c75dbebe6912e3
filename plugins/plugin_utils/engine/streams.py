# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What engines send as streams: container logs and the progress of a pull. Pure: bytes in, text and dicts out."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from .bounds import LONGEST_ENTRY, MIB, BadAnswer, parsed, shown
from .failures import refused
from .shapes import ENTRY, require

# Every frame: one byte for the stream (1 stdout, 2 stderr), three zeros, the payload's length as big-endian uint32.
FRAME_HEADER = struct.Struct(">BxxxL")
CHUNK = 256 * 1024  # so many bytes of a stream at once, at most
_STREAMS = 3  # the highest number of a stream that Docker has
_DEPTH = 50  # of the JSON of an entry


def log_text(raw: bytes, *, tty: bool) -> str:
    """The text of ``GET /containers/{id}/logs``: stdout and stderr in the order written, lines ended with ``\\n``.

    Without a terminal the engine sends frames; with one it sends the terminal's bytes, whose lines end with ``\\r\\n``.
    Bytes that are no UTF-8 are replaced.
    """
    if tty:
        return raw.decode(errors="replace").replace("\r\n", "\n")
    return b"".join(frames(raw)).decode(errors="replace")


def last_lines(text: str, count: int) -> str:
    """The last ``count`` lines; Podman's own ``tail`` gives one more when the last line has no end."""
    return "".join(text.splitlines(keepends=True)[-count:]) if count > 0 else ""


def frames(raw: bytes) -> Iterator[bytes]:
    """The payloads of a multiplexed stream; a last frame that was cut off is given as far as it goes."""
    position = 0
    while position + FRAME_HEADER.size <= len(raw):
        _stream, length = FRAME_HEADER.unpack_from(raw, position)
        position += FRAME_HEADER.size
        yield raw[position : position + length]
        position += length


class Frames:
    """Takes a multiplexed stream apart as it comes, whatever the pieces it comes in."""

    def __init__(self) -> None:
        self._header = b""
        self._stream = 0
        self._left = 0
        self._begins = False

    @property
    def whole(self) -> bool:
        """Whether nothing is missing of the last frame that has begun."""
        return not self._left and not self._header

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The parts of payloads in these bytes: (1 for stdout or 2 for stderr, bytes)."""
        for stream, part, _begins in self.parts(data):
            yield stream, part

    def parts(self, data: bytes) -> Iterator[tuple[int, bytes, bool]]:
        """The same, each with whether a payload begins with it."""
        position = 0
        while position < len(data):
            if self._left:
                part = data[position : position + self._left]
                begins, self._begins = self._begins, False
                yield self._stream, part, begins
                self._left -= len(part)
                position += len(part)
                continue
            missing = FRAME_HEADER.size - len(self._header)
            self._header += data[position : position + missing]
            position += missing
            if len(self._header) == FRAME_HEADER.size:
                if self._header[0] > _STREAMS or any(self._header[1:4]):
                    raise BadAnswer(f"what should be a frame of a stream begins with {shown(self._header)}")
                self._stream, self._left = FRAME_HEADER.unpack(self._header)
                self._header, self._begins = b"", True


def progress_entries(chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The entries of a stream of JSON lines. EngineError when an entry is an error, BadAnswer when it is none or has no
    end.

    Source: ``POST /images/create`` answers 200 before it begins, so what fails later comes as
    ``{"error": …, "errorDetail": {"message": …}}`` in the stream.
    """
    for line in _lines(chunks):
        entry: dict[str, Any] = require(parsed(line, _DEPTH), ENTRY)
        if "message" in entry and "cause" in entry:  # Podman ends some failed pulls with a plain error document
            entry = {**entry, "error": entry["message"]}
        detail = entry.get("errorDetail") or {}
        if message := detail.get("message") or entry.get("error"):
            raise refused(str(message), None)
        yield entry


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    begun: list[bytes] = []
    length = 0
    for chunk in chunks:
        *complete, rest = chunk.split(b"\n")
        for line in complete:
            begun.append(line)
            yield from _with_words(begun)
            begun, length = [], 0
        begun.append(rest)
        length += len(rest)
        if length > LONGEST_ENTRY:
            raise BadAnswer(f"an entry of it is longer than {LONGEST_ENTRY / MIB:g} MiB: {shown(b''.join(begun))}")
    yield from _with_words(begun)


def _with_words(begun: list[bytes]) -> Iterator[bytes]:
    line = b"".join(begun)
    if line.strip():
        yield line
