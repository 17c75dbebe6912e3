# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of one task on many hosts: what is equal is told once, with the hosts folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..dataclass import dataclass
from ..telling import INDENT, indented
from .names import folded, natural

OK, CHANGED, SKIPPED, FAILED, UNREACHABLE, IGNORED = "ok", "changed", "skipped", "failed", "unreachable", "ignored"
# In this order groups are told: what went wrong is read last, and so is nearest.
STATUSES = (OK, SKIPPED, CHANGED, IGNORED, UNREACHABLE, FAILED)
WORDS = {IGNORED: "failed, ignored"}
BAD = (FAILED, UNREACHABLE)


@dataclass(frozen=True)
class Words:
    """What is told of one result: all of it, and the same without what always differs (times).

    By ``alike`` equal results are found, and it is told where several hosts have the same.
    """

    text: str = ""
    alike: str = ""

    def below(self, head: str) -> Words:
        """The same under one line."""
        return Words(f"{head}\n{self.text}".strip("\n"), f"{head}\n{self.alike}".strip("\n"))

    def above(self, diffs: Iterable[str]) -> Words:
        """The same with diffs behind it."""
        more = [*diffs]
        return Words(*("\n".join(filter(None, [each, *more])) for each in (self.text, self.alike)))


@dataclass(frozen=True)
class Told:
    """What is to be told of hosts whose results are equal. ``text`` is empty where the status says it all."""

    status: str
    hosts: tuple[str, ...]
    text: str


class TaskResults:
    """Collects what the hosts of one task say. It keeps a name for each host, and each different text once."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(STATUSES, 0)
        self._groups: dict[tuple[str, str], tuple[str, list[str]]] = {}

    def add(self, host: str, status: str, words: Words | None) -> bool:
        """One host's result, which without words is only counted; whether it is the first of its kind."""
        self.counts[status] += 1
        if words is None:
            return False
        _text, hosts = self._groups.setdefault((status, words.alike), (words.text, []))
        hosts.append(host)
        return len(hosts) == 1

    def take(self) -> list[Told]:
        """What is to be told, which is then forgotten; the counts stay."""
        groups, self._groups = self._groups, {}
        found = [
            Told(status, tuple(hosts), text if len(hosts) == 1 else alike)
            for (status, alike), (text, hosts) in groups.items()
        ]
        return sorted(found, key=lambda told: (STATUSES.index(told.status), min(map(natural, told.hosts))))


def lines_of(told: Told) -> str:
    """``[web[1-40,42]] changed (41 hosts)``, and the text: behind a colon, or set in below it."""
    several = f" ({len(told.hosts)} hosts)" if len(told.hosts) > 1 else ""
    head = f"[{folded(told.hosts)}] {WORDS.get(told.status, told.status)}{several}"
    text = told.text.strip("\n")
    if not text:
        return head
    return f"{head}:\n{indented(text)}" if "\n" in text or text.startswith(INDENT) else f"{head}: {text}"


def counted(counts: Mapping[str, int]) -> str:
    """``ok 40, changed 1, failed 1``: only what there is."""
    return ", ".join(f"{status} {count}" for status, count in counts.items() if count)
