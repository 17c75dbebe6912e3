# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about the files in a container, running or not: what is there, and tar archives in both directions."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from .bounds import BadAnswer, shown
from .failures import check
from .protocol import PathStat
from .references import segment
from .streams import CHUNK
from .wire import Wire

STAT_HEADER = "X-Docker-Container-Path-Stat"
# Bits of Go's fs.FileMode, which is not Unix's.
_KINDS = ((1 << 27, "link"), (1 << 31, "dir"), ((1 << 26) | (1 << 25) | (1 << 24) | (1 << 19), "other"))
_SPECIAL = ((1 << 23, 0o4000), (1 << 22, 0o2000), (1 << 20, 0o1000))


class Archives:
    """Files in containers. Paths are absolute and lead, over the container's own links, nowhere out of it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def stat(self, container: str, path: str) -> PathStat | None:
        """What is at a path; None when nothing is."""
        request = f"look at {path} in container {container}"
        with self._wire.sending(request):
            answer = self._wire.api.head(self._archive(container), params={"path": path}, timeout=self._wire.timeout)
            if answer.status_code == 404:
                return None
            if answer.status_code >= 400:
                self._said(container, path)  # an answer to HEAD has no words
            check(answer)
            return path_stat(answer.headers.get(STAT_HEADER))

    def _said(self, container: str, path: str) -> None:
        with self._wire.api.get(
            self._archive(container), params={"path": path}, stream=True, timeout=self._wire.timeout
        ) as answer:
            check(answer)

    @contextmanager
    def get(self, container: str, path: str) -> Iterator[Iterator[bytes]]:
        """A tar archive of what is at a path, in pieces as they come; what is not read is not fetched."""
        request = f"read {path} in container {container}"
        with self._wire.sending(request):
            answer = self._wire.api.get(
                self._archive(container), params={"path": path}, stream=True, timeout=self._wire.timeout
            )
        try:
            with self._wire.sending(request):
                check(answer)
            yield self._pieces(request, answer)
        finally:
            answer.close()

    def _pieces(self, request: str, answer: Any) -> Iterator[bytes]:
        """What goes wrong while a piece comes is the engine's, what its reader does with it is not."""
        with self._wire.sending(request):
            yield from answer.iter_content(CHUNK)

    def put(self, container: str, directory: str, chunks: Iterable[bytes], replaces_directories: bool = False) -> None:
        """Unpack a tar archive in a directory of the container; it is sent as it is made.

        A directory takes no file's place, nor a file a directory's.

        :param replaces_directories: a file may take a directory's place, with all that is in it.
        """
        request = f"write into {directory} in container {container}"
        query = {"path": directory} if replaces_directories else {"path": directory, "noOverwriteDirNonDir": "true"}
        headers = {"Content-Type": "application/x-tar"}
        with self._wire.sending(request):
            answer = self._wire.api.put(
                self._archive(container), params=query, data=iter(chunks), headers=headers, timeout=self._wire.timeout
            )
            check(answer)

    def _archive(self, container: str) -> str:
        return self._wire.url(f"/containers/{segment(container)}/archive")


def path_stat(header: str | None) -> PathStat:
    """The head of an answer about a path.

    :raises BadAnswer: it is not an engine's.
    """
    try:
        found: dict[str, Any] = json.loads(base64.b64decode(header or ""))
        mode = int(found["mode"])
        size, target = int(found.get("size") or 0), str(found.get("linkTarget") or "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise BadAnswer(f"its {STAT_HEADER} cannot be read: {shown((header or '').encode())}") from error
    kind = next((kind for bits, kind in _KINDS if mode & bits), "file")
    permissions = mode & 0o777 | sum(unix for bit, unix in _SPECIAL if mode & bit)
    return PathStat(kind, size, permissions, target)
