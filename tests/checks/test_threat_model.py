# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each line of the threat model names tests that there are."""

from __future__ import annotations

import re

from checkout import CHECKOUT

PAGE = CHECKOUT / "docs/docsite/rst/threat_model.rst"
NAMED = re.compile(r"``([\w/]+\.py)::(\w+)``")


def test_every_line_names_tests_that_there_are() -> None:
    text = PAGE.read_text()
    named = NAMED.findall(text)
    lines = re.split(r"\n   \* - ", text)[1:]
    without = [line for line in lines if not line.startswith(("It cannot", "They cannot")) and not NAMED.search(line)]
    assert not without and len(named) > len(lines)
    missing = [
        f"{file}::{test}" for file, test in named
        if not re.search(rf"^def {test}\(", (CHECKOUT / "tests" / file).read_text(), re.MULTILINE)
    ]  # fmt: skip
    assert not missing
