# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hosts.json on the controller: read, and written so that nobody ever reads half of it or loses what another wrote.

A new file takes the place of the old one as a whole. Who writes holds a lock meanwhile, which the kernel gives back
however the process ends.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ....errors import InvalidOption
from ....hosts.read import read_bytes
from ...copying.work.local_tree import LocalTree

PRIVATE = 0o600
PATIENCE = 60.0  # seconds to wait for others, who take some milliseconds each
_LOOK_AGAIN = 0.01  # seconds
# What file systems say of a directory's lock that know only those of files (NFS).
_NO_LOCK_OF_DIRECTORIES = (errno.EBADF, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL)


class OwnFile:
    """One file. Links are followed: what they lead to is read and replaced.

    :param path: absolute, as the task names it.
    :raises InvalidOption: no file can be there.
    """

    def __init__(self, path: str) -> None:
        self.named = path
        try:
            self.path = Path(path).resolve()
            if self.path.is_symlink():
                raise RuntimeError("a circle of links")  # as Python does by itself before 3.13
            there, parent = self.path.exists(), self.path.parent
            if there and not self.path.is_file():
                raise InvalidOption("path", path, "it is no file.", "Name a file.")
            if not parent.is_dir():
                raise InvalidOption("path", path, f"there is no directory {parent}.", "Make it, or correct the path.")
        except (OSError, RuntimeError) as error:  # RuntimeError: links that lead round in a circle
            reason = getattr(error, "strerror", None) or "its links lead nowhere"
            raise InvalidOption("path", path, f"{reason}.", "Correct the path, or who may use it.") from error

    @property
    def backup(self) -> Path:
        """Where the file is kept as it was before the last change."""
        return self.path.with_name(f"{self.path.name}.bak")

    def read(self) -> bytes | None:
        """The file's bytes, None where there is no file.

        :raises HostsFileError: it can't be read.
        """
        return read_bytes(str(self.path)) if os.path.lexists(self.path) else None

    def write(self, before: bytes | None, after: bytes, *, keep: bool) -> str | None:
        """Replace the file; the path of the backup, None where there is none. Only its owner may read either.

        :param keep: whether the file is kept as it was, where there was one.
        :raises InvalidOption: the directory can't be written.
        """
        try:
            owner = None if before is None else _owner(self.path)
            kept = str(self.backup) if keep and before is not None else None
            if kept and before is not None:
                LocalTree(self.backup).write("", PRIVATE, [before], owner, synced=True)
            LocalTree(self.path).write("", PRIVATE, [after], owner, synced=True)
            with _opened(self.path.parent) as directory:
                os.fsync(directory)
        except OSError as error:
            problem = f"it can't be written: {error.strerror}."
            raise InvalidOption("path", self.named, problem, "Make room, or correct the directory's owner.") from error
        return kept

    @contextlib.contextmanager
    def alone(self, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
        """Nobody else of ours writes a hosts.json in this directory meanwhile.

        :raises InvalidOption: others are at it for too long, or there can be no lock.
        """
        with contextlib.ExitStack() as held:
            try:
                directory = held.enter_context(_opened(self.path.parent))
                self._lock(directory, held, clock() + PATIENCE, clock)
            except BlockingIOError as error:
                problem = f"another process has held its directory's lock for {PATIENCE:g} seconds."
                raise InvalidOption("path", self.named, problem, "Look what that is, and try again.") from error
            except OSError as error:
                problem = f"it can't be locked: {error.strerror}."
                raise InvalidOption("path", self.named, problem, "Correct the directory's owner or mode.") from error
            yield

    def _lock(self, directory: int, held: contextlib.ExitStack, end: float, clock: Callable[[], float]) -> None:
        try:
            _locked(directory, end, clock)
        except OSError as error:
            if error.errno not in _NO_LOCK_OF_DIRECTORIES:
                raise
            beside = self.path.with_name(f".{self.path.name}.lock")  # stays: others may wait for it by now
            descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
            held.callback(os.close, descriptor)
            _locked(descriptor, end, clock)


def _locked(descriptor: int, end: float, clock: Callable[[], float]) -> None:
    """
    :raises BlockingIOError: others have had the lock until the end.
    """
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if clock() > end:
                raise
            time.sleep(_LOOK_AGAIN)
        else:
            return


@contextlib.contextmanager
def _opened(directory: Path) -> Iterator[int]:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _owner(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_uid, facts.st_gid
