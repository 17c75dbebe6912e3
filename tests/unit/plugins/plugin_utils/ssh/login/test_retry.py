# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which failures are tried again and when."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import retry

# cause, tries made, seconds since the first, retries, jitter -> pause
DELAYS = {
    "refused once": ("refused", 1, 0, 3, 0.5, 0.1),
    "refused twice": ("refused", 2, 0.2, 3, 0.5, 0.2),
    "refused three times": ("refused", 3, 0.5, 3, 0.5, None),
    "reset once": ("reset", 1, 0, 3, 0.5, 0.1),
    "one try only": ("refused", 1, 0, 1, 0.5, None),
    "five tries": ("reset", 4, 1, 5, 0.5, 0.8),
    "least jitter": ("refused", 1, 0, 3, 0.0, 0.05),
    "most jitter": ("refused", 1, 0, 3, 1.0, 0.15),
    "dropped, tries don't count": ("dropped", 20, 5, 3, 0.5, 4.0),
    "dropped, the budget is not used up": ("dropped", 9, 25.9, 3, 0.5, 4.0),
    "dropped, the budget is used up": ("dropped", 9, 26.1, 3, 0.5, None),
    "penalised": ("penalised", 1, 0, 1, 0.5, 0.1),
    "penalised, the budget is used up": ("penalised", 9, 30, 3, 0.0, None),
    "authentication": ("denied", 1, 0, 3, 0.5, None),
    "a changed host key": ("changed", 1, 0, 3, 0.5, None),
    "an unknown host key": ("unknown", 1, 0, 3, 0.5, None),
    "a name": ("name", 1, 0, 3, 0.5, None),
    "a black hole": ("timeout", 1, 10, 3, 0.5, None),
    "a bad option": ("option", 1, 0, 3, 0.5, None),
}


@pytest.mark.parametrize(("cause", "tries", "elapsed", "retries", "jitter", "pause"), DELAYS.values(), ids=DELAYS)
def test_delay(cause: str, tries: int, elapsed: float, retries: int, jitter: float, pause: float | None) -> None:
    found = retry.delay(cause, retry.History(tries, elapsed), retries, jitter)
    assert found == (None if pause is None else pytest.approx(pause))
