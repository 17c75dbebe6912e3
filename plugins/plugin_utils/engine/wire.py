# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a request to the engine behind one Unix socket, and of its failure back: what all requests share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import sdk
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.dialects import dialect
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.failures import (
    an_object,
    check,
    not_an_engine,
    translated,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import (
    NO_ENGINE,
    EngineIdentity,
    identify,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

if TYPE_CHECKING:
    from typing import Self

Log = Callable[[str], None]

# Errors that are not in the engine's own words.
UNSAID = frozenset({"no_answer", "timeout", "unknown_engine"})
# Podman (4.3) about a container that was removed while it was being inspected, with status 500.
VANISHED = "does not exist in database"


def _quiet(_message: str) -> None:
    """Nobody listens."""


class Wire:
    """A connection to one engine. With ``identity`` (remembered with the tunnel) making one costs no request.

    ``socket_path`` is a local Unix socket; ``timeout`` is in seconds, for each answer; ``log`` gets one line for each
    warning of the engine; ``where`` names socket and host in errors that are not in the engine's own words. Raises
    EngineError, also when the docker SDK is missing (kind ``controller``).
    ``warned`` collects the engine's warnings.
    ``answered`` tells whether any request has succeeded: until then, nothing can have been changed.
    """

    def __init__(
        self,
        socket_path: str,
        *,
        timeout: float = 60,
        identity: EngineIdentity | None = None,
        log: Log = _quiet,
        where: str = "",
    ) -> None:
        sdk.require_sdk()
        self.timeout = timeout
        self._log = log
        self._socket_path = socket_path
        self._where = f"{where}: " if where else ""
        self.answered = False
        self.warned: list[str] = []
        self.identity = identity or self._negotiate()
        self.dialect = dialect(self.identity)
        self._api: Any = sdk.PrivateAPIClient(socket_path, self.identity.api_version, timeout)

    def another(self, timeout: float) -> Self:
        """A client of the same engine with connections of its own, for another thread; costs no request."""
        return type(self)(
            self._socket_path, timeout=timeout, identity=self.identity, where=self._where.removesuffix(": ")
        )

    def close(self) -> None:
        """Close the connections; the client cannot be used any more."""
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _negotiate(self) -> EngineIdentity:
        api = sdk.PrivateAPIClient(self._socket_path, "", self.timeout)
        try:
            with self._sending("version"):
                return identify(api.version(api_version=False))
        except EngineError as error:
            if error.status != 404:
                raise
            raise not_an_engine(f"{NO_ENGINE}: it knows no /version ({error.message[:200]!r}).") from error
        finally:
            api.close()

    @contextmanager
    def _sending(self, request: str, timeout: float | None = None) -> Iterator[None]:
        try:
            with translated(request, self.timeout if timeout is None else timeout):
                yield
        except EngineError as error:
            if error.kind in UNSAID and not error.message.startswith(self._where):
                error.message = f"{self._where}{error.message}"
            raise
        self.answered = True

    def _url(self, path: str) -> str:
        return f"{self._api.base_url}/v{self._api.api_version}{path}"

    def _post(
        self,
        request: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: float | None = None,
    ) -> Any:
        timeout = self.timeout if timeout is None else timeout
        data = None if body is None else json.dumps(body)
        headers = None if body is None else {"Content-Type": "application/json"}
        with self._sending(request, timeout):
            answer = self._api.post(self._url(path), params=query, data=data, headers=headers, timeout=timeout)
            check(answer)
            return answer

    def _found(self, missing: str, request: str, inspect: Callable[[], Any]) -> dict[str, Any] | None:
        try:
            with self._sending(request):
                return an_object(inspect(), request)
        except EngineError as error:
            if error.kind == missing and (error.status == 404 or VANISHED in error.message):
                return None
            raise

    def _warn(self, request: str, answer: Mapping[str, Any]) -> None:
        for warning in answer.get("Warnings") or []:
            self.warned.append(str(warning))
            self._log(f"{request}: {warning}")
