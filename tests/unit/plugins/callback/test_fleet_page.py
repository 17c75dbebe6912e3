# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide shows what a run prints, and the exit codes that there are."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from checkout import CHECKOUT
from fleet_runs import argv, run

from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.exit_codes import OWN, STRATEGIES

PAGE = CHECKOUT / "docs" / "docsite" / "rst" / "fleet_output.rst"
# Who was slowest, and for how long, is another one with each run.
SECONDS = re.compile(r"(?m)\d+:\d\d$|  +\w+ \d+\.\d s$")


def block(kind: str) -> str:
    """The page's first block of this kind."""
    found = re.search(rf"\.\. code-block:: {kind}\n\n((?:    .*\n|\n)+)", PAGE.read_text())
    assert found
    return textwrap.dedent(found[1]).strip("\n")


def test_the_page_shows_what_a_run_prints(tmp_path: Path) -> None:
    done = run(argv(tmp_path, block("yaml"), "[web]\nweb[1:42]\n[db]\ndb[1:2]", "-f", "20"), tmp_path)
    printed = "\n".join(line.rstrip() for line in done.stdout.strip("\n").split("\n"))
    assert SECONDS.sub("", block("text")) == SECONDS.sub("", printed), printed


def test_the_page_has_all_strategies_and_codes() -> None:
    text = PAGE.read_text()
    table = text[text.index("Strategy        0") :]
    assert re.findall(r"(?m)^``(\w+)(?:=HOST)?``", table[: table.index("A host has failed")]) == [
        *("all", "fail_fast", "any", "majority"),
        "main",
    ]
    assert {*STRATEGIES} == {"all", "fail_fast", "any", "majority"}
    assert {code for code in OWN if re.search(rf"(?m)^``.*\b{code}\b", table)} == set(OWN)
