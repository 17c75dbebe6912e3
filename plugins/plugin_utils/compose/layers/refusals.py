# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What compose takes without a word and does otherwise than anybody means; it is refused, with the way to write it.

Looked for in each document as it is written, so that the line is the one to change. ``differences.py`` has the table
of these for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..model.canonical import Canonical
from ..model.kinds import Kind
from ..model.short_port import BadPort, parse_port
from ..model.short_volume import CONSISTENCIES, BadVolume, parse_volume
from ..model.sizes import BadSize, size
from ..model.special import command
from ..problems import Model, Path, Problems, Source, written
from ..reading.scalars import Date, WrittenFloat, WrittenInt, go_text
from ..tables import Table

_Check = Callable[[Any, "_At"], None]
_RESTARTS = re.compile(r"no|always|unless-stopped|on-failure(:\d+)?")


class _At:
    """Where a value stands, and whom to tell what is wrong with it."""

    def __init__(self, path: Path, source: Source, problems: Problems) -> None:
        self.path, self.source, self.problems = path, source, problems

    def refuse(self, problem: str, remedy: str, value: Any = None) -> None:
        shown = {} if value is None else {"value": value}
        self.problems.add(self.path, problem, remedy, source=self.source, **shown)


def check(model: Model, source: Source, problems: Problems) -> None:
    """Note all of it in one document."""
    _walk(model, (), source, problems)


def _walk(value: Any, path: Path, source: Source, problems: Problems) -> None:
    if path and str(path[0]).startswith("x-"):
        return
    at = _At(path, source, problems)
    if isinstance(value, Date):
        problem = f"is written {value.written}, which YAML takes for a date."
        at.refuse(problem, f'Write "{value.written}", in quotes.')
    elif (row := _ROWS.at(path)) is not None:
        row(value, at)
    if isinstance(value, dict):
        for key, item in value.items():
            _walk(item, (*path, key), source, problems)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _walk(item, (*path, index), source, problems)


def _number_as_text(value: Any, at: _At) -> None:
    if isinstance(value, (WrittenInt, WrittenFloat)) and value.written != go_text(value):
        at.refuse("is taken for a number, and would arrive as another text.", "Put it into quotes.", value.written)


def _size(value: Any, at: _At) -> None:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool) and value != "":
        try:
            size(value)
        except BadSize as error:
            at.refuse(error.problem, error.remedy, getattr(value, "written", value))


def _volume(value: Any, at: _At) -> None:
    if isinstance(value, str) and "${" not in value:
        try:
            parse_volume(value)
        except BadVolume as error:
            at.refuse(error.problem, error.remedy, value)
        for word in CONSISTENCIES & set(value.rpartition(":")[2].split(",")):
            at.problems.warn(f"{at.source.file}: {written(at.path)}: {word} means nothing on Linux; leave it out.")


def _port(value: Any, at: _At) -> None:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        try:
            parse_port(go_text(value))
        except BadPort as error:
            at.refuse(error.problem, error.remedy, value)


def _by_kind(kind: Kind) -> _Check:
    """What writing the value would note."""

    def work(value: Any, at: _At) -> None:
        found = Problems([at.source], at.problems.secret)
        kind(value, at.path, found)
        at.problems.found += [one for one in found.found if one not in at.problems.found]

    return work


def _device(value: Any, path: Path, problems: Problems) -> Any:
    return Canonical(problems).device(value, path)


def _mode(value: Any, at: _At) -> None:
    """A number of octal digits without the leading 0 is read as decimal."""
    if (
        isinstance(value, int)
        and not isinstance(value, (bool, WrittenInt))
        and value > 7
        and not set(str(value)) & {"8", "9"}
    ):
        problem = f"is read as a decimal number: {value} is 0{value:o} in octal."
        at.refuse(problem, f"Write 0{value}.", value)


def _restart(value: Any, at: _At) -> None:
    if isinstance(value, str) and value and not _RESTARTS.fullmatch(value):
        at.refuse("is no restart policy.", "There are no, always, unless-stopped, on-failure, on-failure:N.", value)


_S = "services.*."
_WORDS_TEXT_MAPS = (
    "annotations environment labels sysctls storage_opt build.args build.labels deploy.labels logging.options"
)
_TEXT_MAPS = _WORDS_TEXT_MAPS.split()
_TOP_TEXT_MAPS = [
    f"{kind}.*.{key}" for kind in ("networks", "volumes", "secrets", "configs") for key in ("labels", "driver_opts")
]
_WORDS_SIZES = (
    "mem_limit mem_reservation memswap_limit mem_swappiness shm_size build.shm_size "
    "deploy.resources.limits.memory deploy.resources.reservations.memory volumes.*.tmpfs.size"
)
_SIZES = _WORDS_SIZES.split()

_ROWS: Table[_Check] = Table(
    {
        **{f"{_S}{key}.*": _number_as_text for key in _TEXT_MAPS},
        **{f"{key}.*": _number_as_text for key in _TOP_TEXT_MAPS},
        **{_S + key: _size for key in _SIZES},
        _S + "command": _by_kind(command),
        _S + "entrypoint": _by_kind(command),
        _S + "post_start.*.command": _by_kind(command),
        _S + "pre_stop.*.command": _by_kind(command),
        _S + "configs.*.mode": _mode,
        _S + "secrets.*.mode": _mode,
        _S + "build.secrets.*.mode": _mode,
        _S + "volumes.*.tmpfs.mode": _mode,
        _S + "devices.*": _by_kind(_device),
        _S + "expose.*": _number_as_text,
        _S + "group_add.*": _number_as_text,
        _S + "ports.*": _port,
        _S + "restart": _restart,
        _S + "volumes.*": _volume,
    }
)
