# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/docsite/rst/peer_suite.rst from tests/peer_suite/remaining.yml; with --check only compare."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from common import CHECKOUT
from made_page import code, heading, paragraph, table, write_or_check

sys.path.insert(0, str(CHECKOUT / ".dev"))
sys.path.insert(0, str(CHECKOUT / "tests" / "peer_suite"))

import remaining

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.rows import TITLES

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "peer_suite.rst"
HEAD = """\
.. Copyright (c) 2026, The sshfleet.containers contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/peer_suite_page.py from tests/peer_suite/remaining.yml: change that, and run the script.

.. _ansible_collections.sshfleet.containers.docsite.peer_suite:

The tests of community.docker
=============================

"""


def page() -> str:
    """The whole page."""
    known = remaining.read()
    parts = [
        HEAD,
        *paragraph(
            f"These are the integration tests of community.docker {known.peer}, with the modules of this collection "
            "under the names of its own, ``result_format: engine``, and nothing else changed. A row counts the "
            "conditions that the tests assert: how many hold, of how many there are on this engine. "
            "``make peer-suite`` runs them. An empty place is one where not all of them have run with this release."
        ),
        *table(("Tests", *map(title, known.scores)), scores(known)),
        heading("What does not hold, and why", "-"),
        *paragraph(
            "The hosts of these runs are LXC containers: what only the host's kernel or its own confinement is "
            "the reason of does not hold there for any collection. The newest engines are in one with cgroup v2 and "
            "none of its controllers, which is what 'without limits' says. In the other columns of these, what needs "
            "limits was run in the virtual machine of ``make vm``: options and updates of containers on Docker, "
            "updates on Podman."
        ),
        *table(("Conditions", "On", "Why"), rows(known)),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def scores(known: remaining.Table) -> Iterator[tuple[str, ...]]:
    """A row for each target, and their sum."""
    files = list(dict.fromkeys(file for counts in known.scores.values() for file in counts))
    for target in dict.fromkeys(file.partition("/")[0] for file in files):
        own = [file for file in files if file.partition("/")[0] == target]
        yield code(target), *(score(counts, own) for counts in known.scores.values())
    yield "all", *(score(counts, files) for counts in known.scores.values())


def score(counts: Mapping[str, Sequence[int]], files: Sequence[str]) -> str:
    """Such as: 672 of 679. Nothing where not all of the files have run."""
    if not set(files) <= set(counts):
        return ""
    return f"{sum(counts[file][0] for file in files):,} of {sum(counts[file][1] for file in files):,}"


def rows(known: remaining.Table) -> Iterator[tuple[str, str, str]]:
    """A row for each reason and the engines on which it is one."""
    for (reason, releases), tests in sorted(remaining.grouped(known.rows).items()):
        conditions = (f"{code(file)}: {', '.join(map(code, names))}" for file, names in tests.items())
        yield "; ".join(conditions), titles(releases), known.reasons[reason]


def titles(releases: Iterable[str]) -> str:
    """Such as: Docker 20.10, Podman 4.3 and 5.4."""
    engines = groupby(releases, key=lambda one: one.partition(" ")[0])
    return ", ".join(
        f"{TITLES[name]} {' and '.join(one.partition(' ')[2] for one in found)}" for name, found in engines
    )


def title(release: str) -> str:
    return titles([release])


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), sys.argv[1:]))
