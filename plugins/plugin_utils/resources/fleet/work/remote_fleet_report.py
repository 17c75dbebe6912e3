# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_fleet_report: makes one HTML file about all hosts of the play, or of a snapshot of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ....errors import InvalidOption
from ...copying.work.local_tree import LocalTree
from ...shared.work.module import Module, Task
from ..options import OF_CONTAINERS
from ..report.comparison import compared
from ..report.merging import Part
from ..report.options import ARGUMENT_SPEC, Report, parse
from ..report.page import page
from ..report.views import count
from ..result import outcome
from .fleet import Fleet
from .limits import require_room

PRIVATE = 0o600
LARGEST = 1 << 30  # bytes of a snapshot's file
FILTERS = ("every_engine", *OF_CONTAINERS)
TOLD = ("complete", "failed_hosts", "totals")
OUTCOME = ("failed", "msg", "error", "warnings")  # of reading the hosts
Prepared = tuple[Report, dict[str, Any]]  # with the options, which have those of the connections


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    here = {name: task.beside_playbook(params[name]) for name in ("path", "save") if params[name] is not None}
    params = {**params, **here}
    report = parse(params, _parts(task, "snapshot", params), _parts(task, "before", params))
    for option, path in here.items():
        _require_place(option, Path(path))
    if report.wanted is not None:
        require_room(report.wanted, len(task.play_hosts))
    return report, params


def perform(task: Task, prepared: Prepared) -> dict[str, Any]:
    report, params = prepared
    read = Fleet(task, report.wanted, params).result() if report.wanted is not None else dict(report.snapshot or {})
    text = page(read, report.before, title=report.title, made_at=_made_at(report)).encode()
    if not task.check_mode:
        _write(report.path, text)
        if report.save is not None:
            _write(report.save, json.dumps(read).encode())
    keys = TOLD if report.wanted is None else (*TOLD, *OUTCOME)
    told: dict[str, Any] = {key: read[key] for key in keys if key in read}
    if report.wanted is None and report.require_complete:
        told |= outcome(read["hosts"], require_complete=True)
    if problems := [*report.warnings, *_other_options(report.before, read)]:
        told["warnings"] = [*told.get("warnings", ()), *problems]
    differences = None if report.before is None else compared(report.before, read)
    return {**told, "changed": True, "path": report.path, "size": len(text), "differences": differences}


def _made_at(report: Report) -> str:
    """What the page tells of its time; when a snapshot was taken, it does not say itself."""
    now = datetime.now().astimezone().isoformat(" ", "seconds")
    if report.wanted is not None:
        return f"Read at {now}"
    return f"Made at {now} of {count(report.parts, 'snapshot')} taken before"


def _other_options(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[str]:
    """A warning where two snapshots are not of the same things, none where they are, or nobody knows."""
    old, new = (before or {}).get("asked"), now.get("asked")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return
    if other := [name for name in FILTERS if name in old and name in new and old[name] != new[name]]:
        words = ", ".join(other)
        yield f"The snapshot in 'before' was read with another {words}: what that left out seems to be new or gone."


def _parts(task: Task, option: str, params: Mapping[str, Any]) -> list[Part] | None:
    """The snapshots of an option, None where it is not given.

    :raises InvalidOption: there is no such file, or no JSON in it.
    """
    value = params[option]
    if value is None:
        return None
    if not isinstance(value, (list, tuple)):
        return [Part("", _data(task, option, value))]
    names = (one if isinstance(one, str) else f"number {number}" for number, one in enumerate(value, 1))
    return [Part(name, _data(task, option, one)) for name, one in zip(names, value, strict=True)]


def _data(task: Task, option: str, value: Any) -> Any:
    """A snapshot as data: given so, or the path of a file of JSON.

    :raises InvalidOption: there is no such file, or no JSON in it.
    """
    if not isinstance(value, str):
        return value
    path = Path(task.beside_playbook(value))
    remedy = (
        "Give the result of remote_fleet_info, the path of a file that the option save has written, or a list of these."
    )
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidOption(option, value, f"the file has more than {LARGEST} bytes.", remedy)
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidOption(option, value, f"it can't be read: {error.strerror}.", remedy) from error
    except (ValueError, RecursionError) as error:
        raise InvalidOption(option, value, "there is no JSON in it.", remedy) from error


def _require_place(option: str, path: Path) -> None:
    """
    :raises InvalidOption: no file can be written there.
    """
    if path.is_dir():
        raise InvalidOption(option, str(path), "it is a directory.", "Name a file in it.")
    if not path.parent.is_dir():
        raise InvalidOption(option, str(path), f"there is no directory {path.parent}.", "Make it, or correct the path.")


def _write(path: str, content: bytes) -> None:
    try:
        LocalTree(Path(path)).write("", PRIVATE, [content])
    except OSError as error:
        problem = f"it can't be written: {error.strerror}."
        raise InvalidOption("path", path, problem, "Mend that, or name another file.") from error


MODULE = Module(argument_spec=ARGUMENT_SPEC, prepare=prepare, perform_for_all=perform)
