# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/docsite/rst/engines.rst from the tables of engine/differences; with --check only compare."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

from common import CHECKOUT
from made_page import code, heading, paragraph, table, write_or_check

sys.path.insert(0, str(CHECKOUT / ".dev"))

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import (
    builders,
    expected,
    modes,
    networks,
    reports,
    support,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import TOPICS
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.rows import (
    TITLES,
    TRIED,
    Difference,
    written,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import host
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import (
    modes as applied_modes,
)

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "engines.rst"
BECOMES = {
    support.REPORTED: "Applied.", support.APPLIED: "Applied, and not reported.", support.REFUSED: "Refused.",
}  # fmt: skip
OWN_API = "The container is created by Podman's own API."

HEAD = """\
.. Copyright (c) 2026, The sshfleet.containers contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/engines_page.py from plugins/plugin_utils/engine/differences: change these, and run the script.

.. _ansible_collections.sshfleet.containers.docsite.engines:

What engines differ in
======================

The same task does the same on Podman and Docker. Where they differ, the collection makes up for it, or refuses what
can't be done before anything is touched. These are the differences that it knows. What is said of an engine without a
version holds for all of its versions.

"""


def page() -> str:
    """The whole page."""
    parts = [
        HEAD,
        *paragraph(
            f"This was tried on {tried()}, rootful but for what is said of engines without root. Limits were tried "
            "with cgroup v1, and on the newest of each in a virtual machine with cgroup v2 (make vm). What is known "
            "from elsewhere says so in brackets."
        ),
    ]
    for topic, rows in TOPICS.items():
        parts += [heading(topic, "-"), *table(("On", "What it does, and what becomes of it here"), differences(rows))]
    parts += [
        heading("The same for all engines", "-"),
        *paragraph("What some engines do, and is so dealt with that it does not matter which one it is:"),
        *table(("On", "What it does, and what is done about it on every engine"), differences(reports.EVENED_OUT)),
        heading("Options of containers", "-"),
        *paragraph(
            "An option that an engine cannot do is refused with its name and version before anything is touched, "
            "never ignored. One that is applied and never reported is compared with what was asked for when the "
            "container was created, which a label keeps as digests; a container that was made in another way is not "
            "compared with it. Values of secret-looking names leave no digest: a change of such a value alone is not "
            "seen there, and ``recreate: true`` brings it in. All else is reported, and compared with what the engine"
            " says."
        ),
        *table(("Option", "On these engines", "What becomes of it"), container_options()),
        *paragraph(
            "What the host's kernel lacks is refused, too, where it says so: the engines take such an option and do "
            "nothing. These are looked at:"
        ),
        *table(("Option", "What the host may lack"), ((code(one.option), one.what) for one in host.LACKS)),
        heading("Options of containers beside others", "-"),
        *table(("Option", "On these engines"), container_modes()),
        heading("Options of networks", "-"),
        *table(("Option", "On these engines"), ((code(row.option), plain(row.sentence)) for row in networks.REFUSALS)),
        heading("Lines of a Dockerfile", "-"),
        *paragraph(
            "What is built over an engine's API is built by its own builder, Docker's that of before BuildKit. These "
            "lines are refused, and the build's error says the way out:"
        ),
        *table(("Line", "On these engines", "How to write it there"), dockerfile_lines()),
        heading("Hosts with cgroup v2", "-"),
        *paragraph(
            "What the kernel has otherwise than with cgroup v1, and what becomes of it here. The tests' hosts have v1, "
            "but for the one with the newest engines: that has v2, and no controllers. This was seen in a virtual "
            "machine with Linux 7.2, Podman 5.8 and Docker 28.5, where limits are set, changed while a container runs, "
            "and found unchanged as with v1."
        ),
        *table(("What", "With cgroup v2"), cgroup_v2()),
        heading("Newer engines than were tried", "-"),
        *paragraph(
            "A newer engine is not refused. These are the changes of the next releases that this collection meets:"
        ),
        *table(("On", "What is expected"), newer()),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def tried() -> str:
    """The releases of the tests' hosts, such as: Podman 4.3, 5.4 and 5.8, Docker 20.10, 26.1 and 28.5."""
    engines = groupby(TRIED, key=lambda one: one[0])
    return ", ".join(f"{TITLES[name]} {_listed([written(one[1]) for one in found])}" for name, found in engines)


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def differences(rows: Iterable[Difference]) -> Iterator[tuple[str, str]]:
    for row in rows:
        yield row.versions(), f"{row.sentence[:-1]} ({row.read})." if row.read else row.sentence


def container_options() -> Iterator[tuple[str, str, str]]:
    """The support table, with the rows of one option and one level in one line."""

    def alike(row: support.OptionRow) -> tuple[str, str, bool, str]:
        return row.option, row.level, row.own_api, row.instead

    for (option, level, _own, instead), found in groupby(sorted(support.SUPPORT, key=alike), key=alike):
        first, *others = found
        versions = ", ".join(row.versions() for row in (first, *others))
        usual = f"{code(first.usual)} is taken." if first.usual else ""
        own = OWN_API if first.own_api else ""
        yield code(option.replace("=", ": ")), versions, " ".join(filter(None, (BECOMES[level], own, usual, instead)))


def container_modes() -> Iterator[tuple[str, str]]:
    for option in dict.fromkeys(row.option for row in modes.MODES):
        yield code(option), plain(" ".join(applied_modes.sentences(option)))


def dockerfile_lines() -> Iterator[tuple[str, str, str]]:
    rows = sorted(builders.UNABLE, key=lambda row: (row.words, row.what))
    for (words, what, instead), found in groupby(rows, key=lambda row: (row.words, row.what, row.instead)):
        used = what if what == builders.GIT else code(what)
        yield f"{', '.join(map(code, words))} {used}", ", ".join(row.versions() for row in found), instead


def cgroup_v2() -> Iterator[tuple[str, str]]:
    for what, sentence in expected.CGROUP_V2:
        yield what if " " in what else code(what), sentence


def newer() -> Iterator[tuple[str, str]]:
    for row in expected.NEWER:
        yield row.versions(), row.sentence


def plain(sentence: str) -> str:
    """A sentence of a module's documentation, with its markup as a page has it."""
    return re.sub(r"[OVC]\(([^()]*)\)", r"``\1``", sentence)


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), sys.argv[1:]))
