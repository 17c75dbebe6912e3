# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts files into a container that was made just now, and reads them again."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator

from ....engine.protocol import Client
from ....errors import EngineError
from ...copying.archive import Escapes, Member, entries, written
from ...copying.entries import FILE, Entry
from ..options.put_file import PutFile

MTIME = 0  # the same file is the same archive


def put(client: Client, container: str, files: Iterable[PutFile]) -> None:
    """Put files into a container; directories that lack are made.

    :raises EngineError: the engine refused, such as for a root file system that is read-only.
    """
    client.archives.put(container, "/", written(map(_member, files)))


def _member(file: PutFile) -> Member:
    entry = Entry(FILE, file.mode, (file.uid, file.gid), len(file.content))
    return Member(file.path.lstrip("/"), entry, MTIME, lambda: (file.content,))


def read(client: Client, container: str, wanted: Iterable[PutFile]) -> dict[str, PutFile | None]:
    """What is at the paths of these files; None where no file is. Of one of another size, the content is not read, and
    an owner that the engine does not tell is taken for the right one.
    """
    return {file.path: _read_one(client, container, file) for file in wanted}


def _read_one(client: Client, container: str, wanted: PutFile) -> PutFile | None:
    try:
        with client.archives.get(container, wanted.path) as pieces:
            return _first(pieces, wanted, client.engine.archives_tell_owners)
    except EngineError as error:
        if error.status == 404:
            return None
        raise
    except (Escapes, tarfile.TarError):
        return None


def _first(pieces: Iterator[bytes], wanted: PutFile, tells_owners: bool) -> PutFile | None:
    for found in entries(pieces):
        entry = found.entry
        if entry.kind != FILE:
            return None
        content = b"".join(found.chunks) if entry.size == len(wanted.content) else b""
        uid, gid = (entry.owner or (0, 0)) if tells_owners else (wanted.uid, wanted.gid)
        return PutFile(path=wanted.path, content=content, mode=entry.mode, uid=uid, gid=gid)
    return None
