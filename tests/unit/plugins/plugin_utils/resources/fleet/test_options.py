# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which options are refused before any host is asked, and what the others mean."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.options import (
    ARGUMENT_SPEC,
    Filter,
    Wanted,
    asked,
    parse,
)


def parsed(**given: Any) -> Wanted:
    validation = ArgumentSpecValidator(ARGUMENT_SPEC).validate(given)
    assert not validation.error_messages, validation.error_messages
    return parse(validation.validated_parameters)


def test_containers_of_every_host_are_read_where_nothing_is_said() -> None:
    assert parsed() == Wanted(frozenset({"containers"}), Filter(labels={}), False, False, 50, True, None, False)


def test_all_of_it() -> None:
    wanted = parsed(
        read=["stats", "disk"], name=["a*"], image=["*/b"], labels={"c": 1}, state=["dead"], health=["none"],
        inspect=True, every_engine=True, at_once=7, keep=False, timeout_all=2.5, require_complete=True,
    )  # fmt: skip
    filters = Filter(("a*",), ("*/b",), {"c": "1"}, ("dead",), ("none",))
    assert wanted == Wanted(frozenset({"stats", "disk"}), filters, True, True, 7, False, 2.5, True)


def test_what_was_asked_for_is_told() -> None:
    told = asked(parsed(read=["disk", "containers"], name=["a*"], labels={"c": 1}))
    assert told == {
        "read": ["containers", "disk"], "inspect": False, "every_engine": False, "name": ["a*"], "image": [],
        "labels": {"c": "1"}, "state": [], "health": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "option", "words"),
    [
        ({"read": []}, "read", "nothing would be read"),
        ({"read": ["disk"], "name": ["a"]}, "name", "none are read"),
        ({"read": ["images"], "health": ["healthy"]}, "health", "Add containers to read"),
        ({"at_once": 0}, "at_once", "Give 1 to 1000"),
        ({"at_once": 1001}, "at_once", "Give 1 to 1000"),
        ({"timeout_all": 0}, "timeout_all", "no time"),
        ({"labels": {"": "x"}}, "labels", "no label"),
    ],
)
def test_what_is_refused(given: dict[str, Any], option: str, words: str) -> None:
    with pytest.raises(InvalidOption, match=words) as refused:
        parsed(**given)
    assert refused.value.option == option
