# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens image archives, packed or not, which anybody may have written: what they hold and unpack to has bounds."""

from __future__ import annotations

import contextlib
import importlib
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...copying.archive import Header

MOST_ENTRIES = 50_000  # an image has three or so for each layer
MOST_NAMED = 32 * 1024 * 1024  # characters of names and attributes
# What a packed archive may unpack to: so many bytes, and more where it is that much smaller at most.
UNPACKED_FREELY = 1024**3
UNPACKED_TIMES = 200
# What compressed files begin with, and the modules that open them.
_COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\xfd7zXZ", "lzma"))

Entries = dict[str, tarfile.TarInfo]


class Beyond(ValueError):
    """There is more in it than an archive of images has."""


@contextlib.contextmanager
def opened(path: str, *, packed: bool = True) -> Iterator[tuple[tarfile.TarFile, Entries]]:
    """An archive, and its entries by their names.

    :param packed: it may be compressed.
    :raises Beyond, OSError, tarfile.TarError: it can't be used.
    """
    with (
        (unpacked if packed else plain)(path) as file,
        tarfile.open(fileobj=file, mode="r:", tarinfo=Header) as archive,
    ):
        yield archive, _entries(archive)


def _entries(archive: tarfile.TarFile) -> Entries:
    found: Entries = {}
    named = 0
    for count, member in enumerate(archive):
        named += sum(map(len, (member.name, member.linkname, *member.pax_headers.values())))
        if count >= MOST_ENTRIES or named > MOST_NAMED:
            raise Beyond(f"it has more than {MOST_ENTRIES} entries, or longer names than images have")
        found[member.name] = member
    return found


def plain(path: str) -> Any:
    """A file as it is."""
    return open(path, "rb", buffering=0)  # noqa: PTH123 - unbuffered, large pieces


def unpacked(path: str) -> Any:
    """A file that may be compressed, as it is without that.

    :raises Exception: each way to compress has errors of its own, and its module may be missing.
    """
    with plain(path) as file:
        start = file.read(8)
    name = next((name for magic, name in _COMPRESSED if start.startswith(magic)), None)
    if name is None:
        return plain(path)
    most = max(UNPACKED_FREELY, UNPACKED_TIMES * Path(path).stat().st_size)
    return _Bounded(importlib.import_module(name).open(path), most)


class _Bounded:
    """A compressed file of which no more than ``most`` bytes are unpacked."""

    def __init__(self, file: Any, most: int) -> None:
        self._file = file
        self._most = most

    def read(self, size: int) -> bytes:
        with self._within(self.tell()):
            return bytes(self._file.read(size))

    def seek(self, position: int) -> int:
        with self._within(position):
            return int(self._file.seek(position))

    def tell(self) -> int:
        return int(self._file.tell())

    @contextlib.contextmanager
    def _within(self, position: int) -> Iterator[None]:
        if position > self._most:
            raise Beyond(f"it unpacks to more than {self._most >> 20} MiB, which is too much for its size")
        try:
            yield
        except (OSError, EOFError):
            raise
        except Exception as problem:
            raise tarfile.ReadError(str(problem)) from problem

    def __enter__(self) -> _Bounded:
        return self

    def __exit__(self, *_ended: object) -> None:
        self._file.close()
