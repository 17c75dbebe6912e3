# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the files of a tree of playbooks, and writes those that change. No link below the tree's root is followed."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import InvalidOption
from ...resources.copying.work.local_tree import LocalTree
from ..names import MENTIONED
from ..tasks import read
from ..tree import File, Problem

BOM = b"\xef\xbb\xbf"
# Playbooks and tasks, and what else may read a result.
READ = (".yml", ".yaml", ".j2", ".jinja2")
_TASKS = (".yml", ".yaml")
# Directories that hold nothing of a person's own tasks.
PASSED_OVER = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", ".cache", ".ansible", "node_modules", "__pycache__",
     "ansible_collections", ".github", ".gitlab", "files"}
)  # fmt: skip
MOST_BYTES = 4 * 1024 * 1024  # of a file; a list of tasks is never so long


@dataclass
class Read:
    """The texts of a tree by their paths below its root, without byte order marks, and what could not be read."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Files:
    """The files of one tree.

    :raises InvalidOption: there is nothing at this path.
    """

    def __init__(self, root: str) -> None:
        self.root = Path(os.path.realpath(root))  # the links on the way to it are the user's
        if not self.root.exists():
            raise InvalidOption("path", root, "there is no such file or directory.", "Name a directory with playbooks.")
        self.single = self.root.is_file()
        self._tree = LocalTree(self.root)

    def read(self) -> Read:
        """All texts that may have something to do with it."""
        found = Read()
        names = [""] if self.single else sorted(_walk(self.root, "", found.problems))
        for name in names:
            try:
                self._read_one(name, found)
            except (OSError, InvalidOption) as error:
                found.problems.append(Problem(self.shown(name), None, f"It can't be read: {error}."))
        return found

    def shown(self, name: str) -> str:
        """A path as it stands in a report."""
        return name or self.root.name

    def _read_one(self, name: str, found: Read) -> None:
        content = b"".join(self._tree.read(name))
        tasks = self.single or name.endswith(_TASKS)
        if len(content) > MOST_BYTES:
            if tasks and MENTIONED.search(content.decode("latin-1")):
                found.problems.append(Problem(self.shown(name), None, "It is larger than 4 MiB. Leave it out."))
            return
        try:
            found.texts[self.shown(name)] = content.removeprefix(BOM).decode()
        except UnicodeDecodeError as error:
            if tasks and MENTIONED.search(content.decode("latin-1")):
                line = content.count(b"\n", 0, error.start) + 1
                found.problems.append(
                    Problem(self.shown(name), line, "It is not UTF-8. Ansible reads nothing else; convert it.")
                )

    def write(self, file: File, *, backup: bool, now: Callable[[], float] = time.time) -> str | None:
        """Put the new text of a file in its place, with its mode; None, or the path of the copy of what was there.

        :raises BrokenYaml: the new text is no YAML (a defect of this program).
        :raises OSError, InvalidOption: it can't be written, or is another file by now.
        """
        read(file.new)
        name = "" if self.single else file.path
        before = b"".join(self._tree.read(name))
        mark = BOM if before.startswith(BOM) else b""
        if before != mark + file.text.encode():
            raise InvalidOption("path", file.path, "it was changed meanwhile.", "Run it again.")
        facts = self._tree.local(name).lstat()
        mode, owner = stat.S_IMODE(facts.st_mode), (facts.st_uid, facts.st_gid)
        copy = None
        if backup:
            copy = f"{file.path}.{time.strftime('%Y-%m-%d@%H:%M:%S', time.gmtime(now()))}~"
            LocalTree(self.root.parent if self.single else self.root).write(copy, mode, [before], owner)
        self._tree.write(name, mode, [mark + file.new.encode()], owner)
        return copy


def _walk(root: Path, below: str, problems: list[Problem]) -> Iterator[str]:
    """The files below a directory that are read. Links are passed over: what they lead to inside is found anyway."""
    try:
        with os.scandir(root / below) as entries:
            found = list(entries)
    except OSError as error:
        problems.append(Problem(below, None, f"It can't be read: {error}."))
        return
    for entry in found:
        name = f"{below}/{entry.name}" if below else entry.name
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in PASSED_OVER:
                    yield from _walk(root, name, problems)
            elif entry.is_file(follow_symlinks=False) and entry.name.endswith(READ):
                yield name
