# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a copy did or would do, as the module returns it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...dataclass import dataclass
from .entries import DIRECTORY, FILE, LINK, OTHER, WORDS, Change, Conflict, Entry

MOST_DIFFS = 100  # entries whose difference is shown
OF_THE_TASK = "dynamically generated"  # what Ansible's own copy calls a content
CONFLICT_REMEDY = "Remove it first, or correct the path; nothing was copied."
_TEXT_SAMPLE = 8192
# What is shown for things without a content.
_STANDS_FOR = {DIRECTORY: "(directory)", OTHER: "(special file)"}
# The facts that a difference of contents does not tell.
_BESIDE = ("mode", "owner")


def shown(path: str) -> str:
    """A path as text, whatever bytes it has."""
    return path.encode(errors="surrogateescape").decode(errors="replace")


def actions(changes: Sequence[Change], action: str, root: str = "") -> list[dict[str, str]]:
    """[{action, path, reason}] in the order in which it is done.

    :param root: what the paths are below.
    """
    return [
        {"action": action, "path": shown(f"{root}/{change.path}".strip("/")), "reason": ", ".join(change.reasons)}
        for change in changes
    ]


def conflict(found: Conflict) -> str:
    """Why something can't be copied."""
    kept = " that is not empty, or a mount point" if found.actual.kind == DIRECTORY else ""
    return f"{WORDS[found.actual.kind]}{kept} is there, and {WORDS[found.wanted.kind]} can't take its place."


@dataclass(frozen=True)
class Sides:
    """Where the two versions of a difference come from.

    :param before, after: the content of a file, by its path.
    :param before_header, after_header: what each is called, by its path.
    :param largest: the size in bytes up to which a text is shown.
    """

    before: Callable[[str], bytes]
    after: Callable[[str], bytes]
    before_header: Callable[[str], str]
    after_header: Callable[[str], str]
    largest: int


def diff(changes: Sequence[Change], sides: Sides) -> dict[str, Any] | list[dict[str, Any]]:
    """What Ansible shows of differences: one dict for each change, in a list where there is not exactly one.

    It has {before, after, before_header, after_header}, or what stands for a content that is not shown
    (``dst_binary``, ``dst_larger``, and of the new one ``src_…``), as docker_container_copy_into has it, and in
    ``prepared`` what differs beside a content that is shown: mode and owner, a line each; or all that does.
    """
    found = [_difference(change, sides) for change in changes[:MOST_DIFFS]]
    return found[0] if len(found) == 1 else found


def unchanged(path: str, actual: Entry, sides: Sides) -> dict[str, Any]:
    """The same for one thing that stays as it is."""
    return _difference(Change(path, actual, actual, ()), sides)


def _difference(change: Change, sides: Sides) -> dict[str, Any]:
    path, actual, wanted = change.path, change.actual, change.wanted
    before = _version("dst", "before", sides.before_header(path), actual, lambda: sides.before(path), sides.largest)
    after = _version("src", "after", sides.after_header(path), wanted, lambda: sides.after(path), sides.largest)
    is_seen = {"before", "after"} <= {*before, *after} and before["before"] != after["after"]
    lines = [f"{line}\n" for line in _facts_that_differ(change, _BESIDE if is_seen else None)]
    return {**before, **after, **({"prepared": "".join(lines)} if lines else {})}


def _version(
    side: str, word: str, header: str, entry: Entry | None, read: Callable[[], bytes], largest: int
) -> dict[str, Any]:
    """One of two versions, with Ansible's words for the side it is on."""
    if entry is not None and entry.kind == FILE:
        if entry.size > largest:
            return {f"{side}_larger": largest}
        content = _text(read())
        return {f"{side}_binary": 1} if content is None else {f"{word}_header": shown(header), word: content}
    target = entry.target if entry is not None and entry.kind == LINK else ""
    return {f"{word}_header": shown(header), word: _STANDS_FOR.get(entry.kind if entry else "", shown(target))}


def _text(data: bytes) -> str | None:
    try:
        return None if b"\0" in data[:_TEXT_SAMPLE] else data.decode()
    except UnicodeDecodeError:
        return None


def _facts_that_differ(change: Change, only: tuple[str, ...] | None) -> list[str]:
    """What is known to be another one, of these facts or of all; nothing of a new thing whose content is seen."""
    new = {name: fact for name, fact in _facts(change.wanted).items() if only is None or name in only}
    if change.actual is None:
        return [f"{name}: {fact}" for name, fact in new.items()] if only is None else []
    old = _facts(change.actual)
    return [f"{name}: {old[name]} -> {fact}" for name, fact in new.items() if old.get(name, fact) != fact]


def _facts(entry: Entry) -> dict[str, str]:
    """What is known of an entry."""
    facts = {"kind": entry.kind}
    if entry.kind != LINK:
        facts["mode"] = f"{entry.mode:04o}"
    if entry.owner:
        facts["owner"] = f"{entry.owner[0]}:{entry.owner[1]}"
    if entry.kind == FILE:
        facts["size"] = str(entry.size)
        facts |= {"sha256": entry.digest} if entry.digest else {}
    return facts | ({"target": shown(entry.target)} if entry.kind == LINK else {})
