# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts that an ssh configuration names by themselves: the words of its Host lines that are no patterns."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from .ssh_config import DEEPEST, LARGEST, matches

_PATTERN = frozenset("*?!")


def aliases(file: str, folder: str) -> list[str]:
    """Each alias once, in the order of the file and of those that it includes.

    :param folder: to which relative Include lines refer, which is ``~/.ssh`` for a user's file.
    :raises OSError: the file can't be read; one that is included and can't be is passed over, as ssh does.
    """
    return list(dict.fromkeys(_found(Path(file).read_bytes()[:LARGEST], folder, 0)))


def _found(text: bytes, folder: str, depth: int) -> Iterator[str]:
    for line in text.decode(errors="replace").splitlines():
        keyword, words = _read(line)
        if keyword == "host":
            yield from (word for word in words if word and not _PATTERN & set(word))
        elif keyword == "include" and depth < DEEPEST:
            yield from _included(words, folder, depth)


def _included(words: list[str], folder: str, depth: int) -> Iterator[str]:
    for file in matches(words, folder):
        try:
            text = Path(file).read_bytes()[:LARGEST]
        except (OSError, ValueError):
            continue
        yield from _found(text, folder, depth + 1)


def _read(line: str) -> tuple[str, list[str]]:
    """(lower-case keyword, words) of a line, ('', []) of one that says nothing or can't be read."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return "", []
    if not words:
        return "", []
    keyword, equals, value = words[0].partition("=")
    rest = words[1:]
    if equals:
        rest = [*([value] if value else []), *rest]
    elif rest and rest[0].startswith("="):
        rest = [*([rest[0][1:]] if rest[0] != "=" else []), *rest[1:]]
    return keyword.lower(), rest
