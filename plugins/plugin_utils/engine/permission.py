# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests change something on the host, where they may be sent from, and how many have gone out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Requests that change nothing; /auth lets the engine try credentials, whatever its verb.
READING, READING_POSTS = frozenset({"GET", "HEAD"}), ("/auth",)


class UnpermittedChange(RuntimeError):
    """A request that changes something was about to go out where none may: a defect of ours, and no engine's error."""


class Permission:
    """Held by a client and all that are made from it.

    :param guarded: whether a change needs ``changing``; else all may always go out.
    """

    def __init__(self, guarded: bool = False) -> None:
        self._guarded = guarded
        self._given = 0
        self._guard = threading.Lock()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Changes may go out inside, from whatever thread; it nests."""
        with self._guard:
            self._given += 1
        try:
            yield
        finally:
            with self._guard:
                self._given -= 1

    def require(self, request: str) -> None:
        """Let a request that changes something go out.

        :raises UnpermittedChange: nobody has given the permission; nothing was sent.
        """
        if self._guarded and not self._given:
            raise UnpermittedChange(f"{request} changes something, and is sent outside of client.changing().")


def changes_something(method: str, path: str) -> bool:
    """Whether a request changes something on the host."""
    return method not in READING and not path.endswith(READING_POSTS)


class Account:
    """How many requests that change something have gone out, as far as that they may have arrived.

    :param permission: what such a request needs before it goes out.
    """

    def __init__(self, permission: Permission | None = None) -> None:
        self.changes = 0
        self._permission = permission or Permission()

    def require(self, method: str, path: str) -> None:
        """Let a request go out.

        :raises UnpermittedChange: it changes something, and may not.
        """
        if changes_something(method, path):
            self._permission.require(f"{method} {path}")

    def note(self, method: str, path: str) -> None:
        """A request's head has left whole: an engine acts on no less."""
        if changes_something(method, path):
            self.changes += 1
