# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the documentation that a script makes: their parts, and writing one or telling how it should differ."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

WIDTH = 120


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


def heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}"


def paragraph(text: str) -> Iterator[str]:
    yield textwrap.fill(text, WIDTH, break_on_hyphens=False)


def code(text: str) -> str:
    return f"``{text}``" if text else ""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in (head, *rows):
        for number, cell in enumerate(row):
            start = "   * - " if number == 0 else "     - "
            filled = textwrap.fill(
                cell, WIDTH, initial_indent=start, subsequent_indent="       ", break_on_hyphens=False
            )
            lines.append(filled if cell else start.rstrip())
    yield "\n".join(lines)
