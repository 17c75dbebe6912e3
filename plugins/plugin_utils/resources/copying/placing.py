# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands by which written files get their names in a container, so that nobody there sees half a file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence, Set

from ...dataclass import dataclass
from .listing import MOST_ARGUMENTS

_AGE = re.compile(r"-?[0-9]{1,12}")
# Also tells the temporary names that are there (``run_mark``), with the seconds since each was changed.
_PROBE = r"""
for tool in mv rm rmdir cat chown chmod; do command -v "$tool" >/dev/null 2>&1 || exit 9; done
for directory; do [ -d "$directory" ] && [ -w "$directory" ] || exit 8; done
now=$(date +%s 2>/dev/null)
for directory; do
  for path in "${directory%/}"/.*.sshfleet-*; do
    changed=$(stat -c %Z "$path" 2>/dev/null) || continue
    printf '%s %s\0' "$((now - changed))" "$path"
  done
done
"""
# A file would be moved into a directory, also one that a link leads to. What is a mount point itself can only be
# filled. rmdir removes no directory with something in it.
_MOVE = """
while [ $# -gt 3 ]; do
  if [ -L "$2" ]; then rm -f "$2" || exit 1; elif [ -d "$2" ]; then rmdir "$2" || exit 1; fi
  if ! words=$(mv -f "$1" "$2" 2>&1); then
    if [ ! -f "$1" ] || [ ! -f "$2" ]; then echo "$words" >&2; exit 1; fi
    cat "$1" > "$2" && chown "$3" "$2" && chmod "$4" "$2" && rm -f "$1" || exit 1
  fi
  shift 4
done
"""
_ADJUST = """
while [ $# -gt 2 ]; do
  chown "$2" "$1" && chmod "$3" "$1" || exit 1
  shift 3
done
"""


@dataclass(frozen=True)
class Move:
    """One renaming: the name under which something was written, the one that it is to have, and what it must be
    then.
    """

    source: str
    destination: str
    owner: tuple[int, int]
    mode: int

    def words(self) -> list[str]:
        return [self.source, self.destination, f"{self.owner[0]}:{self.owner[1]}", f"{self.mode:o}"]


def probes(directories: Iterable[str]) -> Iterator[list[str]]:
    """Commands that end with 0 if files in these directories can be renamed."""
    for words, _count in _grouped([directory] for directory in directories):
        yield ["/bin/sh", "-c", _PROBE, "sh", *words]


def temporary(printed: bytes, directories: Set[str]) -> Iterator[tuple[str, float]]:
    """What a probe tells of temporary names: paths, which lie in these directories, and seconds since their change."""
    for record in printed.split(b"\0")[:-1]:
        age, _space, path = record.decode(errors="surrogateescape").partition(" ")
        if _AGE.fullmatch(age) and (posixpath.dirname(path) in directories):
            yield path, float(age)


def commands(moves: Iterable[Move]) -> Iterator[tuple[list[str], int]]:
    """Commands that rename, and how many of the moves each makes."""
    for words, count in _grouped(move.words() for move in moves):
        yield ["/bin/sh", "-c", _MOVE, "sh", *words], count


def adjustments(moves: Iterable[Move]) -> Iterator[list[str]]:
    """Commands that change the owner and mode of what is there already."""
    for words, _count in _grouped(move.words()[1:] for move in moves):
        yield ["/bin/sh", "-c", _ADJUST, "sh", *words]


def removals(paths: Iterable[str]) -> Iterator[list[str]]:
    """Commands that remove."""
    for words, _count in _grouped([path] for path in paths):
        yield ["rm", "-rf", *words]


def _grouped(rows: Iterable[Sequence[str]]) -> Iterator[tuple[list[str], int]]:
    """The words of as many rows as one command takes, and how many rows they are."""
    words: list[str] = []
    length = count = 0
    for row in rows:
        words += row
        count += 1
        length += sum(len(word.encode()) + 1 for word in row)
        if length > MOST_ARGUMENTS:
            yield words, count
            words, length, count = [], 0, 0
    if words:
        yield words, count
