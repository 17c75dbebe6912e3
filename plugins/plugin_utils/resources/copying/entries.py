# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is at a path, and what has to be copied so that it becomes what is wanted. Pure: entries in, changes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ...dataclass import dataclass

FILE, DIRECTORY, LINK, OTHER = "file", "dir", "link", "other"
NAME_LENGTH = 50  # characters that a temporary name keeps, so that it is never too long
WORDS = {FILE: "a file", DIRECTORY: "a directory", LINK: "a symbolic link", OTHER: "neither file, directory nor link"}


@dataclass(frozen=True)
class Entry:
    """One file, directory or symbolic link. ``mode`` has the permission bits, ``size`` is a file's in bytes, ``target``
    a link's. ``owner`` is (user ID, group ID), None where it does not matter or is not known; so is ``digest``, the
    SHA-256 of a file's content.
    """

    kind: str
    mode: int = 0
    owner: tuple[int, int] | None = None
    size: int = 0
    digest: str | None = None
    target: str = ""


@dataclass(frozen=True)
class Change:
    """An entry that has to be copied, by its path below the base directory, and why."""

    path: str
    wanted: Entry
    actual: Entry | None
    reasons: tuple[str, ...]

    @property
    def replaces_directory(self) -> bool:
        return self.actual is not None and self.actual.kind == DIRECTORY != self.wanted.kind

    @property
    def of_content(self) -> bool:
        """Whether more than the owner and mode of a file differ."""
        return self.wanted.kind != FILE or not {*self.reasons} <= {"mode", "owner", "group"}


@dataclass(frozen=True)
class Conflict:
    """A directory would have to take the place of something else, or something else that of a directory with something
    in it.
    """

    path: str
    wanted: Entry
    actual: Entry


def compare(
    wanted: Mapping[str, Entry],
    actual: Mapping[str, Entry],
    same_content: Callable[[str], bool],
    force: bool | None,
    is_empty: Callable[[str], bool] = lambda path: False,
) -> list[Change | Conflict]:
    """What has to be copied, in the order of ``wanted``.

    :param wanted, actual: entries by their path below the base directory, a directory before what is in it.
    :param same_content: asked for files of equal size only.
    :param force: None compares; True copies all; False copies only what is not there.
    :param is_empty: asked for directories that something else would take the place of.
    """
    found: list[Change | Conflict] = []
    for path, entry in wanted.items():
        there = actual.get(path)
        if there is not None and force is not False and _conflicts(path, entry, there, is_empty):
            found.append(Conflict(path, entry, there))
        elif there is None:
            found.append(Change(path, entry, None, ("missing",)))
        elif force is not False and (reasons := _reasons(path, entry, there, same_content, bool(force))):
            found.append(Change(path, entry, there, reasons))
    return found


def _conflicts(path: str, wanted: Entry, actual: Entry, is_empty: Callable[[str], bool]) -> bool:
    if (wanted.kind == DIRECTORY) == (actual.kind == DIRECTORY):
        return False
    return wanted.kind == DIRECTORY or not is_empty(path)


def _reasons(
    path: str, wanted: Entry, actual: Entry, same_content: Callable[[str], bool], force: bool
) -> tuple[str, ...]:
    if force and wanted.kind != DIRECTORY:
        return ("forced",)
    if wanted.kind != actual.kind:
        return ("kind",)
    reasons = []
    if wanted.kind == FILE and (wanted.size != actual.size or not same_content(path)):
        reasons.append("content")
    if wanted.kind == LINK and wanted.target != actual.target:
        reasons.append("target")
    if wanted.kind != LINK and wanted.mode != actual.mode:
        reasons.append("mode")
    if wanted.owner and actual.owner:
        reasons += [name for name, a, b in zip(("owner", "group"), wanted.owner, actual.owner, strict=True) if a != b]
    return tuple(reasons)


def staged(changes: Iterable[Change], suffix: str) -> dict[str, str]:
    """The path under which each changed entry is written first: the topmost part of it that is not there yet, or is
    replaced, has another name beside it. Directories that are there keep theirs.
    """
    names: dict[str, str] = {}
    for change in changes:
        parent = change.path.rpartition("/")[0]
        if names.get(parent, parent) != parent:  # below something that is new itself
            names[change.path] = names[parent] + change.path[len(parent) :]
        elif change.wanted.kind == DIRECTORY and change.actual is not None:
            names[change.path] = change.path
        else:
            names[change.path] = beside(change.path, suffix)
    return names


def renames(names: Mapping[str, str]) -> dict[str, str]:
    """What has to be renamed when all is written: {name it has: name it is to have}."""
    return {
        name: path
        for path, name in names.items()
        if name != path and name.rpartition("/")[0] == path.rpartition("/")[0]
    }


def beside(path: str, suffix: str) -> str:
    """A hidden name in the same directory."""
    parent, slash, name = path.rpartition("/")
    return f"{parent}{slash}.{name[:NAME_LENGTH]}.{suffix}"
