# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work in a session from its opening to its end: once more where the engine that was remembered is gone, and with the
cause where it gives no answer.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TypeVar

from ..engine.wire import UNREADABLE
from ..errors import EngineError, FleetError
from .session import Session

Result = TypeVar("Result")


def attempted(
    way: Callable[[], Session], work: Callable[[Session], Result], log: Callable[[str], None], *, keep: bool = True
) -> Result:
    """What the work returns.

    :param keep: whether a connection to the host that was opened for this stays open for the next task.
    :raises FleetError: the session can't be opened, or the work failed.
    """
    session = way()
    opened = session.transport.opened
    try:
        try:
            return done(session, work, log)
        except EngineError as error:
            if error.kind != "no_answer" or session.problem or _has_begun(session):
                raise
        # The tunnel or the engine went away since the last task: nothing was changed, so once more from the start.
        session.close()
        session.forget_engine()
        session = way()
        return done(session, work, log)
    except EngineError as error:
        if (problem := why_unanswered(session, error)) is None:
            raise
        raise problem from error
    finally:
        session.close()
        if opened and not keep:
            session.transport.close()


def done(session: Session, work: Callable[[Session], Result], log: Callable[[str], None]) -> Result:
    """What the work returns; what Python stumbles over in an answer is an EngineError."""
    try:
        return work(session)
    except UNREADABLE as problem:
        log("".join(traceback.format_exception(problem)))
        raise session.client.unreadable(problem) from problem


def _has_begun(session: Session) -> bool:
    """Whether doing the task again could do something twice, or hide what was done: the engine has answered, or a
    request that changes something has gone out.
    """
    return session.client.answered or session.client.may_have_changed


def why_unanswered(session: Session, error: EngineError) -> FleetError | None:
    """The error to raise for a request that got no answer. None where ``error`` says all that can be said; its hint may
    get more.
    """
    if not error.unanswered:
        return None
    if session.problem is None and session.answers():
        error.hint = f"{error.hint} The engine answers again; its log there may tell what happened.".strip()
        return None
    problem = session.diagnose()
    if error.kind == "answer_lost":
        error.hint = f"{error.hint} Now: {problem.message} {problem.hint}".strip()
        return None
    problem.hint = f"{problem.hint} {error.hint}".strip()
    return problem
