# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of the audit trail: one before and one after every step that changes something."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from ...dataclass import dataclass
from .plan import Step

INTENT, OUTCOME = "intent", "outcome"
DONE, FAILED, INTERRUPTED = "done", "failed", "interrupted"
LONGEST_CAUSE = 1000  # characters
HIDDEN = "hidden by no_log"


@dataclass(frozen=True)
class About:
    """What the lines of one task have alike. ``run`` is the same for all tasks of one start of Ansible."""

    run: str
    user: str
    controller: str
    pid: int
    host: str
    module: str
    engine: str


def line(about: About, step: Step, identity: str, moment: float, shown: Callable[[str], str], **more: object) -> str:
    """One line of JSON in ASCII, without a line's end.

    :param identity: the same for both lines of a step, and another one for any other step.
    :param moment: seconds since 1970.
    :param shown: takes the secrets out of a text.
    :param more: ``event``; of an outcome also ``result``, ``error`` (a kind of ours, or None) and ``seconds``.
    """
    time = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {
        "time": time, "event": more.pop("event"), "id": identity, "run": about.run, "user": about.user,
        "controller": about.controller, "pid": about.pid, "host": about.host, "module": about.module,
        "engine": about.engine, "kind": step.resource.kind, "name": shown(step.resource.name),
        "step": shown(step.what), "cause": shown(step.reason)[:LONGEST_CAUSE], **more,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=True)
