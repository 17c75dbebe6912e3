# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options against an argument spec: one place for a task and for a part of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.sshfleet.containers.plugins.plugin_utils.action.validation import Validator, untagged
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOptions

SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True, "aliases": ["title"]},
    "count": {"type": "int", "default": 1},
    "kind": {"type": "str", "choices": ["a", "b"]},
    "password": {"type": "str", "no_log": True},
}


def of(given: dict[str, Any], hidden: list[str] | None = None, **rules: Any) -> dict[str, Any]:
    def hide(values: Iterable[str]) -> None:
        if hidden is not None:
            hidden.extend(values)

    return Validator(SPEC, rules, "the_task", hide).validated(given)


def test_types_defaults_and_names() -> None:
    assert of({"title": "x", "count": "3", "kind": ""}) == {
        "name": "x", "title": "x", "count": 3, "kind": None, "password": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "name"),
        ({"name": "x", "count": "many"}, "count"),
        ({"name": "x", "kind": "c"}, "kind"),
        ({"name": "x", "nmae": "y"}, "Unsupported options for the_task"),
        ({"name": "x", "count": float("nan")}, "count"),
        ({"name": "x", "count": 2**70}, "count"),
    ],
    ids=str,
)
def test_what_does_not_fit(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidOptions, match=words):
        of(given)


def test_rules_hold() -> None:
    assert of({"name": "x"}, required_together=[("kind", "password")])
    with pytest.raises(InvalidOptions, match="together"):
        of({"name": "x", "kind": "a"}, required_together=[("kind", "password")])


def test_secrets_are_told_before_anything_is_said() -> None:
    hidden: list[str] = []
    with pytest.raises(InvalidOptions):
        of({"name": "x", "password": "hunter2", "kind": "hunter2"}, hidden)
    assert "hunter2" in hidden


def test_texts_forget_where_they_were_written() -> None:
    class Tagged(str):
        __slots__ = ("where",)

    plain = untagged({Tagged("name"): [Tagged("x"), (Tagged("y"), 1)], "count": 2.5, "none": None})
    assert plain == {"name": ["x", ["y", 1]], "count": 2.5, "none": None}
    assert {type(text) for text in (*plain, plain["name"][0], plain["name"][1][0])} == {str}


def test_one_is_used_many_times_and_texts_are_plain() -> None:
    class Tagged(str):
        """As core's texts since 2.19, which remember where they were written."""

        __slots__ = ()

    one = Validator(SPEC, {}, "the_task", lambda values: None)
    first, second = one.validated({"name": Tagged("x"), "count": 2}), one.validated({"name": "y"})
    assert (first["name"], first["count"], second["name"], second["count"]) == ("x", 2, "y", 1)
    assert not isinstance(first["name"], Tagged)


def test_an_option_that_is_not_given_has_its_say_all_the_same() -> None:
    """Only the options that are given go through Ansible's validator, and those that matter otherwise."""
    spec: dict[str, dict[str, Any]] = {
        **SPEC,
        "deep": {"type": "dict", "apply_defaults": True, "options": {"inner": {"type": "int", "default": 2}}},
        "unsaid": {"type": "list", "elements": "int"},
        "falsy": {"type": "bool", "default": False},
    }

    def told(given: dict[str, Any], **rules: Any) -> dict[str, Any]:
        return Validator(spec, rules, "the_task", lambda values: None).validated(given)

    whole = ArgumentSpecValidator(spec).validate({"name": "x"}).validated_parameters
    assert told({"name": "x"}) == whole and whole["deep"] == {"inner": 2} and whole["falsy"] is False
    with pytest.raises(InvalidOptions, match="missing: kind"):
        told({"name": "x"}, required_if=[("count", 1, ("kind",))])
    with pytest.raises(InvalidOptions, match="one of the following is required: kind, unsaid"):
        told({"name": "x"}, required_one_of=[("kind", "unsaid")])
    with pytest.raises(InvalidOptions, match=r"Supported parameters include: .*unsaid"):
        told({"name": "x", "nmae": 1})
