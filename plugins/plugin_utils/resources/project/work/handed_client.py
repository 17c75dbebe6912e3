# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client that is handed from one thread to the next, each with connections of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ....engine.protocol import Client


class HandedClient:
    """What works on one thing holds this one; whoever lets it work says which client it does that with.

    ``warned`` are the engine's warnings while that one used it.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.warned: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    @contextmanager
    def using(self, client: Client) -> Iterator[None]:
        """Inside, it is this client."""
        before, self._client = self._client, client
        known = len(client.warned)
        try:
            yield
        finally:
            self.warned += client.warned[known:]
            self._client = before
