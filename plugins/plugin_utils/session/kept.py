# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session that is kept for one piece of work after the other, as a connection plugin does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..errors import EngineError
from .attempt import done, why_unanswered
from .session import Session

Result = TypeVar("Result")


class KeptSession:
    """Opened when it is first needed, and again where it has gone meanwhile.

    :param way: opens it.
    """

    def __init__(self, way: Callable[[], Session], log: Callable[[str], None]) -> None:
        self._way = way
        self._log = log
        self._session: Session | None = None

    def work(self, work: Callable[[Session], Result]) -> Result:
        """What the work returns. It is done again, from its start, where the engine that was known is gone and nothing
        has been sent yet that changes anything.

        :raises FleetError: the session can't be opened, or the work failed; it is then opened anew the next time.
        """
        session, before = self._opened()
        try:
            return done(session, work, self._log)
        except EngineError as error:
            if error.kind != "no_answer" or session.problem or session.client.changes != before:
                self._explain(session, error)
                raise
        self.close()
        session.forget_engine()
        session, _before = self._opened()
        try:
            return done(session, work, self._log)
        except EngineError as error:
            self._explain(session, error)
            raise

    def _opened(self) -> tuple[Session, int]:
        if self._session is None:
            self._session = self._way()
        return self._session, self._session.client.changes

    def _explain(self, session: Session, error: EngineError) -> None:
        """Close the session, after a look why it has failed.

        :raises FleetError: one that says more than this error, which then is its cause.
        """
        try:
            problem = why_unanswered(session, error)
        finally:
            self.close()
        if problem is not None:
            raise problem from error

    def close(self) -> None:
        """End the session; the connection to the host stays."""
        if self._session is not None:
            self._session.close()
        self._session = None
