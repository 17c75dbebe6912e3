# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""File locks. A target's lock lets one of many workers connect, while the rest wait and share the outcome, a failure
too.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from ..address.target import IDENTITY_LENGTH
from .runtime_dir import unwritable

# Who comes just after a failure shares it as well, for this part of the time the failure took: with 10 forks, 100
# tasks to a black hole arrive in waves, and each wave would wait 10 s again. What fails fast is tried again at once.
GRACE = 0.2
SLOW = 1.0  # seconds


class TargetLock:
    """An exclusive lock on a file, and a context manager. The kernel gives it back when its holder is killed.

    :param path: the file, which is made when the lock is taken.
    :param now: gives the time in seconds since the epoch.
    """

    def __init__(self, path: str, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self._arrived = now()
        self._descriptor = -1

    def __enter__(self) -> TargetLock:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()

    def acquire(self, *, wait: bool = True, shared: bool = False) -> bool:
        """Take the lock; without ``wait``, False when somebody else has it.

        :param shared: others may share it.
        :raises SshError: kind ``runtime_dir``: the file can't be made.
        """
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        while True:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as problem:
                raise unwritable(os.path.dirname(self._path), problem) from problem  # noqa: PTH120 - beside os.open
            try:
                fcntl.flock(descriptor, mode)
            except BlockingIOError:
                os.close(descriptor)
                return False
            except BaseException:
                os.close(descriptor)
                raise
            if self._is_at_path(descriptor):
                self._descriptor = descriptor
                return True
            os.close(descriptor)

    def release(self) -> None:
        """Give it back, also where a fork has inherited the descriptor."""
        if self._descriptor >= 0:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """Unlink the file while holding it; whoever waits for it notices and takes a new one."""
        os.unlink(self._path)  # noqa: PTH108 - beside os.open and os.close

    def remove_unless_shared(self) -> None:
        """Unlink the file if nobody else shares the lock; so the last of those who share it unlinks it."""
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.remove()

    def note(self, text: str) -> None:
        """Write who holds the lock, for those who wait."""
        with contextlib.suppress(OSError):  # where there is no room for it, they are told less
            os.pwrite(self._descriptor, text.encode(), 0)

    def noted(self) -> str:
        """What its holder has written, '' where that is nothing."""
        try:
            with open(self._path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - beside os.open
                return file.read(200)
        except OSError:
            return ""

    def record_failure(self, began: float, failure: dict[str, Any], *, lasting: bool = True) -> None:
        """Leave a failure (JSON) to those who are waiting.

        :param began: when the attempt began, in seconds since the epoch.
        :param lasting: whether it is left to those who come just after it as well.
        """
        finished = self._now()
        text = json.dumps({"began": began if lasting else finished, "finished": finished, "failure": failure})
        os.ftruncate(self._descriptor, 0)
        with contextlib.suppress(OSError):  # where there is no room for it, each finds out for himself
            os.pwrite(self._descriptor, text.encode(), 0)

    def clear(self) -> None:
        """Forget a recorded failure."""
        os.ftruncate(self._descriptor, 0)

    def shared_failure(self) -> dict[str, Any] | None:
        """The failure of an attempt that this one has waited for, None where there is none."""
        try:
            record = json.loads(os.pread(self._descriptor, 1 << 20, 0) or b"null")
            began, finished = float(record["began"]), float(record["finished"])
            failure = dict(record["failure"])
        except (ValueError, TypeError, KeyError):
            return None
        return failure if shares(self._arrived, began, finished, self._now()) else None

    def _is_at_path(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self._path))  # noqa: PTH116 - beside os.fstat
        except FileNotFoundError:
            return False


def lock_about(directory: str, what: str) -> TargetLock:
    """The lock of this controller about something that ``what`` names; its file lies in the directory of the tunnels.

    Its holder removes the file before giving the lock back, so that nothing is left over; those who wait take a new
    file.
    """
    name = hashlib.sha256(what.encode()).hexdigest()[:IDENTITY_LENGTH]
    return TargetLock(f"{directory}/{name}.lock")


def shares(arrived: float, began: float, finished: float, now: float) -> bool:
    """Whether somebody who arrived at ``arrived`` shares the failure of an attempt. All times are in seconds since the
    epoch.
    """
    if not began <= finished <= now:  # the clock was set back, or the file is from elsewhere
        return False
    seconds = finished - began
    return arrived <= finished + (GRACE * seconds if seconds >= SLOW else 0.0)
