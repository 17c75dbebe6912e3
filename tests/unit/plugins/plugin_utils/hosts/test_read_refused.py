# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every bad input of ``cases`` is refused with exactly the problems that stand there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import HostsFileError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.hosts.read import load_hosts, parse_hosts
from ansible_collections.sshfleet.containers.tests.unit.plugins.plugin_utils.hosts.cases import (
    NAMES,
    SHAPE,
    SYNTAX,
    VALUES,
    WEB1,
    named,
    one,
)


def problems(text: bytes | str) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    with pytest.raises(HostsFileError) as refused:
        parse_hosts(data, "hosts.json")
    assert refused.value.path == "hosts.json"
    assert all(problem.isprintable() for problem in refused.value.problems)
    return refused.value.problems


@pytest.mark.parametrize(("text", "fragment"), SYNTAX.values(), ids=SYNTAX)
def test_what_is_not_json_is_refused(text: bytes | str, fragment: str) -> None:
    (problem,) = problems(text)
    assert fragment in problem


@pytest.mark.parametrize(("text", "fragments"), SHAPE.values(), ids=SHAPE)
def test_a_wrong_shape_is_refused(text: str, fragments: list[str]) -> None:
    found = problems(text)
    assert len(found) == len(fragments), found
    for problem, fragment in zip(found, fragments, strict=True):
        assert fragment in problem


@pytest.mark.parametrize(("name", "fragment"), NAMES.items(), ids=ascii)
def test_a_bad_host_name_is_refused(name: str, fragment: str) -> None:
    (problem,) = problems(named(name))
    assert fragment in problem


@pytest.mark.parametrize(
    ("key", "value", "fragment"), [(key, value, text) for key, rows in VALUES.items() for value, text in rows]
)
def test_a_bad_value_is_refused(key: str, value: object, fragment: str) -> None:
    (problem,) = problems(one(**{key: value}))
    assert problem.startswith(f'{WEB1}key "{key}"')
    assert fragment in problem


def test_all_problems_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = """{"version": 3, "hosts": {
        "web1": {"hostname": "a b", "port": 0,
                 "usr": "x"},
        "local": {"user": "-x"},
        "web2": {"hostname": "a", "groups": ["a-b", "all"]},
        "web2": 5
    }, "default_host": "nobody"}"""
    assert [problem.split(" ")[0] for problem in problems(text)] == [
        f"hosts.json:{line}:" for line in (1, 2, 2, 3, 4, 4, 4, 5, 5, 6, 6, 7)
    ]


def test_a_huge_number_is_no_port() -> None:
    text = one(port=0).replace(": 0", ": 1" + "0" * 5000)  # int() itself refuses that many digits
    assert "is no port" in problems(text)[0]


def test_long_values_are_cut_in_messages() -> None:
    (problem,) = problems(one(user="u" * 100_000))
    assert len(problem) < 300


@pytest.mark.parametrize("name", ["missing.json", ".", "loop.json", "nul\0.json"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop.json").symlink_to("loop.json")
    with pytest.raises(HostsFileError, match=r"the hosts file cannot be read: .* Correct the path"):
        load_hosts(f"{tmp_path}/{name}")


def test_of_very_many_problems_the_first_are_told() -> None:
    bad = {f"h{number}": {"hostname": "a b"} for number in range(1000)}
    with pytest.raises(HostsFileError) as refused:
        parse_hosts(json.dumps({"hosts": bad}).encode(), "f")
    told = refused.value.message.splitlines()
    assert (len(refused.value.problems), len(told), told[-1]) == (1000, 21, "and 980 more problems")
    assert told[:20] == refused.value.problems[:20]
