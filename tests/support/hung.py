# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a program that must end, and tells of one that does not where each of its Python processes stood."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

# Seconds in which a killed program's output ends.
PATIENCE = 30
PY_SPY = Path(sys.executable).parent / "py-spy"


class Hung(AssertionError):
    """A program did not end in its time: its output until then, and the stacks of its processes."""


def run(argv: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Run a program without input, and return what it printed.

    :param timeout: seconds that it may take.
    :raises Hung: it took longer; its processes are ended.
    """
    with subprocess.Popen(
        argv, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,  # one of its own: an ssh of another test would make a shared one non-blocking
    ) as process:  # fmt: skip
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            family = [process.pid, *descendants(process.pid)]
            stacks = "\n".join(stack(pid) for pid in family)
            for pid in reversed(family):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            stdout, stderr = process.communicate(timeout=PATIENCE)
            raise Hung(f"{' '.join(argv)} took over {timeout:g} seconds.\n{stacks}\n{stdout}{stderr}") from None
    return subprocess.CompletedProcess(argv, process.returncode, stdout, stderr)


def descendants(pid: int) -> Iterator[int]:
    """The processes below one, each before its own; masters of ssh are nobody's by then."""
    try:
        threads = [file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it, or one of its threads, has just ended
        return
    for child in map(int, " ".join(threads).split()):
        yield child
        yield from descendants(child)


def stack(pid: int) -> str:
    """Where a process stands: the stack of a Python process, the command line of others."""
    done = subprocess.run(
        [str(PY_SPY), "dump", "--nonblocking", "--pid", str(pid)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return done.stdout
    try:
        return f"Process {pid}: {Path(f'/proc/{pid}/cmdline').read_text().replace(chr(0), ' ')}\n"
    except OSError:
        return f"Process {pid} has ended.\n"
