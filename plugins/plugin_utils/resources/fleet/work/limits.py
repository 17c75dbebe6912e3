# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the controller allows this user, before many hosts are connected to at once."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from ....errors import InvalidOption
from ..options import Wanted

FILES_OF_OURS, FILES_OF_A_HOST = 100, 8
# Of a host that is being connected to: its master, and the ssh that opens a forward or runs a command over it.
PROCESSES_OF_A_START = 3


def require_room(wanted: Wanted, hosts: int) -> None:
    """Refuse what would run into a limit half-way; the limit of open files is raised as far as that is allowed.

    :raises InvalidOption: with the limit and the command that shows it.
    """
    at_once = min(wanted.at_once, hosts)
    _require_files(wanted, FILES_OF_OURS + at_once * FILES_OF_A_HOST)
    kept = hosts if wanted.keep else 0
    _require_processes(wanted, kept + at_once * PROCESSES_OF_A_START)


def _require_files(wanted: Wanted, needed: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= needed or soft == resource.RLIM_INFINITY:
        return
    if hard == resource.RLIM_INFINITY or hard >= needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        return
    fits = max(1, (hard - FILES_OF_OURS) // FILES_OF_A_HOST)
    raise InvalidOption(
        "at_once", wanted.at_once, f"it takes up to {needed} open files, and this user may have {hard} (ulimit -Hn).",
        f"Lower at_once to {fits}, or raise the limit.",
    )  # fmt: skip


def _require_processes(wanted: Wanted, more: int) -> None:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NPROC)
    if os.geteuid() == 0 or soft == resource.RLIM_INFINITY:  # the kernel does not count root's
        return
    running = _processes_of(os.geteuid())
    if running + more <= soft:
        return
    remedy = "Set keep to false, or raise the limit." if wanted.keep else "Lower at_once, or raise the limit."
    raise InvalidOption(
        "keep" if wanted.keep else "at_once", wanted.keep if wanted.keep else wanted.at_once,
        f"it takes up to {more} processes (one ssh for each host) beside the {running} that run, and this user may "
        f"have {soft} (ulimit -u).",
        remedy,
    )  # fmt: skip


def _processes_of(user: int) -> int:
    found = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            found += path.stat().st_uid == user
        except OSError:  # it has ended meanwhile
            continue
    return found
