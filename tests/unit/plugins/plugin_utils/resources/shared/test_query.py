# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``query``: what is wrong is found before a host is asked, and named with its position."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared import query

# expression, where, what
WRONG: list[tuple[str, str, str]] = [
    ("containers[", "at its end", "it is incomplete"),
    ("containers.", "at its end", "it is incomplete"),
    ("length(", "at its end", "it is incomplete"),
    ("a b", "at character 3", "'b' can't stand there"),
    ("a[?b == 'x]", "at character 9", "Unclosed ' delimiter"),
    ("a | nothing(@)", "at character 5", "there is no function nothing()"),
    ("length(a, b)", "at character 1", "length() takes 1 argument, not 2"),
    ("a[?length(b, {x: c, y: d}) > `1`]", "at character 4", "length() takes 1 argument, not 2"),
    ("sort_by(a)", "at character 1", "sort_by() takes 2 arguments, not 1"),
    ("merge()", "at character 1", "merge() takes at least 1 argument, not 0"),
]
DATA = {
    "containers": [
        {"name": "web", "running": True, "memory": 20}, {"name": "db", "running": False, "memory": 30},
    ],
    "name": "x",
}  # fmt: skip
FOUND: list[tuple[str, Any]] = [
    ("containers[?running].name", ["web"]),
    ("length(containers)", 2),
    ("max_by(containers, &memory).name", "db"),
    ("join(', ', sort(containers[].name))", "db, web"),
    ("{all: containers[].name, first: not_null(nothing, name)}", {"all": ["web", "db"], "first": "x"}),
    ("nothing.at.all", None),
]


@pytest.mark.parametrize(("expression", "where", "what"), WRONG)
def test_what_is_wrong_is_named_with_its_position(expression: str, where: str, what: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        query.parse({"query": expression})
    assert refused.value.option == "query" and repr(expression) in refused.value.message
    assert f"{where}: {what}" in refused.value.message


def test_an_empty_one_is_refused_and_none_is_none() -> None:
    with pytest.raises(InvalidOption, match="it is empty"):
        query.parse({"query": ""})
    assert query.parse({"query": None}) is None and query.parse({}) is None


@pytest.mark.parametrize(("expression", "found"), FOUND)
def test_what_a_query_picks(expression: str, found: Any) -> None:
    parsed = query.parse({"query": expression})
    assert parsed is not None and query.apply(parsed, DATA) == found


class Tagged(str):
    """As Ansible's own texts, whose type the functions of JMESPath don't know."""


def test_ansibles_texts_are_texts() -> None:
    parsed = query.parse({"query": Tagged("length(name)")})
    assert parsed is not None and query.apply(parsed, {"name": Tagged("four")}) == 4


def test_a_value_of_the_wrong_type_is_named_with_the_function() -> None:
    parsed = query.parse({"query": "containers[].name | length(@[0].x)"})
    assert parsed is not None
    with pytest.raises(
        InvalidOption, match=r"at character 21: length\(\) takes string or array or object, and gets null"
    ):
        query.apply(parsed, DATA)


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "IMPORT_ERROR", ImportError("No module named 'jmespath'"))
    assert query.parse({"query": None}) is None
    with pytest.raises(query.NoJmespath, match="pip install jmespath"):
        query.parse({"query": "a"})
