# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work that is spread over processes: all of it is done, once, and what becomes of one that fails or is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.work import processes


@pytest.mark.parametrize(
    ("pieces", "at_once", "there", "number"),
    [
        (1000, 50, 4, 4),
        (1000, 3, 4, 3),
        (100, 50, 8, 3),
        (63, 50, 8, 1),
        (64, 50, 8, 2),
        (1000, 50, 1, 1),
        (0, 50, 8, 1),
    ],
)
def test_how_many_are_worth_it(
    pieces: int, at_once: int, there: int, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "processors", lambda: there)
    assert processes.number_of(pieces, at_once) == number


def test_beside_other_threads_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "processors", lambda: 4)
    ends = threading.Event()
    thread = threading.Thread(target=ends.wait)
    thread.start()
    try:
        assert processes.number_of(1000, 50) == 1
    finally:
        ends.set()
        thread.join()
    assert processes.number_of(1000, 50) == 4


def test_all_of_it_is_done_once_and_never_more_at_once_than_said(tmp_path: Path) -> None:
    def work(number: int) -> tuple[int, int]:
        with (tmp_path / "at_once").open("a") as file:  # short lines are appended whole
            file.write("+\n")
            file.flush()
            time.sleep(0.01)
            file.write("-\n")
        return number, os.getpid()

    done = list(processes.spread([(str(one), partial(work, one)) for one in range(60)], 7, None, 3))
    assert sorted(int(name) for name, _result in done) == list(range(60))
    assert all(int(name) == number for name, (number, _pid) in done)
    pids = Counter(pid for _name, (_number, pid) in done)
    assert sorted(pids.values()) == [20, 20, 20] and os.getpid() not in pids
    running = most = 0
    for line in (tmp_path / "at_once").read_text().splitlines():
        running += 1 if line == "+" else -1
        most = max(most, running)
    assert 3 <= most <= 7
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_what_one_raises_ends_all_with_its_traceback() -> None:
    def fails() -> int:
        raise KeyError("the words")

    began = time.monotonic()
    works = [("a", lambda: 1), ("b", fails), ("c", partial(time.sleep, 60)), ("d", lambda: 1)]
    with pytest.raises(RuntimeError, match=r"(?s)Traceback.*KeyError: 'the words'"):
        list(processes.spread(works, 4, None, 2))
    assert time.monotonic() - began < 30


def test_a_process_that_is_killed_is_told() -> None:
    works = [("a", lambda: 1), ("b", lambda: os.kill(os.getpid(), signal.SIGKILL))]
    with pytest.raises(EngineError, match="ended by signal 9") as told:
        list(processes.spread(works, 2, None, 2))
    assert "Lower at_once" in told.value.hint


def test_nobody_waits_beyond_the_end() -> None:
    began = time.monotonic()
    works = [("a", lambda: 1), ("b", lambda: time.sleep(60)), ("c", lambda: 3), ("d", lambda: time.sleep(60))]
    assert dict(processes.spread(works, 4, began + 0.5, 2)) == {"a": 1, "c": 3}
    assert time.monotonic() - began < 30
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_whoever_stops_reading_ends_them() -> None:
    found = processes.spread([("a", lambda: 1), ("b", lambda: time.sleep(60))], 2, None, 2)
    assert next(iter(found)) == ("a", 1)
    found.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_was_printed_before_is_printed_once() -> None:
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        sys.stdout = open(write, "w")  # noqa: SIM115, PTH123 - as it is where output goes into a pipe
        sys.stdout.write("before ")
        works = [(str(one), partial(print, one, flush=True)) for one in range(4)]
        list(processes.spread(works, 2, None, 2))
        sys.stdout.flush()
        os._exit(0)
    os.close(write)
    with open(read) as said:  # noqa: PTH123
        text = said.read()
    os.waitpid(child, 0)
    assert text.count("before") == 1 and sorted(text.split()[1:]) == ["0", "1", "2", "3"]
