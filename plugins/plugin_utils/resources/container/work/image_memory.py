# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An image that many items of a loop name is looked at once: they run in one process, one right after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....engine.protocol import REQUESTS, Client, Description, ImageRequests

# Seconds. Somebody else may give a name to another image meanwhile; a waiting task or many retries take that long.
KEPT = 5.0


@dataclass
class ImageMemory:
    """Inspects of images, with the time (monotonic, in seconds) at which each was read."""

    now: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, ...], tuple[float, dict[str, Any] | None]] = field(default_factory=dict)

    def inspect(self, key: tuple[str, ...], read: Callable[[], dict[str, Any] | None]) -> dict[str, Any] | None:
        """The inspect that is kept under the key, or else what ``read`` gives."""
        began = self.now()
        read_at, kept = self._kept.get(key, (began, None))
        if kept is not None and began - read_at < KEPT:
            return kept
        self._kept[key] = began, read()
        return self._kept[key][1]

    def forget(self) -> None:
        self._kept.clear()


class RememberingClient:
    """A client that takes images from memory until it is asked to change anything, which may have to do with images.

    ``scope`` says what must be the same for two items to mean the same image: task, connection and socket.
    """

    def __init__(self, client: Client, scope: tuple[str, ...], memory: ImageMemory) -> None:
        self._client = client
        self._scope = scope
        self._memory = memory

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name == "images":
            return _Images(found, REQUESTS[name], self._memory, self._scope)
        return _Requests(found, REQUESTS[name], self._memory) if name in REQUESTS else found


class _Requests:
    """A group of the client's requests."""

    def __init__(self, requests: Any, changes: Mapping[str, bool], memory: ImageMemory) -> None:
        self._requests = requests
        self._changes = changes
        self._memory = memory

    def __getattr__(self, name: str) -> Any:
        if self._changes[name]:
            self._memory.forget()
        return getattr(self._requests, name)


class _Images(_Requests):
    def __init__(
        self, requests: ImageRequests, changes: Mapping[str, bool], memory: ImageMemory, scope: tuple[str, ...]
    ) -> None:
        super().__init__(requests, changes, memory)
        self._scope = scope

    def inspect(self, ref: str) -> Description | None:
        """The inspect of an image, from memory if it is there."""
        return self._memory.inspect((*self._scope, ref), lambda: self._requests.inspect(ref))
