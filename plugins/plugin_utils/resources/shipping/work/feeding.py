# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One source, many targets: each piece is read once and goes to all of them, at the pace of the slowest.

Nothing is held but a few pieces for each target.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

PIECE = 1024 * 1024  # bytes
DEPTH = 4  # pieces that a target may lag behind
PATIENCE = 0.2  # seconds between two looks whether a target that takes nothing still lives

# Takes an archive in pieces, to its end.
Take = Callable[[Iterable[bytes]], None]


def gathered(chunks: Iterable[bytes], size: int = PIECE) -> Iterator[bytes]:
    """The same bytes in pieces of about this size: each piece costs a few calls for each target."""
    parts: list[bytes] = []
    length = 0
    for chunk in chunks:
        parts.append(chunk)
        length += len(chunk)
        if length >= size:
            yield b"".join(parts)
            parts, length = [], 0
    if parts:
        yield b"".join(parts)


class SourceFailed(Exception):
    """The source ended early; what targets say of it is of no interest."""


class _Taker(threading.Thread):
    """One target. ``error`` is what its taking ended with."""

    def __init__(self, take: Take) -> None:
        super().__init__(daemon=True)
        self._take = take
        self._pieces: queue.Queue[bytes | BaseException | None] = queue.Queue(DEPTH)
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._take(self._received())
        except BaseException as error:
            self.error = error

    def _received(self) -> Iterator[bytes]:
        while (piece := self._pieces.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    def put(self, piece: bytes | BaseException | None) -> None:
        """Hand over a piece; one that has ended gets nothing more."""
        while self.is_alive():
            try:
                self._pieces.put(piece, timeout=PATIENCE)
                return
            except queue.Full:
                continue


def feed(chunks: Iterable[bytes], takes: Sequence[Take]) -> list[BaseException | None]:
    """Give all of the chunks to all takers; what each of them ended with, None where all is well.

    :raises Exception: what the source raises, when all have ended.
    """
    if len(takes) == 1:  # nobody to wait for
        return [_alone(chunks, takes[0])]
    takers = [_Taker(take) for take in takes]
    for taker in takers:
        taker.start()
    end: BaseException | None = None
    try:
        for piece in gathered(chunks):
            for taker in takers:
                taker.put(piece)
            if not any(taker.is_alive() for taker in takers):
                break
    except BaseException as error:
        end = SourceFailed()
        raise error
    finally:
        for taker in takers:
            taker.put(end)
        for taker in takers:
            taker.join()
    return [taker.error for taker in takers]


def _alone(chunks: Iterable[bytes], take: Take) -> BaseException | None:
    failed: list[BaseException] = []

    def watched() -> Iterator[bytes]:
        try:
            yield from gathered(chunks)
        except Exception as error:
            failed.append(error)
            raise SourceFailed from error

    try:
        take(watched())
    except BaseException as error:
        if failed:
            raise failed[0] from None
        if not isinstance(error, Exception):
            raise
        return error
    return None
