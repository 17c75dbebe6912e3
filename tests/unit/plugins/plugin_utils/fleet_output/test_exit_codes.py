# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of exit codes."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.fleet_output.exit_codes import (
    ANSIBLES,
    OWN,
    STRATEGIES,
    Strategy,
    ending,
    strategy,
)

NONE, ONE, TWO, ALL = (dict(zip("abc", bits, strict=True)) for bits in ((0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)))
HALF = {"a": True, "b": False}
CODES = [
    # strategy, hosts and whether they failed, Ansible's code, ours
    ("", ONE, 2, 2),
    ("", NONE, 0, 0),
    ("", ONE, 4, 4),
    ("all", NONE, 0, 0),
    ("all", ONE, 2, 10),
    ("all", ONE, 4, 10),
    ("all", ALL, 2, 11),
    ("all", {}, 0, 0),
    ("all", ONE, 0, 10),  # unreachable in a play before the last, of which Ansible's code says nothing
    ("any", NONE, 0, 0),
    ("any", TWO, 2, 0),
    ("any", ALL, 2, 11),
    ("any", {}, 0, 14),
    ("majority", NONE, 0, 0),
    ("majority", ONE, 2, 0),
    ("majority", HALF, 2, 12),
    ("majority", TWO, 2, 12),
    ("majority", ALL, 4, 11),
    ("majority", {}, 0, 14),
    ("main=c", TWO, 2, 0),
    ("main=a", ONE, 2, 13),
    ("main=d", NONE, 0, 14),
    ("fail_fast", NONE, 0, 0),
    ("fail_fast", ONE, 2, 15),
    ("fail_fast", ALL, 2, 15),
    # What is not about hosts stays.
    ("any", TWO, 1, 1),
    ("any", TWO, 99, 99),
    ("any", TWO, 250, 250),
    ("any", NONE, 4, 4),  # the next playbook could not be read
]


@pytest.mark.parametrize(("wanted", "failed", "ansibles", "code"), CODES)
def test_codes(wanted: str, failed: dict[str, bool], ansibles: int, code: int) -> None:
    assert ending(strategy(wanted), failed, ansibles).code == code


def test_all_of_our_numbers_have_been_seen_and_are_nobody_elses() -> None:
    assert {code for *_case, code in CODES} >= set(OWN)
    assert not set(OWN) & set(ANSIBLES)


def test_more_failures_never_make_a_run_better() -> None:
    for name, count in itertools.product((*STRATEGIES, "main=h0"), range(1, 7)):
        codes = []
        for bad in range(count + 1):
            failed = {f"h{number}": number < bad for number in range(count)}
            codes.append(ending(strategy(name), failed, 2 if bad else 0).code == 0)
        assert codes == sorted(codes, reverse=True)


def test_words() -> None:
    assert str(ending(Strategy(), ONE, 2)) == "Exit code 2: a task failed on at least one host."
    assert str(ending(Strategy("any"), ONE, 2)) == (
        "Exit code 0: 2 of 3 succeeded, which is enough for exit_strategy any."
    )
    assert str(ending(Strategy("main", "a"), ONE, 2)) == "Exit code 13: the main host failed (a)."
    assert str(ending(Strategy(), ONE, 4)) == "Exit code 4: at least one host was unreachable."
    assert str(ending(Strategy("any"), NONE, 4)) == "Exit code 4: a playbook could not be read."
    assert str(ending(Strategy(), {}, 77)) == "Exit code 77: as Ansible says."


@pytest.mark.parametrize("text", ["most", "main=", "main", "ALL"])
def test_what_is_no_strategy_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match="no such strategy"):
        strategy(text)


def test_strategies() -> None:
    assert strategy(None) == strategy("") == Strategy()
    assert strategy(" all ") == Strategy("all")
    assert strategy("main=web1=x") == Strategy("main", "web1=x")
    assert [name for name in STRATEGIES if strategy(name).stops] == ["fail_fast"]
