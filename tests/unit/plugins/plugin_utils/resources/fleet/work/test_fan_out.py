# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work on many hosts at once: how many, until when, and what becomes of what goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.work.fan_out import FanOut


def test_all_of_it_is_done_and_never_more_at_once_than_said() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return number * 2

    done = dict(FanOut[int](7, None).run((str(number), partial(work, number)) for number in range(60)))
    assert done == {str(number): number * 2 for number in range(60)}
    assert 2 <= most <= 7


def test_there_are_no_more_threads_than_work() -> None:
    pool = FanOut[int](50, None)
    assert dict(pool.run([("a", lambda: 1), ("b", lambda: 2)])) == {"a": 1, "b": 2}
    assert len(pool._threads) == 2
    assert not any(thread.is_alive() for thread in pool._threads), "an inventory's reader forks next"


def test_what_comes_first_is_handed_out_first_and_while_more_is_named() -> None:
    first = threading.Event()

    def works() -> Iterator[tuple[str, Callable[[], int]]]:
        """As hosts whose settings take a while to resolve: nothing waits for the last one."""
        yield "a", lambda: 1
        for number in range(1000):
            if first.is_set():
                break
            time.sleep(0.01)
            yield f"filler {number}", lambda: 0
        assert first.is_set(), "the first result has to be handed out before the last work is named"
        yield "b", lambda: 2

    found = []
    for name, _result in FanOut[int](2, None).run(works()):
        found.append(name)
        first.set()
    assert (found[0], found[-1]) == ("a", "b")


def test_whoever_hangs_is_left_out_when_the_time_is_over() -> None:
    hangs = threading.Event()
    try:
        works = [("hangs", lambda: int(hangs.wait(60))), ("quick", lambda: 1)]
        assert dict(FanOut[int](2, time.monotonic() + 0.5).run(works)) == {"quick": 1}
    finally:
        hangs.set()


def test_nothing_is_begun_when_the_time_is_over() -> None:
    hangs, begun = threading.Event(), []
    try:
        pool = FanOut[int](1, time.monotonic() + 0.2)
        works: list[tuple[str, Callable[[], int]]] = [("hangs", lambda: int(hangs.wait(60)))]
        works += [(str(number), partial(begun.append, number)) for number in range(9)]  # type: ignore[list-item]
        assert dict(pool.run(works)) == {}
    finally:
        hangs.set()
    for thread in pool._threads:
        thread.join(10)
    assert begun == []


def test_what_nobody_foresaw_is_raised_where_the_results_are_read() -> None:
    def broken() -> int:
        raise KeyError("x")

    with pytest.raises(KeyError):
        list(FanOut[int](2, None).run([("a", broken), ("b", lambda: 1)]))
