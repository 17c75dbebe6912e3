# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the live region's lines with rich, where that is installed."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Mapping
from typing import Any

from ...telling import visible
from ..progress import Progress, told


def can_draw(stream: Any, environment: Mapping[str, str]) -> bool:
    """Whether this is a terminal that a person looks at, and rich is there. It is imported when something is drawn."""
    if environment.get("CI") or environment.get("TERM", "dumb") == "dumb" or not stream.isatty():
        return False
    return importlib.util.find_spec("rich") is not None


def drawn(progress: Progress, now: float, width: int, colours: bool) -> list[str]:
    """The task, a bar, and what ``told`` tells, none wider than this."""
    from rich.console import Console
    from rich.progress_bar import ProgressBar
    from rich.text import Text

    console = Console(
        file=io.StringIO(), force_terminal=True, width=max(width, 10), no_color=not colours, legacy_windows=False
    )
    share = ProgressBar(total=max(progress.total, 1), completed=progress.done, width=min(max(width, 10), 60))
    first, *more = told(progress, now)
    with console.capture() as capture:
        _line(console, Text(visible(progress.task).replace("\n", " "), "bold"))
        console.print(share)
        console.line()
        _line(console, Text(first, "red" if progress.failed else ""))
        for line in more:
            _line(console, Text(visible(line), "dim"))
    return capture.get().splitlines()


def _line(console: Any, text: Any) -> None:
    console.print(text, no_wrap=True, overflow="ellipsis")
