# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an engine that stopped answering in the middle of something was only restarting."""

from __future__ import annotations

from collections.abc import Callable

from ....engine.protocol import Client
from ....errors import EngineError

# So often it is asked, so far apart (seconds).
PINGS, PAUSE = 8, 1.0


def answers_again(client: Client, sleep: Callable[[float], None]) -> bool:
    """Whether it answers, now or soon."""
    for number in range(PINGS):
        if number:
            sleep(PAUSE)
        try:
            client.system.ping()
            return True
        except EngineError:
            continue
    return False
