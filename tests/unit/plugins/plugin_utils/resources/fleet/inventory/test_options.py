# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the inventory: what is refused, and which hosts are read."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, InvalidOptions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.fleet.inventory.options import (
    ARGUMENT_SPEC,
    chosen,
    parse,
    unmatched,
)

GIVEN = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
HOSTS = {"web1": ["web", "east"], "web2": ["web", "west"], "db1": ["db", "east"], "lone": ["ungrouped"]}

REFUSED: dict[str, tuple[Any, str]] = {
    "at_once": (0, "1 to 1000"),
    "timeout_all": (0.0, "Give seconds"),
    "group_prefix": ("1st-", "Begin with a letter"),
    "group_by_labels": (["app", "app.tier"], "keyed_groups"),
    "labels": ({"": "x"}, "no label"),
}


def test_the_defaults_are_the_running_containers_of_all_hosts() -> None:
    sought = parse(GIVEN)
    assert sought.wanted.read == {"containers"} and sought.wanted.containers.states == ("running",)
    assert sought.hosts == ("all",) and not sought.wanted.inspect and sought.unread_hosts == "warn"


@pytest.mark.parametrize("option", REFUSED)
def test_what_can_not_be_used_is_refused_by_name_with_its_value(option: str) -> None:
    value, words = REFUSED[option]
    with pytest.raises(InvalidOption) as refused:
        parse({**GIVEN, option: value})
    assert refused.value.option == option and words in str(refused.value)
    assert option == "labels" or repr(value) in refused.value.message


def test_labels_whose_groups_differ_are_taken() -> None:
    assert parse({**GIVEN, "group_by_labels": ["app", "tier", "app", "application"]}).grouping.labels == (
        "app", "tier", "application",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["all"], ["web1", "web2", "db1", "lone"]),
        ([], ["web1", "web2", "db1", "lone"]),
        (["web"], ["web1", "web2"]),
        (["db1", "web2"], ["web2", "db1"]),
        (["!east"], ["web2", "lone"]),
        (["!web1", "web", "db*"], ["web2", "db1"]),
        (["ungrouped"], ["lone"]),
    ],
)
def test_hosts_are_chosen_by_name_group_and_pattern(patterns: list[str], expected: list[str]) -> None:
    assert chosen(HOSTS, patterns) == expected


@pytest.mark.parametrize("pattern", ["nobody", "!nobody", "no*"])
def test_a_name_that_means_nobody_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidOption, match="no host and no group of the sources before this one is called"):
        chosen(HOSTS, ["all", pattern])


def test_without_hosts_the_order_of_the_sources_is_told() -> None:
    with pytest.raises(InvalidOptions) as refused:
        chosen({}, ["all"])
    assert "-i hosts.json -i NAME.fleet_containers.yml" in refused.value.hint


def test_of_a_slice_no_name_is_refused_and_none_need_be_there() -> None:
    patterns = ["web*", "elsewhere", "!gone"]
    assert chosen(HOSTS, patterns, part=True) == ["web1", "web2"] and unmatched(HOSTS, patterns) == [
        "elsewhere",
        "gone",
    ]
    assert chosen({}, ["all"], part=True) == [] and chosen(HOSTS, ["elsewhere"], part=True) == []
