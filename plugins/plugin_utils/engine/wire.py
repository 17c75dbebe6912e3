# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a request to the engine behind one Unix socket, and of its failure back: what all requests share."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from . import sdk, shapes
from .bounds import BadAnswer, Limits, parsed, quoted
from .differences.engine import Engine
from .failures import RUN_AGAIN, check, may_be_done, not_an_engine, translated
from .identity import NO_ENGINE, EngineIdentity, identify

if TYPE_CHECKING:
    from typing import Self

Log = Callable[[str], None]

# Errors that are not in the engine's own words.
UNSAID = frozenset({"no_answer", "answer_lost", "bad_answer", "timeout", "unknown_engine"})
# What Python says where an answer is not as it should be, though its shape was looked at.
UNREADABLE = (TypeError, KeyError, AttributeError, IndexError, ValueError, RecursionError, OverflowError)
# Those that say nothing of what became of the request.
UNANSWERED = frozenset({"no_answer", "answer_lost", "timeout"})
# Podman (4.3) about a container that was removed while it was being inspected, with status 500.
VANISHED = "does not exist in database"


def _quiet(_message: str) -> None:
    """Nobody listens."""


class Wire:
    """A connection to one engine. With ``identity`` (remembered with the tunnel) making one costs no request.

    ``socket_path`` is a local Unix socket; ``timeout`` is in seconds, for each answer as a whole, of a stream for each
    silence; ``log`` gets one line for each warning of the engine; ``where`` names socket and host in errors that are
    not in the engine's own words; ``limits`` are those of one answer. Raises EngineError, also when the docker SDK is
    missing (kind ``controller``).
    ``warned`` collects the engine's warnings. ``answered`` tells whether the engine has said anything, ``request``
    which was the last.
    """

    def __init__(
        self,
        socket_path: str,
        *,
        timeout: float = 60,
        identity: EngineIdentity | None = None,
        log: Log = _quiet,
        where: str = "",
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
    ) -> None:
        sdk.require_sdk()
        self.timeout = timeout
        self._log = log
        self._socket_path = socket_path
        self._where = f"{where}: " if where else ""
        self._limits = limits
        self.answered = False
        self.request = ""
        self.warned: list[str] = []
        self.identity = identity or self._negotiate()
        self.dialect = Engine.of(self.identity)
        self._api: Any = sdk.PrivateAPIClient(socket_path, self.identity.api_version, timeout, limits)

    @property
    def may_have_changed(self) -> bool:
        """Whether a request that changes something has gone out, whatever came of it."""
        return self._api.account.changes > 0

    def another(self, timeout: float) -> Self:
        """A client of the same engine with connections of its own, for another thread; costs no request."""
        where = self._where.removesuffix(": ")
        return type(self)(self._socket_path, timeout=timeout, identity=self.identity, where=where, limits=self._limits)

    def close(self) -> None:
        """Close the connections; the client cannot be used any more."""
        self._api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _negotiate(self) -> EngineIdentity:
        self._api = api = sdk.PrivateAPIClient(self._socket_path, "", self.timeout, self._limits)
        try:
            with self._sending("version"):
                answer = api.get(f"{api.base_url}/version", timeout=self.timeout)
                check(answer)
                try:
                    return identify(self._json(answer, shapes.VERSION))
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
    def _sending(self, request: str, timeout: float | None = None, again: str = RUN_AGAIN) -> Iterator[None]:
        """What goes wrong inside is an EngineError. Whether the request changes something is for the connection to say
        (``sdk.Account``); ``again`` is what to do when it may be done, though no answer came.
        """
        self.request = request
        account: sdk.Account = self._api.account
        before = account.changes
        try:
            with translated(request, self.timeout if timeout is None else timeout):
                yield
        except EngineError as error:
            self._tell(error, request, again if account.changes != before else "")
            raise
        self.answered = True

    def _tell(self, error: EngineError, request: str, again: str) -> None:
        """Add to the error what the engine could not say itself: where it is, and that the request may be done (then
        ``again`` is what to do).
        """
        self.answered = self.answered or error.kind not in UNANSWERED
        if error.kind in UNSAID and again:
            may_be_done(error, request, again)
        if error.kind in UNSAID and not error.message.startswith(self._where):
            error.message = f"{self._where}{error.message}"

    def unreadable(self, problem: Exception) -> EngineError:
        """The error for an answer of the right shape that can't be read all the same, where reading it failed so."""
        last = traceback.extract_tb(problem.__traceback__)[-1]
        return EngineError(
            f"{self._where}What the engine said cannot be read: {type(problem).__name__}, {quoted(str(problem), 200)} "
            f"({PurePath(last.filename).name}:{last.lineno}, after {self.request or 'no request'}).",
            hint="If Podman or Docker answers there, this is a defect of sshfleet.containers: report it with what -vvv "
            "shows.",
            kind="bad_answer",
        )

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
        shape: Any = None,
        again: str = RUN_AGAIN,
    ) -> Any:
        """A request that changes something; what its answer says, where that has a ``shape``."""
        timeout = self.timeout if timeout is None else timeout
        data = None if body is None else json.dumps(body)
        headers = None if body is None else {"Content-Type": "application/json"}
        with self._sending(request, timeout, again):
            answer = self._api.post(self._url(path), params=query, data=data, headers=headers, timeout=timeout)
            check(answer)
            return None if shape is None else self._json(answer, shape)

    def _get(
        self, request: str, path: str, shape: Any, query: Mapping[str, Any] | None = None, timeout: float | None = None
    ) -> Any:
        timeout = self.timeout if timeout is None else timeout
        with self._sending(request, timeout):
            answer = self._api.get(self._url(path), params=query, timeout=timeout)
            check(answer)
            return self._json(answer, shape)

    def _json(self, answer: Any, shape: Any) -> Any:
        """What an answer says. Raises BadAnswer, so within ``_sending`` only."""
        return shapes.require(parsed(answer.content, self._limits.depth), shape)

    def _found(
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
            with self._sending(request):
                found: dict[str, Any] = shapes.require(inspect(), shape)
                return found if is_it(found) else None
        except EngineError as error:
            if error.kind == missing and (error.status == 404 or VANISHED in error.message):
                return None
            raise

    def _warn(self, request: str, answer: Mapping[str, Any]) -> None:
        for warning in answer.get("Warnings") or []:
            self.warned.append(quoted(str(warning)))
            self._log(f"{request}: {self.warned[-1]}")
