# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's side of a copy into a container: what is there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ....dataclass import dataclass
from ....errors import InvalidOption
from .. import archive
from ..entries import DIRECTORY, FILE, LINK, OTHER, Entry

MODE_BITS = 0o7777


@dataclass(frozen=True)
class Source:
    """Something that is to be copied; ``content`` reads a file's bytes anew with each call."""

    entry: Entry
    mtime: float
    content: Callable[[], Iterable[bytes]] = lambda: ()


def _source(path: Path) -> Iterator[bytes]:
    """A file's bytes for an engine; what goes wrong here is not the engine's."""
    try:
        yield from read(path)
    except OSError as error:
        raise InvalidOption("path", str(path), f"it can't be read: {error.strerror}.", "Correct it.") from error


def of_content(content: bytes, mode: int, now: float) -> Source:
    """A file that exists in the task only."""
    return Source(Entry(FILE, mode, size=len(content), digest=archive.digest([content])), now, lambda: [content])


def tree(root: str, follow: bool) -> dict[str, Source]:
    """What is at a path, by its path below it ('' is the path itself), a directory before what is in it.

    :param follow: take for a link what it leads to.
    :raises InvalidOption: something there can't be read or copied.
    """
    found: dict[str, Source] = {}
    try:
        for path, source in _walk(Path(root), "", follow, frozenset()):
            path.encode()
            found[path] = source
    except UnicodeEncodeError:
        raise InvalidOption(
            "path", root, "in it is a name that is not UTF-8.", "Rename it; an engine can't be told it."
        ) from None
    except OSError as error:
        where = f" ({error.filename})" if error.filename and str(error.filename) != root else ""
        raise InvalidOption("path", root, f"it can't be read: {error.strerror}{where}.", "Correct it.") from None
    return found


def _walk(path: Path, name: str, follow: bool, above: frozenset[tuple[int, int]]) -> Iterator[tuple[str, Source]]:
    facts = path.stat() if follow else path.lstat()
    entry = one(path, follow)
    if entry.kind == FILE:
        yield name, Source(entry, facts.st_mtime, lambda: _source(path))
    elif entry.kind == LINK:
        yield name, Source(entry, facts.st_mtime)
    elif entry.kind == OTHER:
        raise InvalidOption("path", str(path), "it is a device, a pipe or a socket.", "Copy files, or leave it out.")
    else:
        here = (facts.st_dev, facts.st_ino)
        if here in above:
            raise InvalidOption("path", str(path), "it leads back to where it is.", "Set local_follow to false.")
        yield name, Source(entry, facts.st_mtime)
        for child in sorted(path.iterdir()):
            yield from _walk(child, f"{name}/{child.name}".lstrip("/"), follow, above | {here})


def one(path: Path, follow: bool) -> Entry:
    """What is at a path, without what is in it. OSError where nothing is."""
    facts = path.stat() if follow else path.lstat()
    return entry_of(facts, str(path.readlink()) if stat.S_ISLNK(facts.st_mode) else "")


def entry_of(facts: os.stat_result, target: str) -> Entry:
    """What a look told. ``target`` is where a link leads to."""
    mode = facts.st_mode & MODE_BITS
    if stat.S_ISLNK(facts.st_mode):
        return Entry(LINK, mode, target=target)
    if stat.S_ISREG(facts.st_mode):
        return Entry(FILE, mode, size=facts.st_size)
    return Entry(DIRECTORY if stat.S_ISDIR(facts.st_mode) else OTHER, mode)


def read(path: Path) -> Iterator[bytes]:
    """A file's bytes in chunks."""
    with path.open("rb") as file:
        while data := file.read(archive.CHUNK):
            yield data
