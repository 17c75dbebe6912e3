# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_events: reads what has happened on an engine."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.secrets import mask_url
from ...shared.work.module import Module, Task, parsed_by
from ..options import ARGUMENT_SPEC, Wanted, parse, result


def perform(_task: Task, session: Session, wanted: Wanted) -> dict[str, Any]:
    since, until = wanted.window(session.client.system.clock())
    return result(session.client.events.list(since, until, wanted.filters()), wanted, mask_url)


MODULE = Module(argument_spec=ARGUMENT_SPEC, prepare=parsed_by(parse), perform=perform, reads=True, query=True)
