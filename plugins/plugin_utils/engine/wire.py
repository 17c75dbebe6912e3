# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a request to the engine behind one Unix socket, and of its failure back: what all requests share."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from ..errors import EngineError
from . import sdk, shapes
from .bounds import BadAnswer, Limits, parsed, quoted
from .differences.engine import Engine
from .failures import RUN_AGAIN, check, may_be_done, not_an_engine, translated
from .identity import NO_ENGINE, EngineIdentity, identify
from .permission import Account, Permission
from .protocol import Auth

Log = Callable[[str], None]

# Seconds: what measures or removes much takes long, and says nothing meanwhile.
PATIENCE = 600.0
# Errors that are not in the engine's own words.
UNSAID = frozenset({"no_answer", "answer_lost", "bad_answer", "timeout", "unknown_engine"})
# What Python says where an answer is not as it should be, though its shape was looked at.
UNREADABLE = (TypeError, KeyError, AttributeError, IndexError, ValueError, RecursionError, OverflowError)
# Those that say nothing of what became of the request.
UNANSWERED = frozenset({"no_answer", "answer_lost", "timeout"})
# Podman about a container that was removed while it was being inspected, with status 500: 4.3, and 5.4.
VANISHED = re.compile(r"does not exist in database|no container with ID \w+ found in database")


def quiet(_message: str) -> None:
    """Nobody listens."""


def _no_credentials(_registry: str) -> None:
    """Nobody has logged in."""


class Wire:
    """A connection to one engine; the arguments are those of :class:`client.EngineClient`.

    ``warned`` collects the engine's warnings. ``answered`` tells whether the engine has said anything, ``request``
    which was the last. ``credentials`` gives what a login left for a registry (its host): {username, password,
    serveraddress}, or None.
    """

    def __init__(
        self,
        socket_path: str,
        *,
        timeout: float,
        identity: EngineIdentity | None,
        log: Log,
        where: str,
        limits: Limits,
        permission: Permission,
    ) -> None:
        sdk.require_sdk()
        self.timeout = timeout
        self._log = log
        self.socket_path = socket_path
        self.where = where
        self.limits = limits
        self.permission = permission
        self.answered = False
        self.request = ""
        self.credentials: Callable[[str], Auth | None] = _no_credentials
        self.warned: list[str] = []
        self.identity = identity or self._negotiate()
        self.engine = Engine.of(self.identity)
        self.api: Any = sdk.PrivateAPIClient(socket_path, self.identity.api_version, timeout, limits, permission)

    @property
    def _place(self) -> str:
        return f"{self.where}: " if self.where else ""

    @property
    def changes(self) -> int:
        """How many requests that change something have gone out, whatever came of them."""
        count: int = self.api.account.changes
        return count

    def learn(self, *, rootless: bool) -> None:
        """What the engine is beside what its version tells."""
        self.identity = replace(self.identity, rootless=rootless)
        self.engine = Engine.of(self.identity)

    def close(self) -> None:
        """Close the connections."""
        self.api.close()

    def _negotiate(self) -> EngineIdentity:
        self.api = api = sdk.PrivateAPIClient(self.socket_path, "", self.timeout, self.limits)
        try:
            with self.sending("version"):
                answer = api.get(f"{api.base_url}/version", timeout=self.timeout)
                check(answer)
                try:
                    return identify(self.read(answer, shapes.VERSION))
                except BadAnswer as problem:
                    if problem.hint:  # an option would help
                        raise
                    raise not_an_engine(f"{NO_ENGINE}: its /version cannot be used: {problem.problem}.") from problem
        except EngineError as error:
            if error.status != 404:
                raise
            raise not_an_engine(f"{NO_ENGINE}: it knows no /version ({quoted(error.message, 200)!r}).") from error
        finally:
            api.close()

    @contextmanager
    def sending(self, request: str, timeout: float | None = None, again: str = RUN_AGAIN) -> Iterator[None]:
        """What goes wrong inside is an EngineError. Whether the request changes something is for the connection to say
        (``permission.Account``); ``again`` is what to do when it may be done, though no answer came.
        """
        self.request = request
        account: Account = self.api.account
        before = account.changes
        try:
            with translated(request, self.timeout if timeout is None else timeout):
                yield
        except EngineError as error:
            self.annotate(error, request, again if account.changes != before else "")
            raise
        self.answered = True

    def annotate(self, error: EngineError, request: str, again: str) -> None:
        """Add to the error what the engine could not say itself: where it is, and that the request may be done (then
        ``again`` is what to do).
        """
        self.answered = self.answered or error.kind not in UNANSWERED
        if error.kind in UNSAID and again:
            may_be_done(error, request, again)
        if error.kind in UNSAID and not error.message.startswith(self._place):
            error.message = f"{self._place}{error.message}"

    def unreadable(self, problem: Exception) -> EngineError:
        """The error for an answer of the right shape that can't be read all the same, where reading it failed so."""
        last = traceback.extract_tb(problem.__traceback__)[-1]
        return EngineError(
            f"{self._place}What the engine said cannot be read: {type(problem).__name__}, {quoted(str(problem), 200)} "
            f"({PurePath(last.filename).name}:{last.lineno}, after {self.request or 'no request'}).",
            hint="If Podman or Docker answers there, this is a defect of sshfleet.containers: report it with what -vvv "
            "shows.",
            kind="bad_answer",
        )

    def url(self, path: str) -> str:
        return f"{self.api.base_url}/v{self.api.api_version}{path}"

    def post(
        self,
        request: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: float | None = None,
        shape: Any = None,
        again: str = RUN_AGAIN,
    ) -> Any:
        """A request that changes something; what its answer says, where that has a ``shape``."""
        timeout = self.timeout if timeout is None else timeout
        data = None if body is None else json.dumps(body)
        headers = None if body is None else {"Content-Type": "application/json"}
        with self.sending(request, timeout, again):
            answer = self.api.post(self.url(path), params=query, data=data, headers=headers, timeout=timeout)
            check(answer)
            return None if shape is None else self.read(answer, shape)

    def get(
        self, request: str, path: str, shape: Any, query: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> Any:
        timeout = self.timeout if timeout is None else timeout
        with self.sending(request, timeout):
            answer = self.api.get(self.url(path), params=query, timeout=timeout)
            check(answer)
            return self.read(answer, shape)

    def read(self, answer: Any, shape: Any) -> Any:
        """What an answer says. Raises BadAnswer, so within ``sending`` only."""
        return shapes.require(parsed(answer.content, self.limits.depth), shape)

    def found(
        self,
        missing: str,
        request: str,
        inspect: Callable[[], Any],
        shape: Any,
        is_it: Callable[[dict[str, Any]], bool],
    ) -> dict[str, Any] | None:
        """What there is; None where there is nothing, or where the engine has found something else: a text is for it
        also the beginning of an ID, which nobody means who names something.
        """
        try:
            with self.sending(request):
                found: dict[str, Any] = shapes.require(inspect(), shape)
                return found if is_it(found) else None
        except EngineError as error:
            if error.kind == missing and (error.status == 404 or VANISHED.search(error.message)):
                return None
            raise

    def warn(self, request: str, answer: Mapping[str, Any]) -> None:
        for warning in answer.get("Warnings") or []:
            self.warned.append(quoted(str(warning)))
            self._log(f"{request}: {self.warned[-1]}")

    def podman_url(self, path: str) -> str:
        """A request of Podman's own API, in the engine's own version."""
        return f"{self.api.base_url}/v{self.identity.version.partition('-')[0].partition('+')[0]}/libpod{path}"

    def podman(
        self,
        verb: str,
        request: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        timeout: float | None = None,
        shape: Any = None,
        kind: str = "application/octet-stream",
    ) -> Any:
        """A request of Podman's own API, with JSON or with bytes; what its answer says, where that has a ``shape``.

        :param kind: what the bytes are, for the engine.
        :raises EngineError: kind ``unsupported``: this engine has no such API; nothing was sent.
        """
        self.require_own_api(request)
        timeout = self.timeout if timeout is None else timeout
        data = body if body is None or isinstance(body, bytes) else json.dumps(dict(body)).encode()
        kind = kind if isinstance(body, bytes) else "application/json"
        with self.sending(request, timeout):
            answer = self.api.request(
                verb,
                self.podman_url(path),
                params=query,
                data=data,
                headers=None if data is None else {"Content-Type": kind},
                timeout=timeout,
            )
            check(answer)
            return None if shape is None else self.read(answer, shape)

    def require_own_api(self, request: str) -> None:
        """:raises EngineError: kind ``unsupported``: what only Podman's own API can do is asked of another engine."""
        if not self.engine.own_api:
            raise EngineError(
                f"{self.engine.title} cannot {request}: only Podman has such a request.",
                hint="Name the socket of a Podman in engine_socket, or set engine to podman.",
                kind="unsupported",
            )

    def podman_found(
        self, missing: str, request: str, path: str, shape: Any, is_it: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any] | None:
        """As ``found``, of Podman's own API.

        :raises EngineError: see ``podman``.
        """
        self.require_own_api(request)

        def inspect() -> Any:
            answer = self.api.get(self.podman_url(path), timeout=self.timeout)
            check(answer)
            return parsed(answer.content, self.limits.depth)

        return self.found(missing, request, inspect, shape, is_it)
