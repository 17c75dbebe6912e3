# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container has written: from a task's options to the engine's request, and from its stream to the result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers
from ..shared.moments import Moment, moment, require_order

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "container": {"type": "str", "required": True, "aliases": ["name"]},
    "tail": {"type": "str", "default": "50"},
    "since": {"type": "str"},
    "until": {"type": "str"},
    "timestamps": {"type": "bool", "default": False},
    "grep": {"type": "str"},
    "stdout": {"type": "bool", "default": True},
    "stderr": {"type": "bool", "default": True},
    "max_output": {"type": "str", "default": "16M"},
    "mask_env": {"type": "bool", "default": True},
}
STDOUT, STDERR = 1, 2
_STREAMS = ((STDOUT, "stdout"), (STDERR, "stderr"))


@dataclass(frozen=True)
class Wanted:
    """Which lines of which container. ``tail`` None stands for all lines; ``most`` is in bytes, 0 for no limit."""

    container: str
    tail: int | None
    since: Moment | None
    until: Moment | None
    timestamps: bool
    grep: re.Pattern[str] | None
    streams: frozenset[int]
    most: int = 0
    mask: bool = True

    @property
    def needs_now(self) -> bool:
        """Whether the host's time is needed."""
        return any(point is not None and point.relative for point in (self.since, self.until))

    @property
    def _all_count(self) -> bool:
        """Whether the engine's last lines are the wanted ones: it does not know which match, and it counts the lines of
        both streams, whichever of them it sends.
        """
        return self.grep is None and len(self.streams) == len(_STREAMS)

    def query(self, now: float) -> dict[str, Any]:
        """The request's query; ``now`` is the host's time in seconds since 1970."""
        query: dict[str, Any] = {
            "stdout": int(STDOUT in self.streams), "stderr": int(STDERR in self.streams),
            "timestamps": int(self.timestamps),
            "tail": str(self.tail) if self.tail is not None and self._all_count else "all",
        }  # fmt: skip
        for name, point in (("since", self.since), ("until", self.until)):
            if point is not None:
                query[name] = f"{point.at(now):.9f}"
        return query


def parse(params: Mapping[str, Any]) -> Wanted:
    """Check the options beyond their types.

    :raises InvalidOption: for the first value that can't be used.
    """
    streams = frozenset(number for number, name in _STREAMS if params[name])
    if not streams:
        raise InvalidOption("stdout", False, "stderr is false, too: nothing is left.", "Set one of them to true.")
    since, until = moment("since", params["since"]), moment("until", params["until"])
    require_order(since, until, params["since"])
    return Wanted(
        parsers.name("container", params["container"]), _tail(params["tail"]), since, until, params["timestamps"],
        _pattern(params["grep"]), streams, parsers.size("max_output", params["max_output"]), params["mask_env"],
    )  # fmt: skip


def _tail(value: str) -> int | None:
    if value == "all":
        return None
    if not value.isdecimal():
        raise InvalidOption("tail", value, "this is no number of lines.", "Give a number, or all.")
    return int(value)


def _pattern(value: str | None) -> re.Pattern[str] | None:
    try:
        return None if value is None else re.compile(value)
    except re.error as error:
        raise InvalidOption("grep", value, f"this is no regular expression: {error}.", "Python's re is used.") from None
