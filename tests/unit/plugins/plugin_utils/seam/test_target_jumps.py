# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host variable sshfleet_jump_keys: what it gives, and what is refused by its name."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam import target


def test_who_says_most_comes_first_and_homes_are_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    value = {"gate": "~/.ssh/a", "u@gate:22": "/b", "u@gate": "/c"}
    assert target._jump_keys(value) == (("u@gate:22", "/b"), ("u@gate", "/c"), ("gate", "/home/me/.ssh/a"))


@pytest.mark.parametrize("value", [None, {}])
def test_none(value: Any) -> None:
    assert target._jump_keys(value) == ()


BAD = [
    "/k",
    ["/k"],
    {"gate": ""},
    {"gate": None},
    {"gate": 1},
    {"": "/k"},
    {"a,b": "/k"},
    {"none": "/k"},
    {"a b": "/k"},
]


@pytest.mark.parametrize("value", BAD, ids=str)
def test_what_is_refused(value: Any) -> None:
    with pytest.raises(InvalidOption) as caught:
        target._jump_keys(value)
    assert caught.value.option == "sshfleet_jump_keys"
    assert "user@host:port" in caught.value.hint
