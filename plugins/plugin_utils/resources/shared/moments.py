# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Points in time as options name them: absolute, or so long ago by the host's clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# Those of the engines' own filters, which are Go's.
GO_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_PART = re.compile(r"(\d+(?:\.\d+)?)([^\d.]+)", re.ASCII)
_SECONDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_REMEDY = (
    "Write a time such as 2026-01-31T12:00:00Z, seconds since 1970, or how long ago, such as 90s, 15m, 2h30m or 1d."
)


@dataclass(frozen=True)
class Moment:
    """A point in time: ``seconds`` since 1970, or before now where it is ``relative``."""

    seconds: float
    relative: bool = False

    def at(self, now: float) -> float:
        """Seconds since 1970, when it is ``now`` there."""
        return now - self.seconds if self.relative else self.seconds


def moment(option: str, value: str | None) -> Moment | None:
    """Read one that may be left out; see :func:`read`."""
    return None if value is None else read(option, value)


def read(option: str, value: str, units: Mapping[str, float] | None = None, remedy: str = _REMEDY) -> Moment:
    """Read one.

    :param units: in which it may be told how long ago, {unit: seconds}; ``UNITS`` where nothing is said.
    :raises InvalidOption: it is none.
    """
    units = UNITS if units is None else units
    parts = _PART.findall(value)
    if parts and "".join(map("".join, parts)) == value and all(unit in units for _number, unit in parts):
        return Moment(sum(float(number) * units[unit] for number, unit in parts), relative=True)
    if _SECONDS.fullmatch(value):
        return Moment(float(value))
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidOption(option, value, "this is no time.", remedy) from None
    return Moment((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def require_order(since: Moment | None, until: Moment | None, given: str | None) -> None:
    """Refuse a window without anything in it, as far as that is known without the host's clock.

    :raises InvalidOption: for ``since``, of which ``given`` is the value.
    """
    if since and until and since.relative == until.relative and since.at(0) >= until.at(0):
        raise InvalidOption("since", given, "it is not before until.", "Give an earlier time.")


_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")
_NEVER = "0001-"


def timestamp(text: Any) -> str | None:
    """RFC 3339 in UTC with microseconds; None for the engines' "never", the year 1."""
    match = _TIME.fullmatch(str(text or ""))
    if not match or match[1].startswith(_NEVER):
        return None
    zone = "+00:00" if match[3] == "Z" else match[3]
    moment = datetime.fromisoformat(f"{match[1]}.{(match[2] or '0')[:6].ljust(6, '0')}{zone}")
    return written(moment)


def written(moment: datetime) -> str:
    """A moment as results have it: RFC 3339 in UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seconds(text: Any) -> float | None:
    """Seconds since 1970 of an engine's timestamp; None where it is none."""
    moment = timestamp(text)
    return datetime.fromisoformat(moment).timestamp() if moment else None
