# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in to a registry, and what all requests share in which the engine talks to one.

``auth`` is {username, password, serveraddress}; it travels in a header of the request, to the engine on the target.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..errors import EngineError
from .failures import check
from .protocol import Auth
from .references import registry_of
from .wire import UNSAID, Wire

_ON_THE_HOST = "In this name localhost is a registry on the host itself."
PULLED = "An image that is in no registry is built, loaded or shipped: see remote_image and remote_image_ship."
PUSHED = "An image is pushed to the registry in its name: name another one in repository."
_NO_ANSWER = re.compile(r"connection refused|no route to host|no such host|i/o timeout|network is unreachable")


@contextmanager
def naming_registry(ref: str, doing: str, otherwise: str) -> Iterator[None]:
    """Podman 5 says "connection refused", and not of whom.

    :param otherwise: for people, what helps where there is no registry.
    """
    try:
        yield
    except EngineError as error:
        registry = registry_of(ref)
        if error.kind not in UNSAID:
            if registry not in error.message:
                error.message = f"{doing} {ref}, asking {registry}: {error.message}"
            where = _where(registry, error.message)
            error.hint = " ".join(filter(None, (error.hint, where, where and otherwise)))
        raise


def _where(registry: str, said: str) -> str:
    """Which registry it is that did not answer, '' where it is plain."""
    if registry == "localhost":
        return _ON_THE_HOST
    if not _NO_ANSWER.search(said):
        return ""
    return f"As seen from the host, no registry answers at {registry}: check the name, and whether the registry runs."


class Registries:
    """Registries, as the engine reaches them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def log_in(self, auth: Auth) -> None:
        """Let the engine try credentials at their registry.

        :raises EngineError: kind ``registry_denied`` where the registry does not take them.
        """
        with self._wire.sending(f"log in to {auth['serveraddress']}"):
            answer = self._wire.api.post(
                self._wire.url("/auth"), data=json.dumps(dict(auth)), headers={"Content-Type": "application/json"},
                timeout=self._wire.timeout,
            )  # fmt: skip
            check(answer)


def auth_header(auth: Auth | None) -> dict[str, str]:
    """The header in which credentials travel to the engine, none where there are none."""
    return {} if auth is None else {"X-Registry-Auth": encoded(dict(auth))}


def encoded(value: Mapping[str, Any]) -> str:
    """A value as the engines take it in a header: JSON in URL-safe base64."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
