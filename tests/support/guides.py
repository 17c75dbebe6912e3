# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guide shows: files, command lines and output, which tests use and compare with."""

from __future__ import annotations

import re
import textwrap

from checkout import CHECKOUT


def blocks(guide: str, language: str) -> list[str]:
    """The code blocks of a page of docs/docsite/rst in one language."""
    page = (CHECKOUT / "docs" / "docsite" / "rst" / f"{guide}.rst").read_text()
    found = re.findall(rf"^\.\. code-block:: {language}\n\n((?:    .*\n|\n)+)", page, re.MULTILINE)
    return [textwrap.dedent(block).strip() + "\n" for block in found]


def files(guide: str) -> dict[str, str]:
    """The YAML files that it shows, by the name in their first line."""
    return {text.partition("\n")[0].removeprefix("# "): text for text in blocks(guide, "yaml")}


def commands(guide: str) -> list[tuple[str, str]]:
    """(machine, command) of each line such as ``controller1$ COMMAND``."""
    lines = (line.partition("$ ") for block in blocks(guide, "console") for line in block.splitlines())
    return [(machine, command) for machine, _prompt, command in lines]
