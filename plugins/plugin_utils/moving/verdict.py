# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of one task, and how it is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from ..dataclass import dataclass
from .edits import Edit

# From the lightest to the heaviest; a task is of the heaviest kind of its findings.
WORD, OPTION, HAND, TEMPLATE, IMPOSSIBLE = KINDS = ("word", "option", "hand", "template", "impossible")
NOTE = "note"
# Those that are written with write=true: nothing is left to decide.
WRITTEN = (WORD, OPTION)
TOLD = {
    WORD: "one word",
    OPTION: "other options",
    HAND: "by hand",
    TEMPLATE: "depends on a template",
    IMPOSSIBLE: "not possible",
}


@dataclass(frozen=True)
class Finding:
    """One thing about a task.

    :param kind: one of ``KINDS``, or ``NOTE`` for what changes nothing.
    :param line: from 1.
    :param lines: how it is written then, without what they are set in by.
    """

    kind: str
    line: int
    text: str
    lines: tuple[str, ...] = ()

    def told(self) -> dict[str, object]:
        """As a part of a result."""
        return {"kind": self.kind, "line": self.line, "text": self.text, "lines": list(self.lines)}


@dataclass
class Verdict:
    """What becomes of a task.

    :param module: the peer's module, without its collection; ``written`` is its name as it stands there.
    :param becomes: the module here, with its collection; '' where there is none.
    :param register: the variable that gets its result, '' for none.
    :param edits: what has to be written, if all of it can be.
    :param span: where the task is in the text.
    :param engine_shape: the edit that has its result look as the peer's does; ``says_shape`` where it says so itself.
    """

    line: int
    name: str
    module: str
    written: str
    becomes: str = ""
    register: str = ""
    findings: list[Finding] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    span: tuple[int, int] = (0, 0)
    engine_shape: Edit | None = None
    says_shape: bool = False

    @property
    def kind(self) -> str:
        return heaviest(finding.kind for finding in self.findings)

    @property
    def moves(self) -> bool:
        """Whether nothing is left to decide."""
        return self.kind in WRITTEN


def heaviest(kinds: Iterable[str]) -> str:
    known = [KINDS.index(kind) for kind in kinds if kind in KINDS]
    return KINDS[max(known, default=0)]
