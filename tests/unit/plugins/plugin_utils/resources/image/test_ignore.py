# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases: the lines of a .dockerignore, and what of these paths then stays (as Docker documents it)."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.ignore import Ignore

PATHS = [
    "a.md",
    "README.md",
    "src",
    "src/a.py",
    "src/deep",
    "src/deep/a.md",
    "src/deep/.env",
    "tmp",
    "tmp/x",
    "$a",
    "a[1]",
]

CASES: dict[str, tuple[str, list[str]]] = {
    "nothing": ("", PATHS),
    "comment, blank, dot": ("# a.md\n\n  \n.\n", PATHS),
    "a file": ("a.md", [path for path in PATHS if path != "a.md"]),
    "leading slash and dots": ("/tmp/../a.md", [path for path in PATHS if path != "a.md"]),
    "trailing slash": ("tmp/", [path for path in PATHS if not path.startswith("tmp")]),
    "star stays in its directory": ("*.md", [path for path in PATHS if path not in ("a.md", "README.md")]),
    "two stars go down": ("**/*.md", [path for path in PATHS if not path.endswith(".md")]),
    "two stars inside": ("src/**/.env", [path for path in PATHS if path != "src/deep/.env"]),
    "two stars at the end": ("src/**", [path for path in PATHS if not path.startswith("src/")]),
    "question mark": ("?.md", [path for path in PATHS if path != "a.md"]),
    "a directory takes all below": ("src", [path for path in PATHS if not path.startswith("src")]),
    "all but": ("*\n!src/a.py", ["src/a.py"]),
    "the last one decides": ("*.md\n!README.md\nREADME.md", [p for p in PATHS if p not in ("a.md", "README.md")]),
    "taken back": ("*.md\n!README.md", [path for path in PATHS if path != "a.md"]),
    "a directory taken back": ("src\n!src/deep", [p for p in PATHS if p not in ("src", "src/a.py")]),
    "a set of characters": ("[a-b].md", [path for path in PATHS if path != "a.md"]),
    "not these characters": ("[^b].md", [path for path in PATHS if path != "a.md"]),
    "characters of regular expressions": ("$a", [path for path in PATHS if path != "$a"]),
    "quoted": ("a\\[1\\]", [path for path in PATHS if path != "a[1]"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_stays(name: str) -> None:
    text, stays = CASES[name]
    ignore = Ignore(text.splitlines())
    assert [path for path in PATHS if not ignore.excludes(path)] == stays


def test_whether_a_directory_has_to_be_looked_into() -> None:
    assert Ignore(["src", "!src/a"]).takes_back
    assert not Ignore(["src", "#!a"]).takes_back
