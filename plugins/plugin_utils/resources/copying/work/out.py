# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies out of a container to the controller. What comes is not trusted: nothing is written outside of its place."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .... import run_mark
from ....engine.protocol import Client
from ....errors import EngineError, InvalidOption
from ...shared.plan import Resource, Step
from ...shared.work.runner import Runner
from .. import archive, listing, report
from ..entries import DIRECTORY, FILE, LINK, OTHER, WORDS, Change, Conflict, Entry, compare
from ..links import leads_out
from ..options import Copy
from ..plan import plan
from .container_files import ContainerFiles, Unreadable
from .local_tree import LocalTree

PERMISSIONS = 0o777  # a set-user-ID program of a container's is no business of the controller's
SMALL = 64 * 1024


class CopyOut:
    """One copy.

    :param path: where on the controller.
    :param diff: the largest size of a file whose text is shown, in bytes; None where nobody wants to see it.
    """

    def __init__(self, files: ContainerFiles, copy: Copy, path: Path, diff: int | None) -> None:
        self._files = files
        self._copy = copy
        self._path = path.resolve() if copy.local_follow else path.absolute()
        self._local = LocalTree(self._path)
        self._from = files.followed(copy.container_path) if copy.follow else copy.container_path
        self._diff = diff

    def run(self, check_mode: bool, runner: Runner | None = None) -> dict[str, Any]:
        """Copy, or (in check mode) tell what would be copied.

        :param runner: does it; one that tells nobody where none is given.
        :raises InvalidOption: there is nothing to copy, or it can't be copied there.
        :raises EngineError: the engine refuses; or what comes names a place outside, or has no end (kind
            ``container_answer``).
        """
        runner = runner or self._files.runner()
        with runner.looking():
            root = self._root()
        try:
            with runner.looking():
                result, changes = self._looked(root)

            def do(_client: Client, step: Step) -> None:
                result["transferred"] = self._write({change.path: change for change in step.args["changes"]})

            if not check_mode:
                runner.run(plan(Resource("path", str(self._path)), changes), do)
        except Unreadable as error:
            raise EngineError(
                f"What the engine sends of {self._from} in the container {self._files.name} can't be used: {error}.",
                hint="Nothing outside of path was touched. Look what answers there as an engine.",
                kind="container_answer",
            ) from error
        except OSError as error:
            where = error.filename or self._path
            raise InvalidOption(
                "path", str(self._path), f"{where} can't be read or written: {error.strerror}.", "Correct it."
            ) from error
        return result

    def _looked(self, root: Entry) -> tuple[dict[str, Any], list[Change]]:
        """What the module returns if nothing is copied, and what is to be copied."""
        wanted = self._wanted(root)
        changes = self._decided(wanted)
        result: dict[str, Any] = {
            "changed": bool(changes), "container_path": self._from, "path": str(self._path),
            "actions": report.actions(changes, "copy", posixpath.basename(self._from)),
            "transferred": 0, "atomic": True,
        }  # fmt: skip
        if self._diff is not None:
            result["diff"] = self._difference(changes, wanted, self._diff)
        return result, changes

    def _difference(self, changes: list[Change], wanted: Mapping[str, Entry], largest: int) -> Any:
        here = self._local.entry("")
        sides = report.Sides(self._text_here, self._text_there, self._called_here, self._called_there, largest)
        if changes or list(wanted) != [""] or here is None:
            return report.diff(changes, sides)
        return report.unchanged("", here, replace(sides, after=self._text_here))

    def _called_here(self, path: str) -> str:
        return str(self._path / path)

    def _called_there(self, path: str) -> str:
        return posixpath.join(self._from, path).rstrip("/")

    def _root(self) -> Entry:
        root = self._files.stat(self._from)
        if root is None:
            raise InvalidOption(
                "container_path", self._from, "in the container, there is no such thing.", "Correct the path."
            )
        if root.kind == LINK:
            raise InvalidOption(
                "container_path", self._from, f"it is a symbolic link to {root.target}.", "Set follow to true."
            )
        if root.kind == OTHER or self._from == "/":
            what = "it is the whole container" if self._from == "/" else "it is a device, a pipe or a socket"
            raise InvalidOption("container_path", self._from, f"{what}.", "Name a file or a directory.")
        return root

    def _wanted(self, root: Entry) -> dict[str, Entry]:
        """What is in the container, with the modes that it is to have here; digests unless a file need not be read."""
        found = {"": self._file(root)} if root.kind == FILE else self._tree()
        if "" not in found or found[""].kind != root.kind:
            raise self._files.refused(self._from, f"calls it something else than {WORDS[root.kind]}, which it is")
        modes = {FILE: self._copy.mode, DIRECTORY: self._copy.directory_mode}
        wanted = {}
        for path, entry in sorted(found.items()):
            mode = modes.get(entry.kind)
            wanted[path] = replace(entry, owner=None, mode=entry.mode & PERMISSIONS if mode is None else mode)
        for path, entry in wanted.items():
            self._require_usable(path, entry, wanted)
        return wanted

    def _file(self, root: Entry) -> Entry:
        here = self._local.entry("")
        if self._copy.force is not None or here is None or here.kind != FILE or here.size != root.size:
            return root
        if root.size > SMALL:
            told = self._files.told(self._from, {self._from: root.size})
            if told and self._from in told:
                return told[self._from]
        return self._files.fetched(self._from).get("", root)

    def _tree(self) -> dict[str, Entry]:
        """Without what another copy is writing there, or has left half written."""
        told = self._files.told_below(self._from)
        found = self._files.fetched(self._from) if told is None else told
        return {path: entry for path, entry in found.items() if not run_mark.is_below_one(path)}

    def _require_usable(self, path: str, entry: Entry, wanted: Mapping[str, Entry]) -> None:
        where = report.shown(f"{self._from}/{path}")
        if entry.kind == OTHER:
            raise InvalidOption("container_path", where, f"it is {WORDS[OTHER]}.", "Copy something else.")
        if entry.kind == LINK and leads_out(path, lambda other: self._target(other, wanted)):
            raise InvalidOption(
                "container_path", where,
                f"it is a symbolic link that leads out of what is copied ({report.shown(entry.target)}).",
                "Copy something else, or remove the link.",
            )  # fmt: skip

    def _target(self, path: str, wanted: Mapping[str, Entry]) -> str | None:
        """Where a link leads to that is there when all is copied, be it the container's or one that was here before."""
        entry = wanted.get(path)
        if entry is None or self._copy.force is False:
            entry = self._local.entry(path) or entry
        return entry.target if entry is not None and entry.kind == LINK else None

    def _decided(self, wanted: Mapping[str, Entry]) -> list[Change]:
        actual = {path: here for path in wanted if (here := self._local.entry(path)) is not None}
        found = compare(wanted, actual, lambda path: self._same(path, wanted[path]), self._copy.force)
        changes = []
        for one in found:
            if isinstance(one, Conflict):
                where = str(self._local.local(one.path))
                raise InvalidOption("path", where, report.conflict(one), report.CONFLICT_REMEDY)
            changes.append(one)
        return changes

    def _same(self, path: str, wanted: Entry) -> bool:
        return wanted.digest is not None and wanted.digest == archive.digest(self._local.read(path))

    def _write(self, changes: Mapping[str, Change]) -> int:
        """Fetch and write; the bytes of content that were fetched."""
        self._local.make_base()
        missing = {path for path, change in changes.items() if change.wanted.kind == FILE}
        fetched = 0
        with self._files.packed(self._from) as pieces:
            for count, found in enumerate(archive.entries(pieces)):
                if count >= listing.MOST_ENTRIES:
                    raise self._files.refused(self._from, f"has more than {listing.MOST_ENTRIES} files there")
                change = changes.get(found.path)
                if change is not None:
                    missing.discard(found.path)
                    fetched += self._put(found, change.wanted)
        if missing:
            where = report.shown(f"{self._from}/{min(missing)}")
            raise EngineError(
                f"The engine sent no {where}.",
                hint="Was it removed meanwhile, or is it on a tmpfs? Try again, or copy something else.",
            )
        for path, change in sorted(changes.items(), reverse=True):
            if change.wanted.kind == LINK:
                self._local.link(path, change.wanted.target)
            elif change.wanted.kind == DIRECTORY:
                self._local.set_mode(path, change.wanted.mode)
        return fetched

    def _put(self, found: archive.Found, wanted: Entry) -> int:
        """Write what an archive has; the bytes of content."""
        if found.is_link_to is not None:
            self._local.write(found.path, wanted.mode, self._local.read(found.is_link_to))
        elif found.entry.kind == FILE and wanted.kind == FILE:
            self._local.write(found.path, wanted.mode, found.chunks)
            return found.entry.size
        elif found.entry.kind == DIRECTORY and wanted.kind == DIRECTORY:
            self._local.make_directory(found.path)
        return 0

    def _text_here(self, path: str) -> bytes:
        return b"".join(self._local.read(path))

    def _text_there(self, path: str) -> bytes:
        return self._files.content(f"{self._from}/{path}" if path else self._from, self._diff or 0)
