# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a terminal gets of others' words."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.telling import (
    LONGEST_MESSAGE,
    as_message,
    everywhere_visible,
    listed,
    visible,
)

SHOWN = [
    ("plain, ünd 日本 👩‍👩‍👧", "plain, ünd 日本 👩‍👩‍👧"),
    ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
    ("\x1b[2J\x9b2J\x7f", r"\x1b[2J\x9b2J\x7f"),
    ("50%\r100%", r"50%\r100%"),
    ("user\u202egnp.exe", r"user\u202egnp.exe"),
    ("a\u2028b\u0085c", r"a\u2028b\x85c"),
    ("half \ud83d", r"half \ud83d"),
    ("tab\tand\nline", "tab\tand\nline"),
]
MESSAGES = [
    ("one line", "one line"),
    ("It ended.\nThe log:\n    last words\n", "It ended.\n    The log:\n        last words"),
    ("It ended.\r\nok: [web1] => done\r\n\r\nPLAY RECAP", "It ended.\n    ok: [web1] => done\n\n    PLAY RECAP"),
    ("It ended.\rok: [web1]", r"It ended.\rok: [web1]"),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_control_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_no_control_character_is_forgotten() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    left = {character for character in visible(every) if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")}
    assert left == {"\t", "\n"}
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not [character for character in visible(every) if unicodedata.bidirectional(character) in turning]


@pytest.mark.parametrize(("text", "shown"), MESSAGES)
def test_only_the_first_line_begins_at_the_margin(text: str, shown: str) -> None:
    assert as_message(text) == shown


def test_a_long_message_keeps_both_ends() -> None:
    told = as_message(f"begin {'x' * 20_000_000} end")
    assert told.startswith("begin x") and told.endswith("x end") and "19984010 characters are left out here" in told
    assert len(told) < LONGEST_MESSAGE + 100


def test_everything_in_a_diff_is_visible() -> None:
    diff = {"before": {"a\x1b": ["\x9b", 1, None, ("\u202e",)]}, "after": "x\n\x07"}
    assert everywhere_visible(diff) == {"before": {r"a\x1b": [r"\x9b", 1, None, [r"\u202e"]]}, "after": "x\n\\x07"}


def test_of_many_the_first_are_listed() -> None:
    assert listed(range(20)) == ", ".join(map(str, range(20)))
    assert listed(range(10**5), "; ", " hosts").endswith("18; 19; and 99980 more hosts")
