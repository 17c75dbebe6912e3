# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session kept for several pieces of work: opened when needed, anew where the engine has gone, never twice for one
change.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.kept import KeptSession


class Session:
    """A session as far as it is asked; ``why`` is what a diagnosis finds."""

    def __init__(self) -> None:
        self.client = self
        self.changes = 0
        self.problem: SshError | None = None
        self.why = SshError("unreachable", "The host is off.")
        self.forgotten = self.closed = 0

    def answers(self) -> bool:
        return False

    def diagnose(self) -> SshError:
        return self.why

    def forget_engine(self) -> None:
        self.forgotten += 1

    def close(self) -> None:
        self.closed += 1


class Ways:
    def __init__(self) -> None:
        self.opened: list[Session] = []
        self.kept = KeptSession(self.way, str)  # type: ignore[arg-type]

    def way(self) -> Any:
        self.opened.append(Session())
        return self.opened[-1]


def gone(_session: Any) -> None:
    raise EngineError("No answer.", kind="no_answer")


def test_one_session_serves_all() -> None:
    ways = Ways()
    assert ways.opened == []
    assert ways.kept.work(id) == ways.kept.work(id)
    ways.kept.close()
    ways.kept.work(id)
    assert [session.closed for session in ways.opened] == [1, 0]


def test_work_is_done_again_where_nothing_was_sent() -> None:
    ways = Ways()
    ways.kept.work(id)

    def work(session: Any) -> str:
        return "done" if session is not ways.opened[0] else gone(session) or ""

    assert ways.kept.work(work) == "done"
    assert (ways.opened[0].closed, ways.opened[0].forgotten, len(ways.opened)) == (1, 1, 2)


def test_work_is_never_done_again_where_something_was_sent() -> None:
    ways = Ways()

    def work(session: Any) -> None:
        session.changes += 1
        gone(session)

    with pytest.raises(SshError, match="The host is off"):
        ways.kept.work(work)
    assert len(ways.opened) == 1 and ways.opened[0].closed == 1


def test_a_second_failure_says_why() -> None:
    ways = Ways()
    with pytest.raises(SshError, match="The host is off"):
        ways.kept.work(gone)
    assert [session.closed for session in ways.opened] == [1, 1]


def test_what_the_engine_refuses_is_told_as_it_is() -> None:
    ways = Ways()

    def work(_session: Any) -> None:
        raise EngineError("No such container.", 404)

    with pytest.raises(EngineError, match="No such container"):
        ways.kept.work(work)
    assert len(ways.opened) == 1
