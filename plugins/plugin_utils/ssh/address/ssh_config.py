# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells whether the user's ssh configuration may name a jump host. It is read as text, because ``ssh -G`` costs a
process.

Opening a tunnel may cost little more than a plain ssh, and most people have no ``ProxyJump``. Those who have one pay
for ``ssh -G`` once for each tunnel that is opened.
"""

from __future__ import annotations

import glob
import os
import pwd
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from .options import Argument

SYSTEM = "/etc/ssh/ssh_config"
DEEPEST = 16  # ssh's own limit of nested Include lines
LARGEST = 1 << 20  # bytes; what is larger is left to ssh

_JUMP = re.compile(rb"^[^#\n]*proxyjump", re.IGNORECASE | re.MULTILINE)
_INCLUDE = re.compile(rb"""^[ \t]*"?include"?[ \t]*[= \t][ \t]*([^\r\n]*)""", re.IGNORECASE | re.MULTILINE)
_SURE = re.compile(r"[\w@+:,./~*?\[\]!-]+")  # paths that mean here what they mean to ssh: no quotes, no tokens


def may_jump(arguments: Sequence[Argument], home: str | None = None, system: str = SYSTEM) -> bool:
    """Whether the files that ssh reads with these arguments may hold a ``ProxyJump``. A file that can't be read in full
    is taken to hold one.

    :param home: the user's home directory; None for the one that ssh takes, which is the account's.
    """
    return any(_holds(file, folder, 0) for file, folder in _files(arguments, home, system))


def _files(arguments: Sequence[Argument], home: str | None, system: str) -> list[tuple[str, str]]:
    """The files that ssh begins with, each with the folder to which its relative Include lines refer."""
    user = f"{_home() if home is None else home}/.ssh"
    named = [argument.value or "" for argument in arguments if argument.flag == "F"]
    if named:
        return [] if named[-1].lower() == "none" else [(named[-1], user)]
    return [(f"{user}/config", user), (system, str(Path(system).parent))]


def _home() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a user without a name: ssh itself refuses to run
        return "/"


def _holds(file: str, folder: str, depth: int) -> bool:
    if depth > DEEPEST:
        return True
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - a few files at every cold open
            text = opened.read(LARGEST)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    if len(text) == LARGEST or _JUMP.search(text):
        return True
    return any(_included(line.decode(errors="replace"), folder, depth) for line in _INCLUDE.findall(text))


def _included(line: str, folder: str, depth: int) -> bool:
    patterns = line.split()
    if not all(_SURE.fullmatch(pattern) for pattern in patterns):
        return True
    return any(_holds(file, folder, depth + 1) for file in matches(patterns, folder))


def matches(patterns: Iterable[str], folder: str) -> Iterable[str]:
    for pattern in patterns:
        yield from glob.glob(os.path.join(folder, os.path.expanduser(pattern)))  # noqa: PTH111, PTH118, PTH207
