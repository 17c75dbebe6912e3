# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of the peer's tests does not hold, with the reason: remaining.yml, which runs are compared with.

The table of the documentation (scripts/peer_suite_page.py) is made of it. A release of an engine is written as in
"docker 20.10", or "docker 28.5 without limits" on a host whose kernel limits no containers; one that is not in the
table is compared with the newest older one that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from report import HOLDS, SKIPPED, Result

TABLE = Path(__file__).resolve().parent / "remaining.yml"
HEAD = """\
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What of community.docker's own tests does not hold for the modules of this collection, and why.
# make peer-suite compares with it, and writes it with RECORD=1; a new row then has the reason "?", to be replaced.
"""
UNKNOWN = "?"
NO_LIMITS = " without limits"
Test = tuple[str, str]  # file, assertion
WIDTH = 90  # of texts, which are broken behind it


class _Flow(list[Any]):
    """A list that is written in one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(
    _Flow, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)


@dataclass
class Table:
    """The table.

    :param peer: the release of the peer whose tests they are.
    :param scores: ``{release: {file: [assertions that hold, assertions]}}``
    :param reasons: sentences by a word for each.
    :param rows: ``{(file, assertion): {release: word of the reason}}``
    """

    peer: str = ""
    scores: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    rows: dict[Test, dict[str, str]] = field(default_factory=dict)

    def known(self, release: str) -> str:
        """The release whose rows hold for this one; '' when there is none."""
        wanted = _order(release)
        older = [one for one in self.scores if _order(one)[:2] == wanted[:2] and _order(one) <= wanted]
        return max(older, key=_order, default="")

    def of(self, release: str) -> dict[Test, str]:
        """The assertions that need not hold on a release, with the word of the reason."""
        return {test: on[release] for test, on in self.rows.items() if release in on}

    def record(self, release: str, results: Iterable[Result]) -> None:
        """Take over what a run on a release found, for the test files that ran; a reason only from releases alike."""
        ran = list(results)
        failing = {(one.file, name) for one in ran for name in not_holding(one)}
        for test, on in self.rows.items():
            if test[0] in {one.file for one in ran} and test not in failing:
                on.pop(release, None)
        for test in failing:
            on = self.rows.setdefault(test, {})
            alike = (why for one, why in on.items() if _order(one)[:2] == _order(release)[:2])
            on.setdefault(release, next(alike, UNKNOWN))
        self.rows = {test: on for test, on in self.rows.items() if on}
        scores = self.scores.setdefault(release, {})
        for one in ran:
            scores[one.file] = [one.counts[HOLDS], one.counts.total() - one.counts[SKIPPED]]


def not_holding(result: Result) -> list[str]:
    return [one.name for one in result.assertions if one.state not in (HOLDS, SKIPPED)]


def compare(table: Table, release: str, results: Iterable[Result]) -> tuple[list[str], list[str]]:
    """A run against the table: what should hold and does not, and what is in the table and holds; as lines."""
    excused = table.of(table.known(release))
    lost, stale = [], []
    for result in results:
        found = {one.name: one for one in result.assertions}
        for name in not_holding(result):
            if (result.file, name) not in excused:
                lost.append(f"{result.file} {found[name].at} {name}: {found[name].state}. {found[name].why}"[:400])
        named = [name for file, name in excused if file == result.file]
        stale += [f"{result.file} {name}" for name in named if name not in not_holding(result)]
    return lost, stale


def read(path: Path = TABLE) -> Table:
    if not path.is_file():
        return Table()
    data = yaml.safe_load(path.read_text())
    table = Table(data["peer"], data["scores"], data["reasons"])
    for row in data["rows"]:
        for file, names in row["tests"].items():
            for name in names:
                table.rows.setdefault((file, name), {}).update(dict.fromkeys(row["engines"], row["reason"]))
    return table


def write(table: Table, path: Path = TABLE) -> None:
    data = {
        "peer": table.peer,
        "scores": {
            release: {file: _Flow(counts) for file, counts in table.scores[release].items()}
            for release in sorted(table.scores, key=_order)
        },
        "reasons": table.reasons,
        "rows": [
            {"reason": reason, "engines": _in_one_line(releases), "tests": tests}
            for (reason, releases), tests in sorted(grouped(table.rows).items())
        ],
    }
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=WIDTH, allow_unicode=True)
    path.write_text(HEAD + text)


def _in_one_line(releases: Iterable[str]) -> list[str]:
    """Where they fit into one: linters want a broken line to be indented otherwise than it is written."""
    named = list(releases)
    return _Flow(named) if len(", ".join(named)) < WIDTH - 20 else named


def grouped(rows: Mapping[Test, Mapping[str, str]]) -> dict[tuple[str, tuple[str, ...]], dict[str, list[str]]]:
    """``{(reason, releases): {file: [assertion]}}``"""
    groups: dict[tuple[str, tuple[str, ...]], dict[str, list[str]]] = {}
    for (file, name), on in sorted(rows.items()):
        for reason in dict.fromkeys(on.values()):
            releases = tuple(sorted((one for one, why in on.items() if why == reason), key=_order))
            groups.setdefault((reason, releases), {}).setdefault(file, []).append(name)
    return groups


def release_of(engine: str, version: str, limits: bool = True) -> str:
    """docker 20.10 of docker and 20.10.24+dfsg1.

    :param limits: whether the host's kernel limits memory and the like for containers.
    """
    return f"{engine} {'.'.join(re.findall(r'[0-9]+', version)[:2])}{'' if limits else NO_LIMITS}"


def _order(release: str) -> tuple[str, bool, list[int]]:
    engine, _space, version = release.removesuffix(NO_LIMITS).partition(" ")
    return engine, release.endswith(NO_LIMITS), [int(part) for part in version.split(".") if part]
