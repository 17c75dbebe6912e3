# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a temporary name is: the mark of a run, and whether that run still lives.

A run that is killed removes nothing. The next one removes what it has left, and must not take what a living one still
works with. So the name tells the machine, the process and when that began.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
from functools import cache
from pathlib import Path

# No run writes one file for so long (seconds): what is older is left over, whichever controller's it is.
LONGEST = 24 * 3600.0
NAME_LENGTH = 50  # characters that a temporary name keeps, so that it is never too long
_WORD = "sshfleet"
_NAME = re.compile(rf"\..*\.{_WORD}-([0-9a-f]{{8}})-([0-9a-f]{{1,8}})-([0-9a-f]{{8}})-[0-9a-f]{{4}}", re.DOTALL)
_PROCESS = re.compile(r"([0-9a-f]{1,8})-([0-9a-f]{4})[0-9a-f]{4}")
UNKNOWN = "0" * 8


def suffix() -> str:
    """The end of a temporary name of this process; another one with each call."""
    pid = os.getpid()
    return f"{_WORD}-{_machine()}-{pid:x}-{began(pid) or UNKNOWN}-{os.urandom(2).hex()}"


def process() -> str:
    """A short mark of this process for names in the user's own directory; another one with each call."""
    pid = os.getpid()
    return f"{pid:x}-{(began(pid) or UNKNOWN)[:4]}{os.urandom(2).hex()}"


def process_runs(mark: str) -> bool:
    """Whether the process lives that ``process`` has named so; True for what is no such mark."""
    match = _PROCESS.fullmatch(mark)
    return match is None or runs(int(match[1], 16), match[2])


def beside(name: str) -> str:
    """A hidden name for what is to become a file of this name, in the same directory."""
    return f".{name[:NAME_LENGTH]}.{suffix()}"


def may_be_one(name: str) -> bool:
    """Whether a name is made as ``beside`` makes them."""
    return _NAME.fullmatch(name) is not None


def is_below_one(path: str) -> bool:
    """Whether a path is such a name, or is in a directory that has one."""
    return f".{_WORD}-" in path and any(may_be_one(part) for part in path.split("/"))


def is_left_over(name: str, age: float | None) -> bool:
    """Whether this is a temporary name of a run that is over.

    :param age: seconds since it was last changed, which decide where the run is another controller's; None where that
        is not known.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return False
    if match[1] == _machine():
        return not runs(int(match[2], 16), match[3])
    return age is not None and age > LONGEST


def runs(pid: int, mark: str) -> bool:
    """Whether the process still runs, and is no later one with its number.

    :param mark: what ``began`` told of it, or the beginning of that.
    """
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        pass
    found = began(pid)
    return found is None or mark == UNKNOWN[: len(mark)] or found.startswith(mark)


def began(pid: int) -> str | None:
    """A mark of the moment at which a process began, 8 hexadecimal digits; None where nobody tells (not on Linux)."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return _hashed(f"{_boot()} {facts[19].decode()}")  # starttime, the 22nd field
    except (OSError, IndexError):
        return None


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:8]


@cache
def _machine() -> str:
    """This machine, or the container that the controller is: where process numbers mean the same."""
    facts = [socket.gethostname(), _text("/etc/machine-id")]
    try:
        facts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 - beside os.kill
    except OSError:
        facts.append("")
    return _hashed("\n".join(facts))


@cache
def _boot() -> str:
    return _text("/proc/sys/kernel/random/boot_id")


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
