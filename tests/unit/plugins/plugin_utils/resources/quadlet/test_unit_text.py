# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words of quadlets: written so that they are read as they were, whatever is in them."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.quadlet import unit_text

WORDS = [
    ("plain", "plain"), ("a=b", "a=b"), ("a b", '"a b"'), ("%n", "%%n"), ("$HOME", "$$HOME"), ("it's", '"it\'s"'),
    ('say "x"', '"say \\"x\\""'), ("back\\slash", '"back\\\\slash"'), ("two\nlines", '"two\\nlines"'),
    ("tab\t", '"tab\\t"'), ("\x01\x7f", '"\\x01\\x7f"'), ("ü", "ü"), ("", '""'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), WORDS)
def test_words(text: str, written: str) -> None:
    assert unit_text.word(text) == written
    if text and not any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        (found,) = unit_text.words(written)
        assert found.text == unit_text.doubled(text)


@pytest.mark.parametrize("lost", ["", ";"])
def test_words_that_get_lost_on_their_way(lost: str) -> None:
    with pytest.raises(InvalidOption, match="shell in the container"):
        unit_text.argument("container.command", lost)
    assert unit_text.argument("container.command", "a;b") == "a;b"


@pytest.mark.parametrize(("text", "line", "word"), [
    ("a", True, True), ("a b", True, False), ("a  b", False, False), (" a", False, False), ("a\\", False, False),
    ("'a", False, False), ("", False, False), ("a\n", False, False),
])  # fmt: skip
def test_what_needs_no_quotes(text: str, line: bool, word: bool) -> None:
    assert (unit_text.is_line(text), unit_text.is_word(text)) == (line, word)
