# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of pruning: what they mean, and what is refused before anything is touched."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.filters import KINDS, KNOWN, parse
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.prune.options import parse as parse_options

NOW = 1_800_000_000.0
LABELS = {"a": "b", "c": ""}
# filters, whether something with LABELS, created 100 seconds ago, is meant
MEANT: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"until": "100s"}, True),
    ({"until": "1m40s"}, True),
    ({"until": "101s"}, False),
    ({"until": "1h"}, False),
    ({"until": str(int(NOW - 100))}, True),
    ({"until": str(int(NOW - 101))}, False),
    ({"until": "2020-01-01"}, False),
    ({"until": "2100-01-01T00:00:00Z"}, True),
    ({"until": "2100-01-01T00:00:00+02:00"}, True),
    ({"label": "a"}, True),
    ({"label": ["a=b", "c"]}, True),
    ({"label": ["a=b", "d"]}, False),
    ({"label": "a=c"}, False),
    ({"label": "c="}, True),
    ({"label!": "d"}, True),
    ({"label!": ["d", "a"]}, False),
    ({"label!": "a=x"}, True),
]
# kind, filters, the option that the error names, some of its words
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("containers", {"dangling": True}, "x", "there is no such filter here"),
    ("volumes", {"until": "24h"}, "x", "there is no such filter here"),
    ("containers", {"until": "yesterday"}, "x.until", "this is no time"),
    ("containers", {"until": "24"}, "", ""),
    ("containers", {"until": ["1h", "2h"]}, "x.until", "there can be one value only"),
    ("images", {"dangling": "perhaps"}, "x.dangling", "neither true nor false"),
    ("images", {"label": {"a": "b"}}, "x.label", "neither a value nor a list"),
    ("images", {"label": []}, "x.label", "neither a value nor a list"),
    ("images", {"until": None}, "x.until", "neither a value nor a list"),
]


@pytest.mark.parametrize(("given", "meant"), MEANT, ids=str)
def test_what_is_meant(given: dict[str, Any], meant: bool) -> None:
    assert parse("x", "containers", given).match(LABELS, NOW - 100, NOW) is meant


@pytest.mark.parametrize(("kind", "given", "option", "words"), [case for case in WRONG if case[2]])
def test_what_there_is_not_is_refused(kind: str, given: dict[str, Any], option: str, words: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        parse("x", kind, given)
    assert refused.value.option == option and words in refused.value.message


def test_of_unknown_age_nothing_is_old() -> None:
    assert not parse("x", "networks", {"until": "1s"}).match({}, None, NOW)
    assert parse("x", "networks", {}).match({}, None, NOW)


@pytest.mark.parametrize(("value", "flag"), [(True, True), ("false", False), (0, False), ("1", True), ("Yes", True)])
def test_flags_in_all_their_spellings(value: Any, flag: bool) -> None:
    filters = parse("x", "images", {"dangling": value})
    assert filters.flag("dangling", not flag) is flag and filters.texts == {"dangling": [str(flag).lower()]}


def params(**given: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(KINDS, False) | {f"{kind}_filters": None for kind in KINDS}
    rest = {"builder_cache_all": False, "builder_cache_keep_storage": None, "only_ours": None}
    return {**nothing, **rest, **given}


@pytest.mark.parametrize("kind", ["images", "builder_cache"])
def test_only_ours_is_refused_for_what_carries_no_mark(kind: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        parse_options(params(only_ours=True, **{kind: True}))
    assert refused.value.option == "only_ours" and kind in refused.value.message
    assert not parse_options(params(**{kind: True})).ours(kind)


@pytest.mark.parametrize(("only_ours", "ours"), [(None, True), (True, True), (False, False)])
def test_only_ours_is_the_rule_for_what_carries_a_mark(only_ours: bool | None, ours: bool) -> None:
    options = parse_options(params(only_ours=only_ours, containers=True))
    assert all(options.ours(kind) is ours for kind in ("containers", "networks", "volumes"))
    assert set(options.kinds) == {"containers"}


def test_sizes_are_read() -> None:
    assert parse_options(params(builder_cache=True, builder_cache_keep_storage="2K")).keep_storage == 2048
    with pytest.raises(InvalidOption):
        parse_options(params(builder_cache_keep_storage="much"))


def test_every_filter_is_documented() -> None:
    from pathlib import Path

    import ansible_collections.sshfleet.containers.plugins.modules.remote_prune as module

    text = Path(module.__file__).read_text()
    for kind in KINDS:
        description = text.partition(f"  {kind}_filters:")[2].partition("type: dict")[0]
        for name in KNOWN[kind]:
            assert f"C({name})" in description or name == "unused-for", (kind, name)
