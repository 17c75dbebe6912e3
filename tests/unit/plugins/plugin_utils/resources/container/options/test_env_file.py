# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which variables a file has, and which lines are refused where."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.env_file import variables

READ = [
    (b"# no\n\n \t\nA=1\r\n  # no\n  B= x=y \nC=\n", {"A": "1", "B": " x=y ", "C": ""}),
    (b"\xef\xbb\xbfFIRST=1\nLAST=2", {"FIRST": "1", "LAST": "2"}),
    (b"\xef\xbb\xbf# comment\nA=1", {"A": "1"}),
    (b"\xef\xbb\xbf", {}),
    # A value may hold what Python, but no engine, takes for the end of a line.
    ("A=x\u2028y\x0bz\x85\x0cB\nB='q'\n".encode(), {"A": "x\u2028y\x0bz\x85\x0cB", "B": "'q'"}),
    (b"a.b-c=1\nA=1\nA=2\n", {"a.b-c": "1", "A": "2"}),
]
REFUSED = [
    (b"A=1\nhunter2\n", "line 2", "NAME=value"),
    (b"A=1\n\n=hunter2\n", "line 3", "NAME=value"),
    (b"export A=hunter2\n", "line 1", "export"),
    # docker run --env-file of Docker 28.5.2: "variable 'A ' contains whitespaces".
    (b"A =hunter2\n", "line 1", "space"),
    (b"A\tB=hunter2\n", "line 1", "unseen"),
    ("A=1\n\ufeffB=hunter2\n".encode(), "line 2", "unseen"),
    (b"A\x1b=hunter2\n", "line 1", "unseen"),
    (b"A=1\nB=hunter2\0\n", "line 2", "NUL"),
    (b"A=1\nB=hunter2\xff\n", "line 2", "not UTF-8"),
    ("A=hunter2".encode("utf-16"), "", "UTF-16"),
]


@pytest.mark.parametrize(("data", "found"), READ)
def test_what_is_read(data: bytes, found: dict[str, str]) -> None:
    assert variables("env_file", "/job.env", data) == found


@pytest.mark.parametrize(("data", "line", "words"), REFUSED)
def test_what_is_refused_names_file_and_line_and_no_secret(data: bytes, line: str, words: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        variables("env_file", "/job.env", data)
    text = str(refused.value)
    assert "'env_file' has the value '/job.env" in text and line in text and words in text
    assert "hunter2" not in text
