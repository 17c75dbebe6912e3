# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of single keys: commands, health tests, file modes, counts of devices, limits."""

from __future__ import annotations

from typing import Any

from ..problems import Path, Problems
from ..reading.scalars import go_text
from .kinds import OMIT, Kind, integer, single, struct
from .words import BadCommand, split


def command(value: Any, path: Path, problems: Problems) -> Any:
    """A list of words, or null where nothing is said."""
    if isinstance(value, str):
        try:
            return split(value)
        except BadCommand as error:
            problems.add(path, error.problem, error.remedy, value)
    return [go_text(word) for word in value] if isinstance(value, list) else None


def health_test(value: Any, _path: Path, _problems: Problems) -> Any:
    if isinstance(value, str):
        return ["CMD-SHELL", value]
    return [go_text(word) for word in value] if value else OMIT


def file_mode(value: Any, path: Path, problems: Problems) -> Any:
    """Octal digits, of a text of them or of a number."""
    try:
        return f"0{int(value, 8) if isinstance(value, str) else int(value):o}"
    except ValueError:
        problems.add(path, "is no file mode.", 'Write it in octal digits: "0440".', value)
        return OMIT


def cpus(value: Any, path: Path, problems: Problems) -> Any:
    if value is None:
        return OMIT
    try:
        return single(float(value)) or OMIT
    except (TypeError, ValueError, OverflowError):
        problems.add(path, "is no number of CPUs.", 'Write "0.5".', value)
        return OMIT


def device_count(value: Any, path: Path, problems: Problems) -> Any:
    if isinstance(value, str) and value.lower() == "all":
        return -1
    return integer(value, path, problems)


def ulimit(value: Any, path: Path, problems: Problems) -> Any:
    if isinstance(value, dict):
        return struct({"soft": integer, "hard": integer})(value, path, problems)
    made = integer(value, path, problems)
    return {} if made is OMIT else made


def many_texts(value: Any, _path: Path, _problems: Problems) -> Any:
    """Options that may be given more than once: lists of texts."""
    if not isinstance(value, dict):
        return OMIT
    made = {key: [go_text(one) for one in (item if isinstance(item, list) else [item])] for key, item in value.items()}
    return {key: items or None for key, items in made.items()} or OMIT


def ssh_keys(value: Any, _path: Path, _problems: Problems) -> Any:
    """Names of keys; with a path, ``NAME=PATH``."""
    if not isinstance(value, dict):
        return OMIT
    return sorted(name if where is None else f"{name}={where}" for name, where in value.items()) or OMIT


def written(kind: Kind, nothing: Any) -> Kind:
    """Printed always, since it has no form that says nothing."""

    def work(value: Any, path: Path, problems: Problems) -> Any:
        made = kind(value, path, problems)
        return nothing if made is OMIT else made

    return work
