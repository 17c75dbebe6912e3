# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is at paths in a container, told by its own shell: a script, and how to read what it prints.

That is how contents are compared without fetching them. The script needs ``stat``, ``readlink`` and ``sha256sum`` (GNU,
busybox or toybox); where something is missing, it ends with an exit code and prints no record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .entries import DIRECTORY, FILE, LINK, OTHER, Entry

# Bytes of arguments in one command: far below the 128 KiB that the oldest kernels allow.
MOST_ARGUMENTS = 60_000
MOST_PRINTED = 64 * 1024 * 1024  # bytes of an answer
MOST_ENTRIES = 500_000
LONGEST_PATH = 4096  # a kernel's
MODE_BITS = 0o7777
_FACTS = re.compile(r"([0-9]{1,10}) ([0-9]{1,10}) ([0-7]{1,6}) ([0-9]{1,19})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_KINDS = {"f": FILE, "d": DIRECTORY, "l": LINK, "o": OTHER}

_RECORD = r"""
for tool in stat readlink sha256sum; do command -v "$tool" >/dev/null 2>&1 || exit 9; done
record() {
  kind=o extra=
  if [ -L "$1" ]; then kind=l extra=$(readlink "$1") || exit 8
  elif [ -d "$1" ]; then kind=d
  elif [ -f "$1" ]; then kind=f
  elif [ ! -e "$1" ]; then return
  fi
  facts=$(stat -c '%u %g %a %s' "$1") || exit 8
  if [ $kind = f ] && { [ -z "$2" ] || [ "$2" = "${facts##* }" ]; }; then
    extra=$(sha256sum < "$1") || exit 8
  fi
  printf '%s\0%s\0%s\0%s\0' "$1" $kind "$facts" "${extra%  -}"
}
"""
_NAMED = _RECORD + 'while [ $# -gt 1 ]; do record "$1" "$2"; shift 2; done\n'
_FOUND = _RECORD + 'for path; do record "$path" ""; done\n'


def commands_for(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Commands that look at these paths. A file is read only where it has the size that is given here."""
    words: list[str] = []
    length = 0
    for path, size in sizes.items():
        words += [path, str(size)]
        length += len(path.encode()) + 16
        if length > MOST_ARGUMENTS:
            yield ["/bin/sh", "-c", _NAMED, "sh", *words]
            words, length = [], 0
    if words:
        yield ["/bin/sh", "-c", _NAMED, "sh", *words]


def below(root: str) -> list[str]:
    """A command that looks at all that is in a directory, and at the directory."""
    return ["find", root, "-exec", "/bin/sh", "-c", _FOUND, "sh", "{}", "+"]


class Outside(Exception):
    """A record of something that was not asked about; ``path`` is what it names."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def read(printed: bytes) -> dict[str, Entry]:
    """The entries by their paths.

    :raises ValueError: that is not what the script prints.
    """
    fields = _fields(printed)
    found: dict[str, Entry] = {}
    for path in fields:
        try:
            found[path] = _entry(next(fields), next(fields), next(fields))
        except StopIteration:
            raise ValueError("incomplete") from None
        if len(found) > MOST_ENTRIES:
            raise ValueError("too many")
    return found


def read_below(root: str, printed: bytes) -> dict[str, Entry]:
    """The entries by their paths below a directory, '' for itself.

    :raises Outside: one of them is not at or below the directory, as names are: no container's file is called '..'.
    :raises ValueError: that is not what the script prints.
    """
    found = {}
    for path, entry in read(printed).items():
        below = path.removeprefix(f"{root}/")
        if path == root:
            below = ""
        elif below == path or len(path) > LONGEST_PATH or {"", ".", ".."} & set(below.split("/")):
            raise Outside(path)
        found[below] = entry
    return found


def _fields(printed: bytes) -> Iterator[str]:
    start = 0
    while (end := printed.find(b"\0", start)) >= 0:
        yield printed[start:end].decode(errors="surrogateescape")
        start = end + 1
    if start != len(printed):
        raise ValueError("incomplete")


def _entry(kind: str, facts: str, extra: str) -> Entry:
    match = _FACTS.fullmatch(facts)
    if match is None or kind not in _KINDS or len(extra) > LONGEST_PATH:
        raise ValueError(kind)
    if kind == "f" and extra and not _DIGEST.fullmatch(extra):
        raise ValueError(extra)
    user, group, mode, size = match.groups()
    return Entry(
        _KINDS[kind], int(mode, 8) & MODE_BITS, (int(user), int(group)),
        size=int(size) if kind == "f" else 0,
        digest=(extra or None) if kind == "f" else None,
        target=extra if kind == "l" else "",
    )  # fmt: skip
