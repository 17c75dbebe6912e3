# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One source for many takers: all get all of it, and one that fails holds up nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.work import feeding

PIECES = [bytes([number]) * feeding.PIECE for number in range(20)]


class Taker:
    def __init__(self, until: int = 10**9, problem: Exception | None = None) -> None:
        self.got = b""
        self.seen = 0
        self._until = until
        self._problem = problem

    def __call__(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self.seen += 1
            self.got = self.got[-10:] + piece[-1:] if len(self.got) > 10 else self.got + piece[-1:]
            if self.seen == self._until and self._problem:
                raise self._problem


@pytest.mark.parametrize("count", [1, 3])
def test_all_get_all(count: int) -> None:
    takers = [Taker() for _number in range(count)]
    assert feeding.feed(iter(PIECES), takers) == [None] * count
    assert [taker.seen for taker in takers] == [len(PIECES)] * count


@pytest.mark.parametrize("count", [1, 3])
def test_one_that_fails_holds_up_nobody(count: int) -> None:
    problem = RuntimeError("full")
    takers = [Taker(2, problem), *(Taker() for _number in range(count - 1))]
    assert feeding.feed(iter(PIECES), takers) == [problem, *([None] * (count - 1))]
    assert [taker.seen for taker in takers[1:]] == [len(PIECES)] * (count - 1)


@pytest.mark.parametrize("count", [1, 3])
def test_when_all_have_failed_nothing_more_is_read(count: int) -> None:
    read: list[int] = []

    def source() -> Iterator[bytes]:
        for number, piece in enumerate(PIECES):
            read.append(number)
            yield piece

    takers = [Taker(1, RuntimeError("full")) for _number in range(count)]
    assert all(feeding.feed(source(), takers))
    assert len(read) <= feeding.DEPTH + 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_sources_failure_is_the_whole_ones(count: int) -> None:
    def source() -> Iterator[bytes]:
        yield PIECES[0]
        raise OSError("the source is gone")

    with pytest.raises(OSError, match="the source is gone"):
        feeding.feed(source(), [Taker() for _number in range(count)])


def test_nobody_runs_ahead_of_the_slowest_by_more_than_a_few_pieces() -> None:
    slow, handed = threading.Event(), []

    def source() -> Iterator[bytes]:
        for number, piece in enumerate(PIECES):
            handed.append(number)
            if number == feeding.DEPTH + 3:
                slow.set()
            yield piece

    def waiting(pieces: Iterable[bytes]) -> None:
        iterator = iter(pieces)
        next(iterator)
        assert not slow.wait(0.3), "the source was read ahead"
        for _piece in iterator:
            pass

    assert feeding.feed(source(), [waiting, Taker()]) == [None, None]
    assert len(handed) == len(PIECES)


def test_small_pieces_are_gathered() -> None:
    pieces = list(feeding.gathered([b"ab"] * 10, 6))
    assert pieces == [b"ababab", b"ababab", b"ababab", b"ab"]
