# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is found in a whole tree of playbooks: texts in, verdicts and new texts out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import field

from ..dataclass import dataclass
from . import results, surroundings
from .edits import Edit, applied, fit
from .judging import judge
from .names import MENTIONED, Ours
from .results import Read
from .surroundings import Place
from .tasks import BrokenYaml, Found, read
from .verdict import HAND, KINDS, OPTION, Finding, Verdict

ENGINE_LINE = "result_format: engine"
# A play may run roles that have the peers' tasks, wherever these are.
_LOOKED_AT = re.compile(rf"{MENTIONED.pattern}|^ *(?:- )?(?:hosts|connection): *['\"]?(?:local|127)", re.MULTILINE)
_YAML = (".yml", ".yaml")


@dataclass(frozen=True)
class Problem:
    """A file that can't be looked at, or written; ``line`` from 1, None where that is not known."""

    path: str
    line: int | None
    message: str

    def told(self) -> dict[str, object]:
        """As a part of a result."""
        return {"path": self.path, "line": self.line, "message": self.message}


@dataclass
class File:
    """A file that has something of the peers.

    :param path: below the tree's root.
    :param new: its text with all edits of what moves; the same text where nothing does.
    """

    path: str
    text: str
    found: Found
    verdicts: list[Verdict] = field(default_factory=list)
    reads: dict[int, list[tuple[str, Read]]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    new: str = ""


@dataclass
class Tree:
    """All of it, and what could not be read."""

    files: list[File] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many tasks there are of each kind."""
        counted = Counter(verdict.kind for file in self.files for verdict in file.verdicts)
        return {kind: counted[kind] for kind in KINDS}


def looked_at(texts: Mapping[str, str], ours: Ours) -> Tree:
    """What is in the files of a tree.

    :param texts: by their paths below its root; without byte order marks.
    """
    tree = Tree()
    for path, text in texts.items():
        if path.endswith(_YAML) and "templates" not in path.split("/")[:-1] and _LOOKED_AT.search(text):
            _file(tree, path, text, ours)
    _results(tree, texts)
    for file in tree.files:
        for at, verdict in enumerate(file.verdicts):
            file.reads[at] = [(path, results.of_module(one, verdict.module)) for path, one in file.reads.get(at, [])]
            _shape(verdict, file.reads[at])
        _settle(file)
    staying: Counter[str] = Counter()
    roles: Counter[str] = Counter()
    for file in tree.files:
        roles[_around(file.path).rpartition("/")[2]] += len(file.verdicts)
        staying.update(verdict.module.partition("_")[0] for verdict in file.verdicts if not verdict.moves)
    for file in tree.files:
        file.places += surroundings.defaults(file.text, file.found, ours, staying)
        file.places += surroundings.lists(file.text, file.found, file.path, ours, staying)
        file.places += surroundings.plays(file.found, roles)
        file.new = applied(file.text, _settled(file))
    tree.files = [file for file in tree.files if file.verdicts or file.places]
    return tree


def _goes(one: Verdict | Place) -> bool:
    return one.moves if isinstance(one, Verdict) else one.kind in ("word", OPTION)


def _file(tree: Tree, path: str, text: str, ours: Ours) -> None:
    try:
        found = read(text)
        verdicts = [verdict for task in found.tasks if (verdict := judge(text, task, ours)) is not None]
    except BrokenYaml as error:
        tree.problems.append(Problem(path, error.line, f"It is no YAML: {error}. Mend it, or leave it out."))
    except RecursionError:
        tree.problems.append(Problem(path, None, "It is nested too deeply. Leave it out."))
    else:
        tree.files.append(File(path, text, found, verdicts))


def _settle(file: File) -> None:
    """What would write into another task (through an alias), or the same place twice, is left to a person."""
    for verdict in file.verdicts:
        start, end = verdict.span
        if any(edit.start < start or edit.end > end for edit in verdict.edits):
            text = "has its options through an alias, where others use them too."
            verdict.findings.append(Finding(HAND, verdict.line, text))
        elif verdict.moves and not fit(verdict.edits):
            verdict.findings.append(Finding(HAND, verdict.line, "Two changes meet: write it by hand."))


def _settled(file: File) -> list[Edit]:
    """All edits of what moves."""
    moving: list[Verdict | Place] = [*file.verdicts, *file.places]
    edits = [edit for one in moving if _goes(one) for edit in one.edits]
    return edits if fit(edits) else []


Owners = dict[str, list[tuple[File, int]]]


def _results(tree: Tree, texts: Mapping[str, str]) -> None:
    """Where the results of the tasks are read, in their own file and in others of the same role or directory."""
    owners: dict[str, Owners] = {}
    for file in tree.files:
        reads = results.in_file(file.text, file.found.tasks)
        places = {task.span[0]: at for at, task in enumerate(file.found.tasks)}
        for at, verdict in enumerate(file.verdicts):
            if verdict.register:
                file.reads[at] = [(file.path, one) for one in reads.get(places[verdict.span[0]], [])]
                owners.setdefault(_around(file.path), {}).setdefault(verdict.register, []).append((file, at))
    patterns = {where: results.mentions(names) for where, names in owners.items()}
    for path, text in texts.items():
        if (pattern := patterns.get(_around(path))) is not None:
            names = {match[1] for match in pattern.finditer(text)}
            _elsewhere(path, text, {name: owners[_around(path)][name] for name in sorted(names)})


def _elsewhere(path: str, text: str, owners: Owners) -> None:
    """The reads in a file that has none of the tasks; one that gives the name to another result reads that."""
    for name, registered in owners.items():
        reads = [] if re.search(rf"register: *{re.escape(name)}\b", text) else list(results.named(text, name))
        for file, at in registered:
            if file.path != path:
                file.reads[at] += [(path, one) for one in reads]


def _around(path: str) -> str:
    """The role that a file belongs to, else its directory."""
    parts = path.split("/")
    if "roles" in parts[:-2]:
        at = len(parts) - 1 - parts[::-1].index("roles")
        return "/".join(parts[: at + 2])
    return "/".join(parts[:-2] if len(parts) > 1 and parts[-2] in ("tasks", "handlers", "templates") else parts[:-1])


def _shape(verdict: Verdict, reads: list[tuple[str, Read]]) -> None:
    """A result that is read keeps the peer's shape, where it can be told to."""
    if not reads or not verdict.becomes:
        return
    where = "in one place" if len(reads) == 1 else f"in {len(reads)} places"
    if verdict.module.startswith("podman_") and any(one.podman_only for _path, one in reads):
        text = "What is read of its result is in Podman's own inspect only, which is not given here."
        verdict.findings.append(Finding(HAND, verdict.line, text))
    elif verdict.engine_shape is not None:
        verdict.findings.append(Finding(OPTION, verdict.line, f"its result is read {where}", (ENGINE_LINE,)))
        verdict.edits.append(verdict.engine_shape)
    elif not verdict.says_shape:
        text = f"Its result is read {where}, and looks otherwise here."
        verdict.findings.append(Finding(HAND, verdict.line, text))
