# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are put into a container when it is made: no option of a task, but part of what an application wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ....dataclass import dataclass


@dataclass(frozen=True, kw_only=True)
class PutFile:
    """A file to put into a container after it is made and before it starts.

    :param path: in the container, absolute.
    :param content: its bytes. They may be a secret: nothing shows them.
    :param mode: its permissions.
    :param uid: of its owner, by number.
    :param gid: of its group, by number.
    """

    path: str
    content: bytes = field(repr=False)
    mode: int = 0o444
    uid: int = 0
    gid: int = 0


def differing(wanted: tuple[PutFile, ...], found: Mapping[str, PutFile | None]) -> dict[str, tuple[str, str]]:
    """How each file that is not there as it is wanted differs, (before, after) by path; never what is in it."""
    return {one.path: _shown(one, found.get(one.path)) for one in wanted if found.get(one.path) != one}


def _shown(wanted: PutFile, found: PutFile | None) -> tuple[str, str]:
    if found is None:
        return "missing", _owner_and_mode(wanted)
    before, after = _owner_and_mode(found), _owner_and_mode(wanted)
    return (before, after) if before != after else (f"{before}, another content", after)


def _owner_and_mode(one: PutFile) -> str:
    return f"{one.uid}:{one.gid} {one.mode:04o}"
