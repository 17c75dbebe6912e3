# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins at registries, as long as the SSH connection to the host lives: an engine's socket keeps none.

They stand in the connection's own file (0600, in the runtime directory of 0700) and end with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ....errors import InvalidOption
from ..credentials import Credentials, host


class Memory(Protocol):
    """Where logins are kept: a session."""

    def recall(self, key: str) -> Any: ...

    def remember(self, key: str, value: Any) -> None: ...


def _key(registry: str) -> str:
    return f"login {registry}"


def known(memory: Memory, registry: str) -> Credentials | None:
    """The login at a registry, None when there was none over this connection."""
    kept = memory.recall(_key(registry))
    return Credentials(registry, kept["username"], kept["password"]) if isinstance(kept, Mapping) else None


def keep(memory: Memory, credentials: Credentials) -> None:
    """Remember a login."""
    memory.remember(_key(credentials.registry), {"username": credentials.username, "password": credentials.password})


def forget(memory: Memory, registry: str) -> None:
    """Forget a login."""
    memory.remember(_key(registry), None)


def given(memory: Memory) -> Callable[[str], Mapping[str, Any] | None]:
    """A function from a registry's host to what the engine is to be handed; None where there was no login."""

    def credentials(registry: str) -> Mapping[str, Any] | None:
        try:
            login = known(memory, host("name", registry))
        except InvalidOption:
            return None
        return login.auth() if login else None

    return credentials
