# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what ssh, and commands run through it, write on stderr: as lines to classify, and as a text to quote."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_QUOTATION = 700  # characters
_JUDGED_BY = 16_000  # characters
_BETWEEN = " / "

# Frames and debugging, but not what sshd said before its banner.
_NOISE = re.compile(
    r"debug\d: (?!.*banner line)|Warning: Permanently added |Authenticated to |@+$|OpenSSH_\S+[ ,]"
    r"|IT IS POSSIBLE THAT|Someone could be eavesdropping|It is also possible that|Please contact your system"
    r"|Add correct host key in "
)
# True, and no reason for a failure: since 10.1 ssh warns of each connection whose key exchange a quantum computer could
# break.
_ASIDE = re.compile(r"\*\* |Warning:", re.IGNORECASE)


def lines(stderr: str) -> list[str]:
    """The lines of a text without those that mean nothing. Of a very long text, only its end is read."""
    found = (line.strip() for line in stderr[-_JUDGED_BY:].splitlines())
    return [line for line in found if line and not _NOISE.match(line)]


def quotation(stderr: str) -> str:
    """ssh's own words on one line, each line once. Warnings are left out unless there is nothing else."""
    said = lines(stderr)
    return joined([line for line in said if not _ASIDE.match(line)] or said)


def joined(said: Iterable[str], longest: int = LONGEST_QUOTATION) -> str:
    """The lines joined into one, each once. If they are too long together, the first are left out, because the last
    name the cause; a line is cut only if it is the last and too long by itself.
    """
    kept: list[str] = []
    different = list(dict.fromkeys(line.strip("@ ") for line in said if line.strip("@ ")))
    for line in reversed(different):
        if sum(map(len, kept)) + len(line) > longest:
            return _BETWEEN.join(["…", *kept]) if kept else f"{line[:longest]}…"
        kept.insert(0, line)
    return _BETWEEN.join(kept)
