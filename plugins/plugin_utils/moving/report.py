# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report: lines for a terminal, and the same as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .names import COLLECTIONS
from .surroundings import LOCAL_PLAY, Place
from .tree import File, Tree
from .verdict import KINDS, OPTION, TOLD, WRITTEN, Finding, Verdict

NO_NAME = "(no name)"
LONGEST_NAME = 60
_COUNTED = {
    "word": "by one word", "option": "with other options", "hand": "by hand", "template": "depend on a template",
    "impossible": "are not possible",
}  # fmt: skip


def lines(tree: Tree, *, write: bool, check_mode: bool) -> Iterator[str]:
    """What a person reads: each task with what becomes of it, then what is counted."""
    for file in tree.files:
        told = [(verdict.line, list(_task(file, at, verdict))) for at, verdict in enumerate(file.verdicts)]
        told += [(place.line, list(_place(file, place))) for place in file.places]
        for _line, paragraph in sorted(told, key=lambda one: one[0]):
            yield from paragraph
    for problem in tree.problems:
        yield f"{problem.path}{'' if problem.line is None else f':{problem.line}'}: {problem.message}"
    yield from _sum(tree, write=write, check_mode=check_mode)


def _task(file: File, at: int, verdict: Verdict) -> Iterator[str]:
    name = verdict.name if len(verdict.name) <= LONGEST_NAME else verdict.name[: LONGEST_NAME - 1] + "…"
    becomes = f" → {verdict.becomes.rpartition('.')[2]}" if verdict.becomes else ""
    yield f"{file.path}:{verdict.line}: {name or NO_NAME}: {verdict.module}{becomes}: {TOLD[verdict.kind]}"
    yield from _findings(verdict.line, verdict.findings)
    for path, read in file.reads.get(at, []):
        where = f"line {read.line}" if path == file.path else f"{path}:{read.line}"
        yield f"    {where} reads {read.what}{f'; unified: {read.here}' if read.here else ''}"


def _place(file: File, place: Place) -> Iterator[str]:
    yield f"{file.path}:{place.line}: {place.what}"
    yield from _findings(place.line, place.findings)


def _findings(line: int, findings: list[Finding]) -> Iterator[str]:
    for finding in sorted(findings, key=lambda one: one.line):
        where = "" if finding.line == line else f"line {finding.line}: "
        if finding.kind == OPTION and len(finding.lines) == 1:
            yield f"    {where}{finding.text} → {finding.lines[0]}"
            continue
        sign = " →" if finding.kind == OPTION else "" if finding.text.endswith(".") else ":"
        yield f"    {where}{finding.text}{sign if finding.lines else ''}"
        yield from (f"        {one}" for one in finding.lines)


def _sum(tree: Tree, *, write: bool, check_mode: bool) -> Iterator[str]:
    counts = tree.counts()
    files = [file for file in tree.files if file.verdicts]
    total = sum(counts.values())
    yield ""
    yield f"{_many(total, 'task')} of {' and '.join(COLLECTIONS.values())} in {_many(len(files), 'file')}:"
    width = len(str(total))
    yield from (f"    {counts[kind]:>{width}} {_COUNTED[kind]}" for kind in KINDS)
    reads = sum(len(found) for file in files for found in file.reads.values())
    if reads:
        readers = sum(bool(found) for file in files for found in file.reads.values())
        yield (
            f"{_many(reads, 'place')} read results of {_many(readers, 'task')} in the engine's own shape, which "
            "result_format: engine keeps."
        )
    if local := sum(place.what == LOCAL_PLAY for file in tree.files for place in file.places):
        yield f"{_many(local, 'play')} on the controller: the tasks in the roles, see above, are refused there."
    if tree.problems:
        yield f"{_many(len(tree.problems), 'file')} could not be looked at or written, see above."
    changed = sum(file.new != file.text for file in tree.files)
    moved = sum(counts[kind] for kind in WRITTEN)
    if not changed:
        yield "There is nothing to write."
    elif write:
        yield f"{_many(moved, 'task')} in {_many(changed, 'file')} {'would be' if check_mode else 'are'} moved."
    else:
        yield f"Nothing was written. write=true moves {_many(moved, 'task')} and writes {_many(changed, 'file')}."


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def data(tree: Tree) -> dict[str, Any]:
    """The report as a part of a task's result."""
    return {
        "files": [_file(file) for file in tree.files],
        "problems": [problem.told() for problem in tree.problems],
        "counts": {**tree.counts(), "files": sum(bool(file.verdicts) for file in tree.files)},
    }


def _file(file: File) -> dict[str, Any]:
    tasks = [
        {
            "line": verdict.line,
            "name": verdict.name,
            "module": verdict.module,
            "becomes": verdict.becomes or None,
            "kind": verdict.kind,
            "findings": [finding.told() for finding in verdict.findings],
            "register": verdict.register or None,
            "reads": [{"path": path, **read.told()} for path, read in file.reads.get(at, [])],
        }
        for at, verdict in enumerate(file.verdicts)
    ]
    places = [
        {"line": place.line, "what": place.what, "kind": place.kind, "findings": [one.told() for one in place.findings]}
        for place in file.places
    ]
    return {"path": file.path, "tasks": tasks, "places": places, "changes": file.new != file.text}
