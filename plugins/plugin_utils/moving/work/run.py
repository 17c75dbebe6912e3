# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks through a tree of playbooks, writes what moves, and tells."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ...telling import visible
from .. import report
from ..names import Ours
from ..tasks import BrokenYaml
from ..tree import File, Problem, Tree, looked_at
from ..verdict import KINDS
from .files import Files

UNREADABLE = "unreadable"
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "write": {"type": "bool", "default": False},
    "backup": {"type": "bool", "default": False},
    "fail_on": {
        "type": "list", "elements": "str", "choices": [UNREADABLE, *KINDS[2:]], "default": [UNREADABLE],
    },
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a task asks for; the parameters are its options."""

    path: str
    write: bool
    backup: bool
    fail_on: tuple[str, ...]
    check_mode: bool = False


def wanted(params: Mapping[str, Any], *, check_mode: bool) -> Wanted:
    return Wanted(params["path"], params["write"], params["backup"], tuple(params["fail_on"]), check_mode)


def run(asked: Wanted, ours: Ours, show: Callable[[list[str]], None]) -> dict[str, Any]:
    """Do it.

    :param show: gets the lines of the report.
    :return: the result of the task.
    :raises InvalidOption: there is nothing at the path.
    """
    files = Files(asked.path)
    read = files.read()
    tree = looked_at(read.texts, ours)
    tree.problems[:0] = read.problems
    changing = [file for file in tree.files if file.new != file.text] if asked.write else []
    backups = [] if asked.check_mode else _write(files, changing, tree, backup=asked.backup)
    told = list(map(visible, report.lines(tree, write=asked.write, check_mode=asked.check_mode)))
    show(told)
    result = {
        "changed": bool(changing), **report.data(tree), "report": told, "backups": backups,
        "diff": [_diff(file) for file in changing],
    }  # fmt: skip
    if failed := _why_failed(asked.fail_on, tree):
        result |= {"failed": True, "msg": failed}
    return result


def _write(files: Files, changing: list[File], tree: Tree, *, backup: bool) -> list[str]:
    backups = []
    for file in list(changing):
        try:
            copy = files.write(file, backup=backup)
        except (OSError, InvalidOption, BrokenYaml) as error:
            tree.problems.append(Problem(file.path, None, f"It was not written: {error}"))
            changing.remove(file)
        else:
            backups += [copy] if copy else []
    return backups


def _diff(file: File) -> dict[str, str]:
    lines = difflib.unified_diff(
        file.text.splitlines(keepends=True), file.new.splitlines(keepends=True), f"{file.path} (before)",
        f"{file.path} (after)", n=1,
    )  # fmt: skip
    return {"prepared": "".join(lines)}


def _why_failed(fail_on: tuple[str, ...], tree: Tree) -> str:
    """What fails the task; '' for nothing."""
    counts = tree.counts()
    if UNREADABLE in fail_on and tree.problems:
        first = tree.problems[0]
        more = f" (and {len(tree.problems) - 1} more files)" if len(tree.problems) > 1 else ""
        where = first.path if first.line is None else f"{first.path}:{first.line}"
        return f"{where}: {first.message}{more}"
    for kind in fail_on:
        if counts.get(kind):
            return f"{counts[kind]} tasks need a person ({kind}), and fail_on says so. The report has them."
    return ""
