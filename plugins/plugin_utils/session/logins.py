# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins at registries, as long as the SSH connection to the host lives: an engine's socket keeps none.

They stand in the connection's own file (0600, in the runtime directory of 0700) and end with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import InvalidOption
from ..resources.registry.credentials import Credentials, host
from ..ssh.tunnel.tunnel import Tunnel


def _key(registry: str) -> str:
    return f"login {registry}"


def known(tunnel: Tunnel, registry: str) -> Credentials | None:
    """The login at a registry, None when there was none over this connection."""
    kept = tunnel.recall(_key(registry))
    return Credentials(registry, kept["username"], kept["password"]) if isinstance(kept, Mapping) else None


def keep(tunnel: Tunnel, credentials: Credentials) -> None:
    """Remember a login."""
    tunnel.remember(_key(credentials.registry), {"username": credentials.username, "password": credentials.password})


def forget(tunnel: Tunnel, registry: str) -> None:
    """Forget a login."""
    tunnel.remember(_key(registry), None)


def of(tunnel: Tunnel) -> Callable[[str], Mapping[str, Any] | None]:
    """Gives, for a registry's host, what the engine is to be handed; None where there was no login."""

    def credentials(registry: str) -> Mapping[str, Any] | None:
        try:
            login = known(tunnel, host("name", registry))
        except InvalidOption:
            return None
        return login.auth() if login else None

    return credentials
