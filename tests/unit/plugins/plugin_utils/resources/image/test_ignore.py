# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cases: the lines of a .dockerignore, and what of these paths then stays (as Docker documents it), or is left out (as
seen with docker build without BuildKit, docker-cli 28.5.2 and 26.1.5; 20.10.24 and Podman 4.3 to 5.8 where not said).
"""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
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
    ignore = Ignore(text, ".dockerignore")
    assert [path for path in PATHS if not ignore.excludes(path)] == stays


TEXTS = [
    *("a.txt", "b.txt", "].txt", "-.txt", "d.txt", "^.txt", "sub/.txt", "sub/x.txt", "sub/deep/y.txt"),
    *("é.txt", "A.txt"),
]
LOGS = ["keep/a.log", "keep/sub/b.log", "x.log", "drop/keep/c.log"]
SEEN = [*TEXTS, *LOGS, "[a", "^ab", "at", "abt", "axxt", "a/t", "a/b/t", "ab/t", "a/c", "xt"]

LEFT_OUT: list[tuple[str, str]] = [
    # ** with more beside it stands for directories only; at the end for everything.
    ("a**t", "at a/t a/b/t ab/t"),
    ("sub/**.txt", "sub/.txt"),
    ("**a.t*t", "a.txt"),
    ("a**", "a.txt at abt axxt a/t a/b/t ab/t a/c"),
    # Docker 23 and later; the others leave out sub/.txt only.
    ("**.txt", " ".join(TEXTS)),
    # Sets.
    ("[\\]].txt", "].txt"),
    ("[\\-].txt", "-.txt"),
    ("[a\\-z].txt", "a.txt -.txt"),
    ("[[:alpha:]].txt", "a.txt b.txt d.txt A.txt"),
    ("[:a].txt", "a.txt"),
    ("[!a].txt", "a.txt"),
    ("[a^].txt", "a.txt ^.txt"),
    ("[^^].txt", "a.txt b.txt ].txt -.txt d.txt é.txt A.txt"),
    ("[^a-b].txt", "].txt -.txt d.txt ^.txt é.txt A.txt"),
    ("a[^b]c", "a/c"),
    ("a.txt]", ""),
    # Escapes, and what regular expressions know.
    ("a\\.txt", "a.txt"),
    ("\\[a", "[a"),
    ("\\_", ""),
    ("^ab", "^ab"),
    ("^a*", "a.txt at abt axxt a/t a/b/t ab/t a/c"),
    # Only a line feed ends a line, and blanks of all kinds around a line are none of it.
    ("a\x0cb\nat", "at"),
    ("a\x85.txt\nat", "at"),
    ("\u2028at\u2028\r\nxt", "at xt"),
    ("at\rxt", ""),
    # What is not left out is not taken back in: Docker 23 and later; the others send all below keep.
    ("**/*.log\n!keep", " ".join(LOGS)),
    ("keep/a.log\n!keep", "keep/a.log"),
    ("**/*.log\n!keep/**", "x.log drop/keep/c.log"),
    ("keep\n!keep/sub", "keep/a.log"),
    ("drop\n!drop/keep", ""),
    # BuildKit; Docker's old builder, and Podman, don't look into what is left out.
    ("keep\ndrop\n!**/*.log", ""),
    ("!!at\n!.\n/\n..", ""),
]


@pytest.mark.parametrize(("text", "expected"), LEFT_OUT, ids=[repr(text) for text, _expected in LEFT_OUT])
def test_what_is_left_out(text: str, expected: str) -> None:
    ignore = Ignore(text, ".dockerignore")
    assert [path for path in SEEN if ignore.excludes(path)] == expected.split()


# All of these clients refuse those, too, but the last three, with which they leave out nothing.
REFUSED = [
    ("[b-a].txt", "b-a goes backwards"),
    ("[b-\\-].txt", "b-- goes backwards"),
    ("!", "take back in"),
    ("! ", "take back in"),
    ("!/", "take back in"),
    ("[a", "without its ']'"),
    ("[\\]", "without its ']'"),
    ("[[:alpha:].txt", "without its ']'"),
    ("a\\", "nothing follows"),
    ("[]a].txt", "a ']' where"),
    ("[].txt", "a ']' where"),
    ("[^].txt", "a ']' where"),
    ("[a-].txt", "a ']' where"),
    ("[-a].txt", "a '-' where"),
    ("[a-b-d].txt", "a '-' where"),
    ("[[:x:]].txt", "no characters [:x:]"),
    ("a.t\\xt", "'\\x' stands for nothing"),
    ("\\é.txt", "'\\é' stands for nothing"),
    ("\\a.txt", "'\\a' stands for nothing"),
    ("\\d.txt", "'\\d' stands for nothing"),
    ("[\\a].txt", "'\\a' stands for nothing"),
]


@pytest.mark.parametrize(("line", "words"), REFUSED)
def test_what_is_no_pattern_names_file_line_and_pattern(line: str, words: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        Ignore(f"# \x0c\nsrc\n{line}\n", "/app/.dockerignore")
    text = str(refused.value)
    assert "'build.path' has the value '/app/.dockerignore, line 3'" in text
    assert repr(line.strip()) in text and words in text and refused.value.hint


def test_whether_a_directory_has_to_be_looked_into() -> None:
    assert Ignore("src\n!src/a", ".dockerignore").takes_back
    assert not Ignore("src\n#!a", ".dockerignore").takes_back
