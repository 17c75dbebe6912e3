# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers of bytes: ``512m``, ``1.5g``, ``1GiB``; all units count in steps of 1024, as in the engine's own options."""

from __future__ import annotations

import re
from typing import Any

_SIZE = re.compile(
    r"((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?) ?(?:([kmgtp])(?:i?b)?|b)?", re.IGNORECASE
)
_LARGEST = 2.0**63
_STEPS = "bkmgtp"


class BadSize(Exception):
    """No number of bytes."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def size(value: Any) -> int:
    """Bytes.

    :raises BadSize: see there.
    """
    if isinstance(value, float):
        raise BadSize("is a number with a point or exponent, which compose takes for no limit.", 'Write 1g or "1e9".')
    if isinstance(value, int):
        return int(value)
    found = _SIZE.fullmatch(value)
    if found is None:
        raise BadSize("is no number of bytes.", "Write a number with its unit: 512m, 1.5g.")
    number = float(found[1])
    if number > _LARGEST:
        raise BadSize("is larger than any memory.", "Write a number with its unit: 512m, 1.5g.")
    return int(number * 1024 ** _STEPS.index((found[2] or "b").lower()))
