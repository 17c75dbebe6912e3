# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON scanner against Python's own: the same values, and every place right."""

from __future__ import annotations

import cProfile
import json
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import parse_hosts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.scan import JsonError, Lines, Node, scan

DOCUMENTS = [
    "0", "-0", "12", "-1.5", "1e3", "1E-2", "1.25e+2", "true", "false", "null", '""', '"\\n\\u00e4\\ud83d\\ude00"',
    "[]", "{}",
    " [ 1 , [ ] , { } ] ", '{"a": {"b": [1, "x", null, true]}, "c": "d"}', '"\u2028"', "\t\r\n1\n",
]  # fmt: skip
NOT_JSON = [
    "",
    "01",
    "+1",
    ".5",
    "1.",
    "1e",
    "--1",
    "1_0",
    "nul",
    "truee",
    "[1 2]",
    "[,]",
    '{"a"}',
    "{,}",
    '{"a":1,}',
    "[1,]",
]


def plain(node: Node) -> Any:
    if node.kind == "object":
        return {member.key: plain(member.node) for member in node.value}
    return [plain(item) for item in node.value] if node.kind == "array" else node.value


@pytest.mark.parametrize("text", DOCUMENTS)
def test_values_are_those_of_the_json_module(text: str) -> None:
    assert plain(scan(text)) == json.loads(text)
    assert type(plain(scan(text))) is type(json.loads(text))


@pytest.mark.parametrize("text", NOT_JSON)
def test_what_the_json_module_refuses_is_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    with pytest.raises(JsonError):
        scan(text)


def test_keys_and_values_know_their_places() -> None:
    text = '{\n  "a": [1,\n  "b"],\n  "a": null}'
    root = scan(text)
    first, second = root.value
    lines = Lines(text)
    assert [(member.key, text[member.offset], lines.at(member.offset)) for member in (first, second)] == [
        ("a", '"', 2),
        ("a", '"', 4),
    ]
    assert [lines.at(item.offset) for item in first.node.value] == [2, 3]
    assert text[second.node.offset :] == "null}"


def test_reading_is_linear() -> None:
    """Counted in calls, which the machine's load does not change; the benchmark has the seconds."""

    def calls(count: int) -> int:
        host = {"hostname": "a", "user": "root", "groups": ["web", "db"], "description": "x" * 40}
        data = json.dumps({"hosts": {f"h{number}": host for number in range(count)}}, indent=1).encode()
        with cProfile.Profile() as profile:
            assert len(parse_hosts(data, "hosts.json").hosts) == count
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(800) < 8 * calls(100) * 1.1
