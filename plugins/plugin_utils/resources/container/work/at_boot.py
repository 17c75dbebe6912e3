# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks whether a host starts its containers again when it boots, after a task that relies on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....errors import SshError
from ....session.session import Session
from ...shared.plan import Plan
from ..result import at_boot

TIMEOUT = 10.0  # seconds


def boot_warnings(session: Session, values: Mapping[str, Any], done: Plan, log: Callable[[str], None]) -> list[str]:
    """What to say of the host after a task with these options that did this.

    A task that changed nothing asks nothing. That a host is set up is remembered with the connection; that it is not is
    looked at again, for it may be mended by then. It is no failure where no command runs there.
    """
    engine, policy = session.client.engine, values.get("restart_policy")
    key = f"at boot {session.socket} {policy}"
    if not at_boot.sets_policy(values, done, engine) or session.recall(key):
        return []
    # A session that somebody else has is not waited for: with a dialed engine and MaxSessions 1 that is this task.
    script = at_boot.script(session.socket)
    try:
        said = session.run_on_host(["/bin/sh", "-s"], script, TIMEOUT, session_within=0.0).stdout
    except SshError as problem:
        log(f"Whether containers come back at boot could not be looked at: {problem.message}")
        return []
    told = at_boot.warning(str(policy), session.socket, engine, said)
    if told is None:
        session.remember(key, True)
    return [told] if told else []
