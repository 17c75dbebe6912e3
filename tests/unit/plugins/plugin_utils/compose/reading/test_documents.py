# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody writes on purpose: it is refused with its line, and at once."""

from __future__ import annotations

import time

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.problems import Problems
from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.project import Wanted, resolve
from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.reading import documents as reading
from ansible_collections.sshfleet.containers.plugins.plugin_utils.compose.reading.documents import documents
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import ComposeFileError

REFUSED = {
    "an alias within its anchor": ("a: &a\n  b: *a", "f:1: an alias stands within its own anchor."),
    "a merge within itself": ("a: &a\n  <<: *a", "an alias stands within its own anchor."),
    "an unknown alias": ("a: 1\nb: *c", "f:2: *c is used before &c is there."),
    "deep lists": ("a: " + "[" * 110 + "]" * 110, "f:1: is nested more than 100 levels deep."),
    "deep mappings": ("{a: " * 110, "is nested more than 100 levels deep."),
    "a key that is a list": ("? [a]\n: b", "f:1: a key is no text"),
    "a key that is null": ("~: b", "f:1: a key is no text"),
    "two merge keys": ("x: &x {a: 1}\nb:\n  <<: *x\n  <<: *x", "f:4: the key '<<' stands in line 3 already."),
    "a control character": ("a: \x01", "f:1: is no YAML"),
    "half a character": ("a: \ud800", "f:1: is no YAML"),
    "a tab before a key": ("a:\n\tb: 1", "f:2: is no YAML"),
    "an open quote": ('a: "b', "is no YAML"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    text, told = REFUSED[case]
    problems = Problems()
    documents(text, "f", problems)
    assert problems.found and told in problems.found[0], problems.found


def test_values_are_counted_with_those_that_aliases_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file and a small limit: what it is for is a file whose aliases repeat aliases."""
    monkeypatch.setattr(reading, "MOST", 50)
    problems = Problems()
    reading.documents("x: &x [1, 2, 3, 4]\ny: &y [*x, *x, *x, *x]\nz: [*y, *y, *y]", "f", problems)
    assert "there are more than 50 values, with those of aliases." in problems.found[0]


def test_what_merge_keys_cost_grows_with_the_file() -> None:
    """No test of speed: a file of 8 times as many merges takes some 8 times as long, and not 64 times."""

    def seconds(count: int) -> float:
        services = "".join(f"  s{number}:\n    <<: *b\n    image: x\n" for number in range(count))
        started = time.process_time()
        reading.documents(f"x-b: &b {{restart: always}}\nservices:\n{services}", "f", Problems())
        return time.process_time() - started

    assert min(seconds(4_000) for _try in range(3)) < 24 * min(seconds(500) for _try in range(3))


def test_numbers_that_no_int_can_be_made_of_are_texts() -> None:
    digits = "9" * 5_000  # int() takes 4,300
    (document,) = documents(f"a: {digits}\nb: 0x{'f' * 100}\nc: 1e99999", "f", Problems())
    assert document.content == {"a": digits, "b": f"0x{'f' * 100}", "c": "1e99999"}


LONG = {
    "nested": ("${A-" * 40 + "}" * 40, "has defaults within defaults too deep."),
    "open": ("${A-" * 40, "has a ${ that begins no variable."),
    "dollars": ("$" * 1_001, ""),
    "many": ("${A-x} " * 1_000, ""),
    "braces": ("{" * 1_000 + "}" * 1_000, ""),
    "unbalanced": ("${A-{} " * 40, "has a ${ that begins no variable."),
}


@pytest.mark.parametrize("case", LONG)
def test_long_texts_with_variables_come_to_an_end(case: str) -> None:
    value, told = LONG[case]
    wanted = Wanted(content=f"services: {{web: {{image: x, hostname: '{value}'}}}}", folder="/srv/shop")
    if not told:
        assert resolve(wanted).config["services"]["web"]["hostname"]
        return
    with pytest.raises(ComposeFileError) as caught:
        resolve(wanted)
    assert told in caught.value.message
