# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An image that many items of a loop name is looked at once: they run in one process, one right after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# Seconds. Somebody else may give a name to another image meanwhile; a waiting task or many retries take that long.
KEPT = 5.0
# Of each group, what has nothing to do with images; whatever else a client can do may have.
READS = {
    "system": frozenset({"info", "ping", "version"}),
    "containers": frozenset({"inspect", "list", "log_tail", "pod_of"}),
    "networks": frozenset({"inspect"}),
}
GROUPS = frozenset({"archives", "events", "execs", "images", "registries", "volumes", *READS})


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
    """An EngineClient that takes images from memory until it is told to do anything but read.

    ``scope`` says what must be the same for two items to mean the same image: task, connection and socket.
    """

    def __init__(self, client: Any, scope: tuple[str, ...], memory: ImageMemory) -> None:
        self._client = client
        self._scope = scope
        self._memory = memory

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name == "images":
            return _Images(found, self._scope, self._memory)
        return _Group(found, READS.get(name, frozenset()), self._memory) if name in GROUPS else found


class _Group:
    def __init__(self, requests: Any, reads: frozenset[str], memory: ImageMemory) -> None:
        self._requests = requests
        self._reads = reads
        self._memory = memory

    def __getattr__(self, name: str) -> Any:
        if name not in self._reads:
            self._memory.forget()
        return getattr(self._requests, name)


class _Images(_Group):
    def __init__(self, requests: Any, scope: tuple[str, ...], memory: ImageMemory) -> None:
        super().__init__(requests, frozenset(), memory)
        self._scope = scope

    def inspect(self, ref: str) -> dict[str, Any] | None:
        """As EngineClient's."""
        return self._memory.inspect((*self._scope, ref), lambda: self._requests.inspect(ref))
