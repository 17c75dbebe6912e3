# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shipping: the options, and what a target needs of an image."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.image.archive import Cargo
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping import options as ship
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shipping.plan import plan

HOSTS = ["a", "b", "c"]
A, B = "a" * 64, "b" * 64
CARGO = Cargo(A, frozenset({A}), ("sha256:1", "sha256:2", "sha256:3"), ship.entries_of(("sha256:1", "2", "3")))


def params(**given: Any) -> dict[str, Any]:
    defaults = {name: spec.get("default") for name, spec in ship.ARGUMENT_SPEC.items()}
    return {**defaults, "name": "app", "source": "a", **given}


@pytest.mark.parametrize(
    ("given", "targets"),
    [
        ({}, ("b",)),
        ({"source": None, "path": "x"}, ("a", "b")),
        ({"targets": ["c", "b", "c"]}, ("c", "b")),
        ({"targets": ["a"]}, ("a",)),
    ],
)
def test_the_targets(given: dict[str, Any], targets: tuple[str, ...]) -> None:
    assert ship.parse(params(**given), HOSTS, ["a", "b"]).targets == targets


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"targets": ["b", "web"]}, "targets"),
        ({"targets": []}, "targets"),
        ({"source": "web"}, "source"),
        ({"name": "No Image"}, "name"),
    ],
)
def test_refused(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        ship.parse(params(**given), HOSTS, ["a", "b"])
    assert caught.value.option == option


@pytest.mark.parametrize(
    ("named", "same", "expected"),
    [
        (f"sha256:{A}", None, ship.PRESENT),
        (A, None, ship.PRESENT),
        (f"sha256:{B}", f"sha256:{A}", ship.TAG),
        (None, f"sha256:{A}", ship.TAG),
        (f"sha256:{B}", None, ship.SHIP),
        (None, None, ship.SHIP),
    ],
)
def test_what_a_target_needs(named: str | None, same: str | None, expected: str) -> None:
    images = [None if one is None else {"Id": one} for one in (named, same)]
    assert ship.action(CARGO, *images) == expected


def test_the_plan_has_a_step_for_each_target_that_lacks_something() -> None:
    planned = plan("app:1", {"a": ship.SHIP, "b": ship.PRESENT, "c": ship.TAG})
    assert str(planned).splitlines() == [
        "1. image app:1 on a: ship (the image is not there)",
        "2. image app:1 on c: tag (the image is there under another name)",
    ]


def test_an_engine_may_call_it_by_another_of_its_ids() -> None:
    cargo = Cargo(A, frozenset({A, B}))
    assert ship.action(cargo, {"Id": f"sha256:{B}"}, None) == ship.PRESENT


def images(*stacks: str) -> list[dict[str, Any]]:
    return [{"RootFS": {"Layers": [f"sha256:{layer}" for layer in stack]}} for stack in stacks]


@pytest.mark.parametrize(
    ("there", "chained", "single"),
    [
        (images(), set(), set()),
        (images("123"), {0, 1, 2}, {0, 1, 2}),
        (images("1"), {0}, {0}),
        (images("129"), {0, 1}, {0, 1}),
        (images("12", "13"), {0, 1}, {0, 1, 2}),
        (images("3"), set(), {2}),
        (images("32"), set(), {1, 2}),
        ([{"RootFS": None}], set(), set()),
    ],
)
def test_layers_that_are_there(there: Any, chained: set[int], single: set[int]) -> None:
    assert ship.known_layers(CARGO, there, chained=True) == chained
    assert ship.known_layers(CARGO, there, chained=False) == single


def test_the_entries_that_are_left_out() -> None:
    assert ship.left_out(CARGO, {0}) == {"1.tar", "blobs/sha256/1"}
    assert ship.left_out(Cargo(A, frozenset({A}), ("1",)), {0}) == frozenset()
    twice = Cargo(A, frozenset({A}), ("1", "2", "1"), ship.entries_of(("1", "2", "1")))
    assert ship.left_out(twice, {0}) == frozenset(), "its content is needed once more"
    assert ship.left_out(twice, {0, 2}) == {"1.tar", "blobs/sha256/1"}
