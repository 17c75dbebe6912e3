# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is at a path of the controller and below it: read and written without following any link on the way there.

Names come from containers. Every step is made from an open directory (``dir_fd``) into what is a directory itself, so
that no link leads elsewhere, whoever has put it there and whenever.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from .... import run_mark
from ....errors import InvalidOption
from .. import archive
from ..entries import Entry
from .local_files import entry_of

NEW_DIRECTORY = 0o700  # while it is filled
# Passing through a directory takes no permission to list it, where the kernel can tell these apart.
_DIRECTORY = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class LocalTree:
    """Paths are those below ``path``, '' is ``path`` itself. The links on the way to ``path`` are the user's, and are
    followed.

    All raises InvalidOption where a link is in the way below ``path``, else OSError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._swept: set[str] = set()

    def local(self, path: str) -> Path:
        """The path as a person would write it."""
        return self._path / path if path else self._path

    def entry(self, path: str) -> Entry | None:
        """What is there, without what is in it; None where nothing is."""
        try:
            with self._parent(path) as (directory, name):
                facts = os.stat(name, dir_fd=directory, follow_symlinks=False)
                target = os.readlink(name, dir_fd=directory) if stat.S_ISLNK(facts.st_mode) else ""
        except (FileNotFoundError, NotADirectoryError):
            return None
        return entry_of(facts, target)

    def read(self, path: str) -> Iterator[bytes]:
        """A file's bytes in chunks."""
        with self._parent(path) as (directory, name):
            descriptor = os.open(name, _READ, dir_fd=directory)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise InvalidOption("path", str(self.local(path)), "it is no file.", "Remove it.")
            while data := file.read(archive.CHUNK):
                yield data

    def make_base(self) -> None:
        """Make the directories on the way to ``path``."""
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def make_directory(self, path: str) -> None:
        """Make a directory unless it is there."""
        with self._parent(path) as (directory, name), contextlib.suppress(FileExistsError):
            os.mkdir(name, NEW_DIRECTORY, dir_fd=directory)

    def set_mode(self, path: str, mode: int) -> None:
        """Give a directory its mode."""
        with self._parent(f"{path}/." if path else ".") as (directory, _dot):
            os.chmod(".", mode, dir_fd=directory)

    def write(
        self,
        path: str,
        mode: int,
        chunks: Iterable[bytes],
        owner: tuple[int, int] | None = None,
        *,
        synced: bool = False,
    ) -> None:
        """Put a file in its place as a whole: it is written beside it first.

        :param owner: user and group, which are given to it where that is allowed; else it is who writes it.
        :param synced: whether it is on the disk before it takes its place, so that a power cut leaves one of the two.
        """

        def made(directory: int, temporary: str) -> None:
            with os.fdopen(os.open(temporary, _WRITE, 0o600, dir_fd=directory), "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                if owner is not None:
                    with contextlib.suppress(PermissionError):
                        os.fchown(file.fileno(), *owner)
                os.fchmod(file.fileno(), mode)
                if synced:
                    file.flush()
                    os.fsync(file.fileno())

        self._replace(path, made)

    def link(self, path: str, target: str) -> None:
        """Put a symbolic link in its place."""
        self._replace(path, lambda directory, temporary: os.symlink(target, temporary, dir_fd=directory))

    def _replace(self, path: str, made: Callable[[int, str], None]) -> None:
        """``made`` gets the open directory and the name in it that is then changed to the right one."""
        with self._parent(path) as (directory, name):
            if (above := path.rpartition("/")[0] if path else ".") not in self._swept:
                self._swept.add(above)
                sweep(directory)
            temporary = run_mark.beside(name)
            try:
                made(directory, temporary)
                os.replace(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=directory)

    @contextlib.contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        """The open directory that holds what is at a path, and its name there. Errors name what they are about."""
        way = [self._path.name or ".", *(path.split("/") if path else [])]
        try:
            descriptor = os.open(self._path.parent, _DIRECTORY)
            try:
                for part in way[:-1]:
                    above, descriptor = descriptor, self._entered(descriptor, part, path)
                    os.close(above)
                yield descriptor, way[-1]
            finally:
                os.close(descriptor)
        except OSError as error:
            if not str(error.filename).startswith("/"):
                error.filename = str(self.local(path))
            raise

    def _entered(self, directory: int, name: str, path: str) -> int:
        try:
            return os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
        except OSError:
            if _is_link(directory, name):
                raise InvalidOption(
                    "path", str(self.local(path)), f"a link on the way leads out of it ({name!r}).", "Remove that link."
                ) from None
            raise


def _is_link(directory: int, name: str) -> bool:
    try:
        facts = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISLNK(facts.st_mode)


def sweep(directory: int | str | Path) -> None:
    """Remove from a directory (open, or its path) the files that runs have left which were killed while they wrote."""
    now = time.time()
    place = {"path": ".", "dir_fd": directory} if isinstance(directory, int) else {"path": directory}
    with contextlib.suppress(OSError):  # whoever may write there need not be allowed to list it
        opened = os.open(**place, flags=os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in os.listdir(opened):  # noqa: PTH208
                if run_mark.may_be_one(name):
                    _sweep_one(opened, name, now)
        finally:
            os.close(opened)


def _sweep_one(directory: int, name: str, now: float) -> None:
    with contextlib.suppress(OSError):
        age = now - os.stat(name, dir_fd=directory, follow_symlinks=False).st_ctime
        if run_mark.is_left_over(name, age):
            os.unlink(name, dir_fd=directory)
