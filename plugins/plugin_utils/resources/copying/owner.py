# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose the copied files are where the task does not say: the user's as whom the container runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_NUMBER = re.compile(r"[0-9]{1,10}")
# The text of a file of the container, '' where it has none.
ReadFile = Callable[[str], str]


def container_owner(user: str, read_file: ReadFile) -> tuple[int, int] | None:
    """(user ID, group ID) of a container's ``User``, such as '', '1000', 'web' or 'web:www-data'; None when it names
    somebody whom the container's own files do not know.
    """
    name, _colon, group = user.partition(":")
    if not name:
        name = "0"
    found = _user(name, "" if name == "0" and not group else read_file("/etc/passwd"))
    if found is None:
        return None
    if not group:
        return found
    number = int(group) if _NUMBER.fullmatch(group) else _group(group, read_file("/etc/group"))
    return None if number is None else (found[0], number)


def _user(name: str, passwd: str) -> tuple[int, int] | None:
    for fields in _rows(passwd, 4):
        if _NUMBER.fullmatch(fields[2]) and _NUMBER.fullmatch(fields[3]) and name in (fields[0], fields[2]):
            return int(fields[2]), int(fields[3])
    return (int(name), 0) if _NUMBER.fullmatch(name) else None


def _group(name: str, groups: str) -> int | None:
    rows = _rows(groups, 3)
    return next((int(fields[2]) for fields in rows if fields[0] == name and _NUMBER.fullmatch(fields[2])), None)


def _rows(text: str, least: int) -> Iterator[list[str]]:
    for line in text.split("\n"):
        fields = line.split(":")
        if len(fields) >= least:
            yield fields
