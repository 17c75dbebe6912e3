# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image archives on the controller: what is in one, its bytes for an engine, and writing one in one step."""

from __future__ import annotations

import contextlib
import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .... import run_mark
from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...copying.work import local_tree
from ..archive import MANIFEST, Archived, Cargo, as_docker, contents
from .opening import Entries, opened, plain, unpacked

CHUNK = 1024 * 1024
# No index of an archive is longer; a file of this name that is, is none.
LONGEST_DOCUMENT = 8 * 1024 * 1024
MOST_DOCUMENTS = 2000  # three for each image


def read_archive(path: str) -> tuple[Archived, ...] | None:
    """The images in an archive, None when it is none that can be read (or one whose compression is not known here)."""
    try:
        with opened(path) as (archive, entries):
            left = iter(range(MOST_DOCUMENTS))

            def read(name: str) -> Any:
                if next(left, None) is None:
                    raise ValueError("its indexes lead to more images than there can be")
                return _document(archive, entries, name)

            return contents(read)
    except (OSError, EOFError, tarfile.TarError, ValueError):
        return None


def _document(archive: tarfile.TarFile, entries: Entries, name: str) -> Any:
    member = entries.get(name) or entries.get(f"./{name}")
    if member is None:
        return None
    file = archive.extractfile(member)
    if file is None or member.size > LONGEST_DOCUMENT:
        raise ValueError(f"{name} is no document")
    try:
        return json.load(file)
    except RecursionError:
        raise ValueError(f"{name} is nested too deep") from None


def is_layout(path: str) -> bool:
    """Whether an archive is a plain OCI layout, without the index of a docker-archive."""
    with opened(path) as (_archive, entries):
        return not {MANIFEST, f"./{MANIFEST}"} & entries.keys()


def cargo(path: str, archived: Archived) -> Cargo:
    """An image of an archive as something to ship; its layers are known where the archive is a plain docker-archive."""
    bare = Cargo(archived.id, archived.ids, size=Path(path).stat().st_size, likeness=archived.likeness)
    try:
        with opened(path, packed=False) as (archive, found):
            if _document(archive, found, MANIFEST) is None:
                return bare
            config = _document(archive, found, archived.config)
            layers = tuple(str(layer) for layer in config["rootfs"]["diff_ids"])
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError):
        return bare
    entries = tuple(frozenset({entry.removeprefix("./")}) for entry in archived.layers)
    return replace(bare, layers=layers, entries=entries if len(entries) == len(layers) else ())


def bytes_of(option: str, path: str, *, unpacks: bool = False) -> Iterator[bytes]:
    """A file in pieces; ``unpacks`` for one that may be compressed, and is not to be.

    :raises InvalidOption: it can't be read.
    """
    try:
        with (unpacked if unpacks else plain)(path) as file:
            while data := file.read(CHUNK):
                yield data
    except Exception as problem:  # each way to compress has errors of its own, and its module may be missing
        words = getattr(problem, "strerror", None) or str(problem)
        raise InvalidOption(option, path, f"it can't be read: {words}.", "Name an archive there.") from None


def for_engines(
    option: str, path: str, archived: Sequence[Archived] | None, engines: Sequence[Engine]
) -> Iterator[bytes]:
    """An archive in pieces, as all of these engines can read it.

    :param archived: what is in it, None or nothing where that can't be read.
    """
    if archived and not all(one.loads_oci_layouts for one in engines) and is_layout(path):
        return converted(option, path, archived)
    return bytes_of(option, path, unpacks=not all(one.loads_compressed for one in engines))


def converted(option: str, path: str, archived: Iterable[Archived]) -> Iterator[bytes]:
    """An OCI layout with the index that makes a docker-archive of it, for engines that know no other."""
    with opened(path) as (_archive, entries):
        left = max((one.offset_data + -(-one.size // 512) * 512 for one in entries.values()), default=0)
    with unpacked(path) as file:
        while left and (data := file.read(min(CHUNK, left))):
            left -= len(data)
            yield data
    yield tar_entry(MANIFEST, json.dumps(as_docker(tuple(archived))).encode())
    yield bytes(2 * tarfile.BLOCKSIZE)


def tar_entry(name: str, data: bytes) -> bytes:
    """A small file as a tar archive holds it."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    return info.tobuf(tarfile.PAX_FORMAT) + data + bytes(-len(data) % tarfile.BLOCKSIZE)


class Writing:
    """Writes a file beside its place, and puts it there when it is whole; whoever reads sees the old one or the new.

    :raises InvalidOption: it can't be written.
    """

    def __init__(self, option: str, path: str) -> None:
        self._option = option
        self._path = Path(path)
        self._temporary = self._path.with_name(run_mark.beside(self._path.name))

    def write(self, chunks: Iterable[bytes]) -> int:
        """Write all of it; how many bytes that were."""
        written = 0
        local_tree.sweep(self._path.parent)
        try:
            with self._attempted(), self._temporary.open("xb") as file:
                iterator = iter(chunks)
                while (data := self._next(iterator)) is not None:
                    file.write(data)
                    written += len(data)
            with self._attempted():
                self._temporary.replace(self._path)
        except BaseException:
            self._temporary.unlink(missing_ok=True)
            raise
        return written

    @staticmethod
    def _next(iterator: Iterator[bytes]) -> bytes | None:
        """What the engine's end of it raises is no problem of the file."""
        try:
            return next(iterator, None)
        except OSError as problem:
            raise _Elsewhere(problem) from problem

    @contextlib.contextmanager
    def _attempted(self) -> Iterator[None]:
        try:
            yield
        except _Elsewhere as wrapped:
            raise wrapped.problem from None
        except OSError as problem:
            raise InvalidOption(
                self._option, str(self._path), f"it can't be written: {problem.strerror}.",
                "Correct the path, or make room.",
            ) from None  # fmt: skip


class _Elsewhere(Exception):
    """A failure of what is written, not of the writing."""

    def __init__(self, problem: OSError) -> None:
        super().__init__(str(problem))
        self.problem = problem
