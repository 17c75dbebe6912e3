# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides purely which failed connections are tried again, and when."""

from __future__ import annotations

from ...dataclass import dataclass
from ...error_classes import Retry, causes_tried_again

BASE = 0.1  # seconds
FACTOR = 2.0
DROP_BUDGET = 30.0  # seconds: sshd's default MaxStartups drops 16 of 100 at 50 in parallel in spite of three tries
# Seconds; behind a jump host all come from one address. 200 logins at once to one sshd took up to 32 on two busy cores.
BUDGET_BEHIND_HOPS = 60.0
LONGEST_DELAY = 4.0  # seconds

# By cause. Authentication, host keys and names fail again, and count against us.
QUICK = causes_tried_again(Retry.QUICK)
DROPPED = causes_tried_again(Retry.PATIENT)


@dataclass(frozen=True)
class History:
    """What happened so far: tries made, and seconds since the first try."""

    tries: int
    elapsed: float


def delay(cause: str, history: History, retries: int, jitter: float, budget: float = DROP_BUDGET) -> float | None:
    """Seconds to wait before the next try, None when there is none.

    :param retries: how many tries a refused or reset connection gets in all.
    :param budget: seconds that a dropped connection gets in all.
    :param jitter: a random number from 0 to 1; the wait is 50 to 150 % of BASE * FACTOR^n.
    """
    wait = min(BASE * FACTOR ** (history.tries - 1), LONGEST_DELAY) * (0.5 + jitter)
    if cause in QUICK:
        return wait if history.tries < retries else None
    if cause in DROPPED:
        return wait if history.elapsed + wait < budget else None
    return None
