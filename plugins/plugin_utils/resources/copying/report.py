# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a copy did or would do, as the module returns it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .entries import FILE, LINK, WORDS, Change, Conflict, Entry

MOST_DIFFS = 100  # entries whose difference is shown
CONFLICT_REMEDY = "Remove it first, or correct the path; nothing was copied."
_TEXT_SAMPLE = 8192


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
    return f"{WORDS[found.actual.kind]} is there, and {WORDS[found.wanted.kind]} can't take its place."


def diff(
    changes: Sequence[Change],
    base: str,
    before: Callable[[str], bytes],
    after: Callable[[str], bytes],
    largest: int,
) -> dict[str, Any] | list[dict[str, Any]]:
    """{before, after, before_header, after_header}, one of them for each change where there are more.

    Texts of files that are not larger than ``largest`` bytes; of others, what is known of them.

    :param before, after: the content of a file, by its path.
    """
    found = [_difference(change, base, before, after, largest) for change in changes[:MOST_DIFFS]]
    return found[0] if len(found) == 1 else found


def _difference(
    change: Change, base: str, before: Callable[[str], bytes], after: Callable[[str], bytes], largest: int
) -> dict[str, Any]:
    header = shown(f"{base.rstrip('/')}/{change.path}" if change.path else base)
    old, new = _text(change.actual, change.path, before, largest), _text(change.wanted, change.path, after, largest)
    if old is None or new is None or old == new:  # equal where only the mode or the owner differs
        old, new = _facts(change.actual, change), _facts(change.wanted, change)
    return {"before_header": header, "after_header": header, "before": old, "after": new}


def _text(entry: Entry | None, path: str, read: Callable[[str], bytes], largest: int) -> str | None:
    if entry is None:
        return ""
    if entry.kind != FILE or entry.size > largest:
        return None
    data = read(path)
    try:
        return None if b"\0" in data[:_TEXT_SAMPLE] else data.decode()
    except UnicodeDecodeError:
        return None


def _facts(entry: Entry | None, change: Change) -> str:
    """What is known of an entry, a line each."""
    if entry is None:
        return ""
    facts = [f"kind: {entry.kind}", *([f"mode: {entry.mode:04o}"] if entry.kind != LINK else [])]
    if entry.owner and (change.actual is None or change.actual.owner):
        facts.append(f"owner: {entry.owner[0]}:{entry.owner[1]}")
    if entry.kind == FILE:
        facts.append(f"size: {entry.size}")
        facts += [f"sha256: {entry.digest}"] if entry.digest else []
    if entry.kind == LINK:
        facts.append(f"target: {shown(entry.target)}")
    return "\n".join(facts) + "\n"
