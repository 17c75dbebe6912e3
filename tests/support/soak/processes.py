# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a soak may leak: processes, files, descriptors, threads, memory."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KIB = 1024
PAGE = os.sysconf("SC_PAGE_SIZE")


def of(runtime: Path) -> list[tuple[int, str]]:
    """(pid, command line) of the processes that name a runtime directory, but for this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_text(errors="replace").replace("\0", " ")
            except OSError:
                continue
            if str(runtime) in words:
                found.append((int(entry.name), words))
    return found


@dataclass(frozen=True)
class Size:
    """Of this process: memory in KiB, descriptors and threads."""

    memory: int
    descriptors: int
    threads: int

    def __str__(self) -> str:
        return f"{self.memory / KIB:.1f} MiB, {self.descriptors} descriptors, {self.threads} threads"


def size() -> Size:
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // KIB
    return Size(resident, len(list(Path("/proc/self/fd").iterdir())), threading.active_count())


def grown(sizes: list[Size], most: int) -> Iterator[str]:
    """Whether the memory of the last quarter is over that of the second by more than ``most`` KiB."""
    quarter = len(sizes) // 4
    if quarter < 2:
        yield f"there are only {len(sizes)} looks at the memory"
        return
    before, after = (
        sorted(size.memory for size in some)[quarter // 2] for some in (sizes[quarter:][:quarter], sizes[-quarter:])
    )
    if after - before > most:
        yield f"memory has grown from {before / KIB:.1f} to {after / KIB:.1f} MiB"
