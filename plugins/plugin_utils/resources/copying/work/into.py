# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies from the controller into a container: observe, plan, and (unless in check mode) write."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .... import run_mark
from ....engine.protocol import Client
from ....errors import FleetError, InvalidOption
from ...shared.plan import Resource, Step
from ...shared.work.runner import Runner
from .. import archive, report
from ..entries import DIRECTORY, FILE, LINK, Change, Conflict, Entry, compare, renames, staged
from ..options import Copy
from ..placing import Move
from ..plan import plan
from . import local_files
from .container_files import ContainerFiles
from .local_files import Source

# A file up to this size is fetched to be compared: that is one request, where asking the container's shell is three.
SMALL = 64 * 1024


class CopyInto:
    """One copy.

    :param source: what is copied, by its path below the thing itself ('' is the thing).
    :param diff: the largest size of a file whose text is shown, in bytes; None where nobody wants to see it.
    """

    def __init__(self, files: ContainerFiles, copy: Copy, source: dict[str, Source], diff: int | None) -> None:
        self._files = files
        self._copy = copy
        self._diff = diff
        path = files.followed(copy.container_path) if copy.follow else copy.container_path
        self._path = path
        self._base, root = posixpath.split(path)
        self._sources = {posixpath.join(root, name).rstrip("/"): one for name, one in source.items()}
        if not root and source[""].entry.kind != DIRECTORY:
            raise InvalidOption("container_path", path, "it is a directory.", "Name the file in it.")
        self._sources.pop("", None)  # the container's root directory itself is nobody's to change
        self._root = root

    def run(self, check_mode: bool, runner: Runner | None = None) -> dict[str, Any]:
        """Copy, or (in check mode) tell what would be copied.

        :param runner: does it; one that tells nobody where none is given.
        :raises InvalidOption: a directory would have to take a file's place, or there is no directory to copy into.
        :raises EngineError: the engine refuses.
        """
        runner = runner or self._files.runner()
        with runner.looking():
            result, changes = self._looked()

        def do(_client: Client, step: Step) -> None:
            result.update(self._write(step.args["changes"]))

        if not check_mode:
            runner.run(plan(Resource("container", self._files.name), changes), do)
        return result

    def _looked(self) -> tuple[dict[str, Any], list[Change]]:
        """What the module returns if nothing is copied, and what is to be copied."""
        wanted = self._wanted()
        actual = self._actual(wanted)
        changes = self._decided(wanted, actual)
        result: dict[str, Any] = {
            "changed": bool(changes), "container_path": self._path, "actions": report.actions(changes, "copy"),
            "transferred": 0, "atomic": True,
        }  # fmt: skip
        if self._diff is not None:
            result["diff"] = self._difference(changes, actual, self._diff)
        return result, changes

    def _difference(self, changes: list[Change], actual: dict[str, Entry], largest: int) -> Any:
        root = actual.get(self._root)
        sides = report.Sides(self._text_there, self._text_here, self._full, self._called_here, largest)
        if changes or list(self._sources) != [self._root] or root is None:
            return report.diff(changes, sides)
        if self._copy.force is False:  # what there is stays, whatever it is
            return report.unchanged(self._root, root, replace(sides, after=self._text_there, after_header=self._full))
        return report.unchanged(self._root, root, replace(sides, before=self._text_here))

    def _called_here(self, path: str) -> str:
        """What the source of a path is called to people."""
        if self._copy.content is not None:
            return report.OF_THE_TASK
        return posixpath.join(str(self._copy.path), path[len(self._root) + 1 :]).rstrip("/")

    def _wanted(self) -> dict[str, Entry]:
        owner = self._copy.owner or self._files.owner()
        modes = {FILE: self._copy.mode, DIRECTORY: self._copy.directory_mode}
        wanted = {}
        for path, source in self._sources.items():
            mode = modes.get(source.entry.kind)
            entry = source.entry if mode is None else replace(source.entry, mode=mode)
            wanted[path] = replace(entry, owner=owner)
        return wanted

    def _actual(self, wanted: dict[str, Entry]) -> dict[str, Entry]:
        """What is in the container at the wanted paths, as far as it matters; digests of files of equal size."""
        root = self._files.stat(self._path)
        if root is None:
            self._require_base()
            return {}
        if len(wanted) == 1 and self._root in wanted:
            return {self._root: self._one(wanted[self._root], root)}
        if self._copy.force is not None and not self._files.running:
            return {path: found for path in wanted if (found := self._files.stat(self._full(path)))}
        sizes = {self._full(path): entry.size for path, entry in wanted.items()}
        told = self._files.told(self._path, sizes)
        if told is not None:
            return {path: told[full] for path in wanted if (full := self._full(path)) in told}
        if not self._root:
            raise InvalidOption(
                "container_path", self._path, "to compare, all of the container would have to be fetched.",
                "Start the container, name a directory in it, or set force.",
            )  # fmt: skip
        below = {path[len(self._root) + 1 :] for path in wanted}
        fetched = self._files.fetched(self._path, below)
        return {path: fetched[name] for path in wanted if (name := path[len(self._root) + 1 :]) in fetched}

    def _one(self, wanted: Entry, root: Entry) -> Entry:
        """A single file or link: nothing is read where its size tells that it differs."""
        if self._copy.force is not None or root.kind != wanted.kind or root.kind not in (FILE, LINK):
            return root
        if root.kind == FILE and root.size != wanted.size:
            return root
        if wanted.size > SMALL or root.kind == LINK or not self._files.archives_tell_owners:
            told = self._files.told(self._path, {self._path: wanted.size})
            if told and self._path in told:
                return told[self._path]
        return self._files.fetched(self._path).get("", root)

    def _require_base(self) -> None:
        if not self._files.is_directory(self._base):
            raise InvalidOption(
                "container_path", self._copy.container_path, f"in the container, there is no directory {self._base}.",
                "Make it first, or correct the path.",
            )  # fmt: skip

    def _decided(self, wanted: dict[str, Entry], actual: dict[str, Entry]) -> list[Change]:
        found = compare(wanted, actual, lambda path: self._same(path, actual[path]), self._copy.force, self._is_empty)
        changes = []
        for one in found:
            if isinstance(one, Conflict):
                raise InvalidOption(
                    "container_path", self._full(one.path), report.conflict(one), report.CONFLICT_REMEDY
                )
            self._require_replaceable(one)
            changes.append(one)
        return changes

    def _require_replaceable(self, change: Change) -> None:
        """In a container that does not run, Podman takes a link for a directory's place and does nothing."""
        if change.replaces_directory and change.wanted.kind == LINK and not self._files.running:
            raise InvalidOption(
                "container_path", self._full(change.path),
                "an empty directory is there, and a symbolic link takes its place in a running container only.",
                "Start it, or remove the directory first.",
            )  # fmt: skip

    def _same(self, path: str, there: Entry) -> bool:
        here = self._sources[path]
        return there.digest is not None and there.digest == (here.entry.digest or archive.digest(here.content()))

    def _is_empty(self, path: str) -> bool:
        return self._files.is_empty(self._full(path))

    def _full(self, path: str) -> str:
        return posixpath.join(self._base, path)

    def _write(self, changes: list[Change]) -> dict[str, Any]:
        """Write under other names and rename, where a command in the container can do that; else straight. Where only
        the owner or mode of a file differs, such a command spares its content the way.
        """
        whole = self._files.can_rename(
            {posixpath.dirname(self._full(change.path)) for change in self._visible(changes)}
        )
        sent = [change for change in changes if change.of_content or not whole]
        by_path = {change.path: change for change in sent}
        kept = [self._move(change, change.path) for change in changes if change.path not in by_path]
        names = staged(sent, run_mark.suffix()) if whole else {one.path: one.path for one in sent}
        moves = [self._move(by_path[path], name) for name, path in renames(names).items()]
        size = sum(change.wanted.size for change in sent)
        try:
            if sent:
                replaces = not whole and any(change.replaces_directory for change in sent)
                self._files.put(self._base, self._members(sent, names), replaces_directories=replaces)
            self._files.rename(moves, size)
        except BaseException:
            self._clean(moves)
            raise
        self._files.adjust(kept)
        return {"transferred": size, "atomic": whole}

    def _visible(self, changes: list[Change]) -> list[Change]:
        """Those whose directory is there already."""
        new = {change.path for change in changes if change.actual is None}
        return [change for change in changes if posixpath.dirname(change.path) not in new]

    def _move(self, change: Change, name: str) -> Move:
        entry = change.wanted
        return Move(self._full(name), self._full(change.path), entry.owner or (0, 0), entry.mode)

    def _clean(self, moves: list[Move]) -> None:
        try:
            self._files.remove(move.source for move in moves)
        except FleetError:
            return  # what went wrong first says more

    def _members(self, changes: list[Change], names: dict[str, str]) -> Iterator[archive.Member]:
        for change in changes:
            source = self._sources[change.path]
            yield archive.Member(names[change.path], change.wanted, source.mtime, source.content)

    def _text_there(self, path: str) -> bytes:
        return self._files.content(self._full(path), self._diff or 0)

    def _text_here(self, path: str) -> bytes:
        return b"".join(self._sources[path].content())


def sources(copy: Copy, now: float) -> dict[str, Source]:
    """What the task wants to copy.

    :raises InvalidOption: it can't be read.
    """
    if copy.content is not None:
        return {"": local_files.of_content(copy.content, copy.mode or 0, now)}
    path = Path(str(copy.path))
    if not os.path.lexists(path):
        raise InvalidOption("path", copy.path, "on the controller, there is no such thing.", "Correct the path.")
    return local_files.tree(str(path), copy.local_follow)
