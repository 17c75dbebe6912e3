# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A part of the hosts of a file, for one of several controllers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .entry import HostsFile

_SLICE = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})")


def positions(text: str) -> tuple[int, int] | None:
    """(K, N) of ``K/N``, None where the text is no such thing."""
    found = _SLICE.fullmatch(text)
    if not found or int(found[1]) > int(found[2]):
        return None
    return int(found[1]), int(found[2])


def sliced(hosts: HostsFile, which: int, count: int) -> HostsFile:
    """Every ``count``-th host by name, from the one at position ``which`` (1 is the first), in the file's order. That
    is how AWX slices a job, so the same hosts are in the same slice there.
    """
    chosen = _names(hosts)[which - 1 :: count]
    keep = set(chosen)
    return replace(
        hosts,
        hosts=tuple(entry for entry in hosts.hosts if entry.name in keep),
        default_host=hosts.default_host if hosts.default_host in keep else None,
    )


def _names(hosts: HostsFile) -> Sequence[str]:
    return sorted(entry.name for entry in hosts.hosts)
