# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where symbolic links below a directory lead to, over all the others that are there. Pure."""

from __future__ import annotations

from collections.abc import Callable

HOPS = 40  # links that a kernel follows on one way; what needs more leads nowhere


def leads_out(path: str, target_of: Callable[[str], str | None]) -> bool:
    """Whether a symbolic link below a directory leads out of that directory, be it over other links.

    What is not there counts as a directory: it may be there later.

    :param path: the link's, below the directory.
    :param target_of: where the link at a path (below the directory) leads to; None where there is no link.
    """
    at: list[str] = []
    todo = path.split("/")[::-1]
    hops = 0
    while todo:
        part = todo.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not at:
                return True
            at.pop()
            continue
        target = target_of("/".join([*at, part]))
        if target is None:
            at.append(part)
            continue
        hops += 1
        if hops > HOPS:
            return False
        if target.startswith("/"):
            return True
        todo += target.split("/")[::-1]
    return False
