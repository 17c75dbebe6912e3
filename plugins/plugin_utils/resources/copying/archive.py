# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tar archives as streams: written from entries, read into entries, never as a whole in memory."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...dataclass import dataclass
from .entries import DIRECTORY, FILE, LINK, OTHER, Entry

CHUNK = 256 * 1024
_TYPES = {FILE: tarfile.REGTYPE, DIRECTORY: tarfile.DIRTYPE, LINK: tarfile.SYMTYPE}
_END = b"\0" * (2 * tarfile.BLOCKSIZE)
MOST_HEADER = 4 * 1024 * 1024  # bytes: file systems keep less than that beside a file
_IN_MEMORY = (
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE,
)  # fmt: skip
# The content of a file in chunks: exactly ``Entry.size`` bytes.
Content = Iterable[bytes]


class Changed(ValueError):
    """A file has another size than a moment ago."""


@dataclass(frozen=True)
class Member:
    """One entry of an archive to write; ``content`` gives a file's bytes, ``mtime`` is in seconds since 1970."""

    name: str
    entry: Entry
    mtime: float
    content: Callable[[], Content] = lambda: ()


def written(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive, piece by piece.

    :raises Changed: a file is longer or shorter than its entry says; the archive is then incomplete.
    """
    for member in members:
        yield _header(member)
        if member.entry.kind != FILE:
            continue
        left = member.entry.size
        for chunk in member.content():
            left -= len(chunk)
            if left < 0:
                break
            yield chunk
        if left:
            raise Changed(member.name)
        if rest := member.entry.size % tarfile.BLOCKSIZE:
            yield b"\0" * (tarfile.BLOCKSIZE - rest)
    yield _END


def _header(member: Member) -> bytes:
    info = tarfile.TarInfo(member.name)
    entry = member.entry
    info.type, info.mode, info.mtime = _TYPES[entry.kind], entry.mode, int(member.mtime)
    info.uid, info.gid = entry.owner or (0, 0)
    info.size, info.linkname = entry.size, entry.target
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


class _Pieces(io.RawIOBase):
    """A file of what an iterator gives."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


@dataclass(frozen=True)
class Found:
    """One entry of an archive that is read: ``path`` is that below the archive's one root, '' for the root itself.
    ``chunks`` gives a file's content, once, before the next entry is asked for; ``same_as`` is the path of the earlier
    file that this one is a hard link to ('' otherwise): it has no content of its own.
    """

    path: str
    entry: Entry
    chunks: Iterator[bytes]
    is_link_to: str | None = None


class Escapes(ValueError):
    """A name in an archive leads out of the archive's root, or names nothing."""

    def __str__(self) -> str:
        return f"it names {self.args[0]!r}"


class Header(tarfile.TarInfo):
    """A header whose own parts (long names, further attributes) are no longer than they have a reason to be: they are
    read into memory before anybody sees them.
    """

    def _proc_member(self, *args: Any) -> tarfile.TarInfo:
        if self.type in _IN_MEMORY and self.size > MOST_HEADER:
            raise tarfile.ReadError(f"a header of {self.size} bytes")
        if self.type == tarfile.GNUTYPE_SPARSE:
            raise tarfile.ReadError("a sparse file")
        return super()._proc_member(*args)  # type: ignore[misc]


def entries(pieces: Iterator[bytes]) -> Iterator[Found]:
    """The entries of an archive with one root, as they come.

    :raises Escapes: for a name that leads elsewhere.
    :raises tarfile.TarError: it is no archive, or it is cut off.
    """
    file = io.BufferedReader(_Pieces(pieces), CHUNK)
    with tarfile.open(fileobj=file, mode="r|", bufsize=CHUNK, tarinfo=Header) as archive:
        root: str | None = None
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined] # it would remember all of them
            parts = _parts(info.name)
            if root is not None and parts[:1] != [root]:
                raise Escapes(info.name)
            root = root if root is not None else (parts[0] if parts else "")
            path = "/".join(parts[1:])
            if info.islnk():
                first = _parts(info.linkname)
                if first[:1] != [root]:
                    raise Escapes(info.linkname)
                yield Found(path, _read_entry(info), iter(()), "/".join(first[1:]))
            else:
                yield Found(path, _read_entry(info), _content(archive, info))


def _parts(name: str) -> list[str]:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in name:
        raise Escapes(name)
    return parts


def _read_entry(info: tarfile.TarInfo) -> Entry:
    owner, mode = (info.uid, info.gid), info.mode & 0o7777
    if info.isreg() or info.islnk():
        return Entry(FILE, mode, owner, info.size)
    if info.issym():
        return Entry(LINK, mode, owner, target=info.linkname)
    return Entry(DIRECTORY if info.isdir() else OTHER, mode, owner)


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    file = archive.extractfile(info) if info.isreg() else None
    while file is not None and (data := file.read(CHUNK)):
        yield data


class Digest:
    """The SHA-256 of what is added."""

    def __init__(self) -> None:
        self._total = hashlib.sha256()

    def add(self, data: bytes) -> None:
        self._total.update(data)

    def hex(self) -> str:
        return self._total.hexdigest()


def digest(chunks: Content) -> str:
    """The SHA-256 of a content, in hexadecimal."""
    total = Digest()
    for chunk in chunks:
        total.add(chunk)
    return total.hex()
