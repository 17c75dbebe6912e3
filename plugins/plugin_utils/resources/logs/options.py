# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container has written: from a task's options to the engine's request, and from its stream to the result."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container import values
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import Masker

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
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_AGE = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")
_MOMENTS = (
    "Write a time such as 2026-01-31T12:00:00Z, seconds since 1970, or how long ago, such as 90s, 15m, 2h30m or 1d."
)


@dataclass(frozen=True)
class Moment:
    """A point in time: ``seconds`` since 1970, or before now where it is ``relative``."""

    seconds: float
    relative: bool = False

    def at(self, now: float) -> float:
        return now - self.seconds if self.relative else self.seconds


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
        return any(moment is not None and moment.relative for moment in (self.since, self.until))

    def query(self, now: float) -> dict[str, Any]:
        """The request's query; ``now`` is the host's time in seconds since 1970."""
        query: dict[str, Any] = {
            "stdout": int(STDOUT in self.streams), "stderr": int(STDERR in self.streams),
            "timestamps": int(self.timestamps),
            # Which lines match is known here only, so all of them have to come for the last ones of those.
            "tail": "all" if self.tail is None or self.grep is not None else str(self.tail),
        }  # fmt: skip
        for name, moment in (("since", self.since), ("until", self.until)):
            if moment is not None:
                query[name] = f"{moment.at(now):.9f}"
        return query


def parse(params: Mapping[str, Any]) -> Wanted:
    """Check the options beyond their types.

    :raises InvalidOption: for the first value that can't be used.
    """
    streams = frozenset(number for number, name in ((STDOUT, "stdout"), (STDERR, "stderr")) if params[name])
    if not streams:
        raise InvalidOption("stdout", False, "stderr is false, too: nothing is left.", "Set one of them to true.")
    since, until = _moment("since", params["since"]), _moment("until", params["until"])
    if since and until and since.relative == until.relative and since.at(0) >= until.at(0):
        raise InvalidOption("since", params["since"], "it is not before until.", "Give an earlier time.")
    return Wanted(
        values.name("container", params["container"]), _tail(params["tail"]), since, until, params["timestamps"],
        _pattern(params["grep"]), streams, values.size("max_output", params["max_output"]), params["mask_env"],
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


def _moment(option: str, value: str | None) -> Moment | None:
    if value is None:
        return None
    if _AGE.fullmatch(value):
        return Moment(sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value)), relative=True)
    try:
        return Moment(float(value))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise InvalidOption(option, value, "this is no time.", _MOMENTS) from None
    return Moment((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@dataclass
class Lines:
    """Collects a container's lines from the pieces of its streams; only the wanted ones are kept, the last ones first.

    ``cut`` counts the wanted lines that did not fit into the wanted number of bytes.
    """

    wanted: Wanted
    kept: deque[tuple[int, str]] = field(default_factory=deque)
    cut: int = 0
    _size: int = 0
    _rest: dict[int, bytearray] = field(default_factory=dict)

    def add(self, stream: int, data: bytes) -> None:
        rest = self._rest.setdefault(stream, bytearray())
        rest += data
        *complete, last = bytes(rest).split(b"\n") if b"\n" in data else [bytes(rest)]
        if complete:
            self._rest[stream] = bytearray(last)
            for line in complete:
                self._line(stream, line)

    def end(self) -> None:
        """Nothing more comes: what has no line end is a line, too."""
        for stream, rest in self._rest.items():
            if rest:
                self._line(stream, bytes(rest))
        self._rest.clear()

    def _line(self, stream: int, raw: bytes) -> None:
        text = raw.decode(errors="replace").rstrip("\r")
        if self.wanted.grep is not None and not self.wanted.grep.search(text):
            return
        self.kept.append((stream, text))
        self._size += len(raw) + 1
        if self.wanted.tail is not None and len(self.kept) > self.wanted.tail:
            self._drop()
        while self.wanted.most and self._size > self.wanted.most and len(self.kept) > 1:
            self._drop()
            self.cut += 1

    def _drop(self) -> None:
        _stream, text = self.kept.popleft()
        self._size -= len(text.encode()) + 1

    def texts(self, stream: int | None = None) -> list[str]:
        """The wanted lines, of one stream or of both in the order in which they came."""
        return [text for number, text in self.kept if stream in (None, number)]


def result(lines: Lines, masker: Masker, inspect: Mapping[str, Any]) -> dict[str, Any]:
    """The module's result: {changed, lines, log, stdout, stdout_lines, stderr, stderr_lines, truncated, running}."""
    texts = {name: [masker.text(text) for text in lines.texts(number)] for name, number in _NAMES.items()}
    told: dict[str, Any] = {"changed": False, "lines": texts["log"], "log": "\n".join(texts["log"])}
    for name in ("stdout", "stderr"):
        told |= {name: "\n".join(texts[name]), f"{name}_lines": texts[name]}
    return {**told, "truncated": lines.cut > 0, "running": bool((inspect.get("State") or {}).get("Running"))}


_NAMES = {"log": None, "stdout": STDOUT, "stderr": STDERR}
