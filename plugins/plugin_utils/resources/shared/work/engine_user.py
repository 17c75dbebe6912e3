# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom the engine of a session belongs to, and how commands on the host are run as that user."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from ....errors import EngineError
from ....session.session import Finished, Session
from ....session.settings import METHODS, Become

SYSTEM, USER = "system", "user"
_OF_A_USER = re.compile(r"/run/user/(\d+)/")
_ROOT = 0

Found = TypeVar("Found")


class EngineUser:
    """Runs commands as the engine's user: as the login user, or as whom the task becomes.

    :param error: makes the error where neither is that user, of a message and a hint.
    """

    def __init__(self, session: Session, error: Callable[[str, str], EngineError]) -> None:
        self._session = session
        self._error = error
        self._become: Become | None = None

    @property
    def scope(self) -> str:
        """Whose systemd is the engine's: ``system``, or a ``user``'s own."""
        return USER if self._session.client.engine.rootless else SYSTEM

    def found(self, look: Callable[[Become | None], tuple[int, Found]]) -> Found:
        """Try the ways to run a command, the likeliest first, until one is the engine's user's: that is ``run``'s from
        then on.

        :param look: runs a command in a way; gives the user ID that it ran with, and what it has seen.
        :raises EngineError: commands there run as somebody else than the engine.
        """
        uids = []
        for become in self._ways():
            uid, seen = look(become)
            if self._is(uid):
                self._become = become
                self._session.remember(self._memory, become is not None)
                return seen
            uids.append(str(uid))
        whose = "root's" if self.scope == SYSTEM else "a user's own"
        problem = f"The engine of {self._session.socket} is {whose}, and commands there run as user ID "
        raise self.error(f"{problem}{' and '.join(uids)}.", self._who_else())

    def run(self, argv: list[str], stdin: str, within: float) -> Finished:
        """Run a command to its end.

        :param within: seconds.
        :raises SshError: it can't be run.
        """
        return self._session.run_on_host(argv, stdin, within, become=self._become)

    def error(self, what: str, hint: str) -> EngineError:
        """What is wrong at this host."""
        host = self._session.transport.target.display
        return self._error(f"{host}: {what[0].upper()}{what[1:]}", hint)

    def _ways(self) -> list[Become | None]:
        become = self._session.settings.become
        if become is None or become.method not in METHODS:
            return [None]
        return [become, None] if self._session.recall(self._memory) else [None, become]

    @property
    def _memory(self) -> str:
        become = self._session.settings.become
        return f"commands of {self._session.socket} {become.user if become else ''}"

    def _is(self, uid: int) -> bool:
        if self.scope == SYSTEM:
            return uid == _ROOT
        owner = _OF_A_USER.match(self._session.socket)
        return uid == int(owner[1]) if owner else uid != _ROOT

    def _who_else(self) -> str:
        become = self._session.settings.become
        if become is not None and become.method not in METHODS:
            return f"Set become_method=sudo: a command there is run through it only, and not through {become.method}."
        if self.scope == SYSTEM:
            return "Become root (become: true), or name the socket of the user's own engine in engine_socket."
        return "Log in as that user, or become it (become_user)."
