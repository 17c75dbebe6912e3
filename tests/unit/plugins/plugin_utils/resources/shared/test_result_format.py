# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both formats of a result have in common for several resources."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Difference
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.result_format import (
    ENGINE,
    Telling,
    by_entry,
    engine_diff,
    with_single,
)

UNIFIED, RAW = Telling(), Telling(ENGINE)
LIST = {"things": [{"Name": "one"}], "exists": True}


@pytest.mark.parametrize(
    ("names", "telling", "single"),
    [
        (["one"], RAW, {"thing": {"Name": "one"}}),
        (["one"], UNIFIED, {}),
        (["one", "two"], RAW, {}),
        (None, RAW, {}),
    ],
)
def test_a_single_thing_stands_beside_the_list_where_one_was_named(
    names: Any, telling: Telling, single: dict[str, Any]
) -> None:
    assert with_single("thing", LIST, names, telling) == {**LIST, **single}


def test_a_single_thing_that_is_not_there_is_none() -> None:
    assert with_single("thing", {"things": []}, ["one"], RAW) == {"things": [], "thing": None}


@pytest.mark.parametrize(
    ("found", "had_none", "entries"),
    [
        (Difference("driver", "bridge", "macvlan"), False, {"driver": ("bridge", "macvlan")}),
        (Difference("labels", {"a": "1"}, {"a": "2"}), False, {"labels.a": ("1", "2")}),
        (Difference("labels", {}, {"a": "2"}), False, {"labels.a": (None, "2")}),
        (Difference("labels", {}, {"a": "2"}), True, {"labels": ({}, {"a": "2"})}),
    ],
)
def test_a_dict_differs_entry_by_entry_where_it_had_any(found: Difference, had_none: bool, entries: Any) -> None:
    assert by_entry(found, had_none=had_none) == entries


def test_the_names_of_what_differs_are_told_in_check_mode_too() -> None:
    found = {"labels.a": ("1", "2")}
    check, diff = Telling(ENGINE, check=True), Telling(ENGINE, diff=True)
    assert engine_diff((True, True), found, {}, check) == {"differences": ["labels.a"]}
    assert engine_diff((True, True), found, {"connected.web": (False, True)}, diff) == {
        "before": {"exists": True, "connected.web": False, "labels.a": "1"},
        "after": {"exists": True, "connected.web": True, "labels.a": "2"},
        "differences": ["labels.a"],
    }
    assert engine_diff((True, False), None, {}, diff) == {"before": {"exists": True}, "after": {"exists": False}}
