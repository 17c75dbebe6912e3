# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lengths of time: ``1m30s``, ``1.5h``, ``2d``, ``1w``; a unit is required."""

from __future__ import annotations

import re
from decimal import Decimal

_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w)")
_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 24 * 3600 * 10**9,
    "w": 7 * 24 * 3600 * 10**9,
}
_LONGEST = 2**63


class BadDuration(Exception):
    """No length of time."""


def nanoseconds(text: str) -> int:
    """
    :raises BadDuration: see there.
    """
    sign = -1 if text.startswith("-") else 1
    bare = text.removeprefix("-").removeprefix("+") if text[:2] not in ("-+", "+-") else text
    if bare == "0":
        return 0
    total, position = 0, 0
    while (part := _PART.match(bare, position)) is not None:
        total += int(Decimal(part[1].rstrip(".") or "0") * _UNITS[part[2]])
        position = part.end()
    if not bare or position < len(bare):
        raise BadDuration("is no length of time, or has no unit.")
    if total >= _LONGEST:
        raise BadDuration("is longer than 292 years.")
    return sign * total


def duration_text(length: int) -> str:
    """A length in nanoseconds as Go writes it: 1h30m0s, 1.5s, 100ms."""
    sign, length = "-" if length < 0 else "", abs(length)
    if length < 10**9:
        for unit, each in (("ms", 10**6), ("µs", 10**3), ("ns", 1)):
            if length >= each:
                return f"{sign}{_digits(Decimal(length) / each)}{unit}"
        return "0s"
    minutes, rest = divmod(length, 60 * 10**9)
    hours, minutes = divmod(minutes, 60)
    text = f"{_digits(Decimal(rest) / 10**9)}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{text}"
    return f"{sign}{minutes}m{text}" if minutes else f"{sign}{text}"


def _digits(number: Decimal) -> str:
    return f"{number.normalize():f}"
