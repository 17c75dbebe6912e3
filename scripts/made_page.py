# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the documentation that a script makes: writes one, or tells how it differs from what it should be."""

from __future__ import annotations

import difflib
from pathlib import Path


def write_or_check(page: Path, made: str, arguments: list[str]) -> int:
    """Write the page; with --check only compare. The exit code: 1 when --check finds another page."""
    if arguments != ["--check"]:
        page.write_text(made)
        return 0
    found = page.read_text() if page.is_file() else ""
    difference = difflib.unified_diff(found.splitlines(), made.splitlines(), str(page), "as it should be", lineterm="")
    lines = list(difference)
    print("\n".join(lines))
    return 1 if lines else 0
