# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A build's context: a directory of the controller as a tar in pieces, without what .dockerignore leaves out."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

from ....errors import InvalidOption
from ..ignore import Ignore

CHUNK = 256 * 1024
IGNORE_FILE = ".dockerignore"
# Under this name a Dockerfile from outside the context travels in it.
OUTSIDE = ".sshfleet.Dockerfile"
_USUAL = ("Dockerfile", "Containerfile")
_TYPES = {stat.S_IFREG: tarfile.REGTYPE, stat.S_IFDIR: tarfile.DIRTYPE, stat.S_IFLNK: tarfile.SYMTYPE}


class Context:
    """``dockerfile`` is the Dockerfile's path in the context.

    :raises InvalidOption: the directory or the Dockerfile can't be read, or a line of .dockerignore is no pattern.
    """

    def __init__(self, path: str, dockerfile: str | None) -> None:
        self._root = Path(path).expanduser()
        if not self._root.is_dir():
            raise InvalidOption(
                "build.path", path, "there is no such directory on the controller.", "Name the build's directory."
            )
        self._outside: Path | None = None
        self.dockerfile = self._find(dockerfile)
        self._ignore = self._rules()

    def _find(self, dockerfile: str | None) -> str:
        names = (dockerfile,) if dockerfile else _USUAL
        for name in names:
            found = self._root / name
            if found.is_file():
                inside = Path(os.path.relpath(found, self._root))
                if ".." not in inside.parts:
                    return inside.as_posix()
                self._outside = found
                return OUTSIDE
        raise InvalidOption(
            "build.dockerfile", dockerfile or _USUAL[0], f"there is no such file in {self._root} on the controller.",
            "Write its path as seen from build.path.",
        )  # fmt: skip

    @property
    def shown(self) -> str:
        """The Dockerfile's path on the controller."""
        return str(self._path)

    @property
    def _path(self) -> Path:
        return self._outside or self._root / self.dockerfile

    def text(self) -> str:
        """The Dockerfile."""
        try:
            return self._path.read_bytes().decode("utf-8-sig", errors="replace")
        except OSError as problem:
            raise _unreadable(self._path, problem) from problem

    def _rules(self) -> Ignore:
        """The Dockerfile's own file of rules, where there is one, stands for the directory's."""
        for name in (f"{self.dockerfile}{IGNORE_FILE}", IGNORE_FILE):
            try:
                text = (self._root / name).read_bytes().decode("utf-8-sig", errors="surrogateescape")
            except FileNotFoundError:
                continue
            except OSError as problem:
                raise _unreadable(self._root / name, problem) from problem
            return Ignore(text, str(self._root / name))
        return Ignore("", IGNORE_FILE)

    def stream(self) -> Iterator[bytes]:
        """The archive, in pieces.

        :raises InvalidOption: a file can't be read, or changes meanwhile.
        """
        if self._outside is not None:
            yield from _entry(self._outside, OUTSIDE, self._outside.stat())
        for path, name in self._walk(self._root, ""):
            try:
                found = path.lstat()
            except OSError as problem:
                raise _unreadable(path, problem) from problem
            if stat.S_IFMT(found.st_mode) in _TYPES:  # a socket or a device is no part of an image
                yield from _entry(path, name, found)
        yield bytes(2 * tarfile.BLOCKSIZE)

    def _walk(self, directory: Path, prefix: str) -> Iterator[tuple[Path, str]]:
        """What belongs to the context, in the order of names; the Dockerfile and the rules always do."""
        try:
            names = sorted(entry.name for entry in os.scandir(directory))
        except OSError as problem:
            raise _unreadable(directory, problem) from problem
        for name in names:
            path, inside = directory / name, f"{prefix}{name}"
            excluded = self._ignore.excludes(inside) and inside not in (self.dockerfile, IGNORE_FILE)
            if not excluded:
                yield path, inside
            needed = self._ignore.takes_back or self.dockerfile.startswith(f"{inside}/")
            if path.is_dir() and not path.is_symlink() and (not excluded or needed):
                yield from self._walk(path, f"{inside}/")


def _entry(path: Path, name: str, found: os.stat_result) -> Iterator[bytes]:
    info = tarfile.TarInfo(name)
    info.type = _TYPES[stat.S_IFMT(found.st_mode)]
    info.mode, info.mtime = stat.S_IMODE(found.st_mode), int(found.st_mtime)
    if info.type == tarfile.SYMTYPE:
        info.linkname = str(path.readlink())
    info.size = found.st_size if info.type == tarfile.REGTYPE else 0
    yield info.tobuf(tarfile.PAX_FORMAT, errors="surrogateescape")
    if info.type == tarfile.REGTYPE:
        yield from _content(path, info.size)
        yield bytes(-info.size % tarfile.BLOCKSIZE)


def _content(path: Path, size: int) -> Iterator[bytes]:
    left = size
    try:
        with path.open("rb", buffering=0) as file:
            while left and (data := file.read(min(CHUNK, left))):
                left -= len(data)
                yield data
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    if left:
        raise InvalidOption("build.path", str(path), "the file became shorter while it was read.", "Build again.")


def _unreadable(path: Path, problem: OSError) -> InvalidOption:
    return InvalidOption(
        "build.path", str(path), f"it can't be read: {problem.strerror}.", "Correct its mode, or leave it out in "
        f"{IGNORE_FILE}.",
    )  # fmt: skip
