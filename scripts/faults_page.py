# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/docsite/rst/faults.rst from tests/faults.yml and the marks of tests; with --check only compare."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

from common import CHECKOUT
from made_page import code, heading, paragraph, table, write_or_check

sys.path.insert(0, str(CHECKOUT / ".dev"))
sys.path.insert(0, str(CHECKOUT / "tests" / "support"))

from faults import Fault, Marked, marked, sections

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.rows import TRIED, written
from ansible_collections.sshfleet.containers.plugins.plugin_utils.error_classes import BY_KIND

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "faults.rst"

HEAD = """\
.. Copyright (c) 2026, The sshfleet.containers contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/faults_page.py from tests/faults.yml and the marks of the tests: change these, and run the script.

.. _ansible_collections.sshfleet.containers.docsite.faults:

What happens when something breaks
==================================

Each line is a fault that tests provoke: with real hosts, sshd and engines, unless it says that no host is needed. A
task that fails has an error of the kind that is named, with a hint, of which the general part is shown here;
:ref:`the page of all kinds <ansible_collections.sshfleet.containers.docsite.errors>` has more about each. Where no
kind is named, nothing fails.

"""


def page() -> str:
    """The whole page."""
    marks = marked()
    faults = sections()
    count = sum(len(some) for some in faults.values())
    oldest = [f"{name.capitalize()} {written(version)}" for name, version in TRIED]
    parts = [
        HEAD,
        *paragraph(
            f"These are {count} faults. *Every engine* is {', '.join(oldest[index] for index in (0, 1, 3))} and "
            f"{oldest[4]}; *the newest ones* are {oldest[2]} and {oldest[5]}, and ``make engines`` runs the tests of "
            "engines on those, too. Hosts that are named are the lab's: bookworm1 and bookworm2 are Debian 12, trixie1 "
            "is Debian 13, forky1 is Debian testing."
        ),
    ]
    for title, some in faults.items():
        rows = (row(fault, [mark for mark in marks if mark.fault == fault.name]) for fault in some)
        head = ("Fault, and when", "What the task says", "What is left", "What the next run does", "Tested on")
        parts += [heading(title, "-"), *table(head, rows)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def row(fault: Fault, tests: list[Marked]) -> tuple[str, ...]:
    return (f"**{fault.name}**: {fault.when}.", says(fault), fault.left, fault.next, " ".join(tested(tests)))


def says(fault: Fault) -> str:
    """The outcome and the kinds, then the words."""
    kinds = list(dict.fromkeys(kind.partition("/")[0] for kind in fault.kinds))
    outcomes = {"UNREACHABLE" if BY_KIND[kind].unreachable else "FAILED" for kind in kinds}
    words: str = fault.says
    if not kinds:
        return words
    hints = " ".join(dict.fromkeys(map(hint, fault.kinds)))
    return f"{' or '.join(sorted(outcomes))}, {' or '.join(map(code, fault.kinds))}. {words} *Hint:* {hints}"


def hint(kind: str) -> str:
    """What the table of errors says that mends it: of its cause, where that is known."""
    one, cause = BY_KIND[kind.partition("/")[0]], kind.partition("/")[2]
    remedy: str = next((its.remedy for its in one.causes if its.name == cause), one.remedy)
    return remedy


def tested(tests: list[Marked]) -> Iterator[str]:
    for place, some in groupby(tests, key=lambda mark: mark.on):
        yield f"{place.capitalize() if place[0] != place[0].upper() and ' ' in place else place}:"
        yield ", ".join(code(mark.name) for mark in some) + "."


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), sys.argv[1:]))
