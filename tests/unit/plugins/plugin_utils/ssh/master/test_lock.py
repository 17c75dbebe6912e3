# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One at a time, and a failure shared by those who waited for it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master.lock import TargetLock, shares

FORK = multiprocessing.get_context("fork")

# arrived, began, finished, now -> shared
SHARES = {
    "waited from the start": (10.0, 10.0, 20.0, 20.0, True),
    "came in the middle": (15.0, 10.0, 20.0, 20.0, True),
    "came just after a slow failure": (21.9, 10.0, 20.0, 22.0, True),
    "came later": (22.1, 10.0, 20.0, 23.0, False),
    "came just after a quick failure": (10.55, 10.0, 10.5, 10.6, False),
    "waited for a quick failure": (10.2, 10.0, 10.5, 10.6, True),
    "the clock was set back": (5.0, 10.0, 20.0, 6.0, False),
    "nonsense": (5.0, 20.0, 10.0, 30.0, False),
}


@pytest.mark.parametrize(("arrived", "began", "finished", "now", "shared"), SHARES.values(), ids=SHARES)
def test_shares(arrived: float, began: float, finished: float, now: float, shared: bool) -> None:
    assert shares(arrived, began, finished, now) is shared


def test_one_at_a_time(tmp_path: Path) -> None:
    def work() -> None:
        with TargetLock(str(tmp_path / "l")):
            log = tmp_path / "log"
            with log.open("a") as file:
                file.write("in\n")
            time.sleep(0.05)
            with log.open("a") as file:
                file.write("out\n")

    workers = [FORK.Process(target=work) for _count in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (tmp_path / "log").read_text().split() == ["in", "out"] * 6


def test_mode(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with TargetLock(str(tmp_path / "l")):
            assert (tmp_path / "l").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_a_killed_holder_gives_it_back(tmp_path: Path) -> None:
    def hold() -> None:
        with TargetLock(str(tmp_path / "l")):
            (tmp_path / "held").touch()
            time.sleep(60)

    holder = FORK.Process(target=hold)
    holder.start()
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    assert not TargetLock(str(tmp_path / "l")).acquire(wait=False)
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    assert TargetLock(str(tmp_path / "l")).acquire(wait=False)


def test_a_removed_file_is_not_locked_by_two(tmp_path: Path) -> None:
    """Who waits for a lock file that is unlinked meanwhile takes the new one."""
    path = str(tmp_path / "l")
    first = TargetLock(path)
    first.acquire()

    def wait() -> None:
        with TargetLock(path):
            (tmp_path / "got").touch()
            time.sleep(1)

    waiter = FORK.Process(target=wait)
    waiter.start()
    time.sleep(0.2)
    first.remove()
    first.release()
    while not (tmp_path / "got").exists():
        time.sleep(0.01)
    assert not TargetLock(path).acquire(wait=False), "the waiter holds the file that is there now"
    waiter.join()


def test_a_failure_is_left_to_those_who_waited(tmp_path: Path) -> None:
    clock = [100.0]
    path = str(tmp_path / "l")
    waited = TargetLock(path, lambda: clock[0])
    with TargetLock(path, lambda: clock[0]) as leader:
        began, clock[0] = clock[0], 110.0
        leader.record_failure(began, {"stderr": "x" * 500})
        leader.record_failure(began, {"stderr": "no"})
    clock[0] = 115.0
    late = TargetLock(path, lambda: clock[0])
    with waited:
        assert waited.shared_failure() == {"stderr": "no"}
    with late:
        assert late.shared_failure() is None
    with waited:
        waited.clear()
        assert waited.shared_failure() is None


@pytest.mark.parametrize("lasting", [True, False])
def test_who_comes_just_after_a_slow_failure_shares_it_where_it_lasts(tmp_path: Path, lasting: bool) -> None:
    clock = [100.0]
    path = str(tmp_path / "l")
    waited = TargetLock(path, lambda: clock[0])
    with TargetLock(path, lambda: clock[0]) as leader:
        clock[0] = 110.0
        leader.record_failure(100.0, {"stderr": "no"}, lasting=lasting)
    clock[0] = 111.0
    with TargetLock(path, lambda: clock[0]) as just_after:
        assert (just_after.shared_failure() is not None) is lasting
    with waited:
        assert waited.shared_failure() == {"stderr": "no"}
