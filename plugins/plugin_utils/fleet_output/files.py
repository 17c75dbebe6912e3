# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files a run writes in its output directory, and how they are called. Pure; ``work`` writes them."""

from __future__ import annotations

import hashlib
import re

SUMMARY_JSON, SUMMARY_TEXT = "summary.json", "summary.txt"
SUMMARIES = (SUMMARY_JSON, SUMMARY_TEXT)
OUTPUT, RESULTS = ".out", ".json"  # what commands and containers wrote; results as a list in JSON

_LONGEST = 200  # bytes: file systems take 255, and a suffix comes behind it
_SAFE = re.compile(rb"[A-Za-z0-9._-]")
_RESERVED = re.compile(rb"summary", re.IGNORECASE)


def file_name(host: str, suffix: str) -> str:
    """A host's file: its name, with each byte that a file's name should not have as ``%2f``.

    No two hosts have the same one, none begins with a dot, has a slash or is a summary's, and it can be read back.
    """
    name = host.encode("utf-8", "surrogatepass")
    first = "" if name[:1] not in (b".", b"-") and not _RESERVED.fullmatch(name) else f"%{name[0]:02x}"
    written = first + "".join(_written(byte) for byte in name[1 if first else 0 :]) or "%"
    if len(written) > _LONGEST:
        written = f"{written[:_LONGEST]}%{hashlib.sha256(name).hexdigest()[:32]}"
    return written + suffix


def _written(byte: int) -> str:
    return chr(byte) if _SAFE.match(bytes([byte])) else f"%{byte:02x}"
