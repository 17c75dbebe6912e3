# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: steps that wait for each other, and the text that tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import (
    Difference,
    Plan,
    Resource,
    in_sequence,
)

WEB, DB = Resource("container", "web"), Resource("container", "db")
BACK = Resource("network", "back")


def test_a_plan_prints_what_each_step_waits_for() -> None:
    network = BACK.step("create", "there is no such network")
    web, db = (replace(one.step("create", "there is none"), after=(network.id,)) for one in (WEB, DB))
    start = replace(WEB.step("start", "state is started"), after=(web.id, db.id))
    assert str(Plan((network, web, db, start))).splitlines() == [
        "1. network back: create (there is no such network)",
        "2. container web: create (there is none), after 1",
        "3. container db: create (there is none), after 1",
        "4. container web: start (state is started), after 2, 3",
    ]
    assert str(Plan()) == "nothing to do"


def test_a_sequence_waits_step_by_step_and_anew_when_it_grows() -> None:
    joining = [BACK.step("connect", "it is wanted", shown={"container": name}) for name in ("a", "b")]
    first = Plan(in_sequence(joining))
    assert [step.id for step in first.steps] == ["network back: connect", "network back: connect (2)"]
    longer = Plan(in_sequence((BACK.step("create", "x"), *first.steps, BACK.step("connect", "c"))))
    assert [step.after for step in longer.steps] == [(), *((step.id,) for step in longer.steps[:-1])]
    assert str(longer).splitlines()[1] == "2. network back: connect a (it is wanted), after 1"


def test_a_plan_whose_steps_cannot_be_put_in_order_is_refused() -> None:
    with pytest.raises(ValueError, match="the ID"):
        Plan((WEB.step("start", "x"), WEB.step("start", "y")))
    first, second = in_sequence((WEB.step("create", "x"), WEB.step("start", "y")))
    for steps in ((second, first), (second,)):
        with pytest.raises(ValueError, match="container web: create"):
            Plan(steps)


def test_what_the_result_tells() -> None:
    step = BACK.step("connect", "it is wanted", {"container": "c" * 64}, {"container": "web", "more": ["x"]})
    planned = Plan((step,), (Difference("driver", "a", "b"),), {"exists": False}, {"exists": True})
    assert planned.actions() == [
        {"action": "connect", "reason": "it is wanted", "container": "web", "more": ["x"]}
    ]  # fmt: skip
    assert planned.diff() == {"before": {"exists": False, "driver": "a"}, "after": {"exists": True, "driver": "b"}}
    assert step.describe() == "network back: connect web (it is wanted)"
    assert Resource("image", "app:1").step("pull", "x", shown={"image": "app:1"}).what == "pull"
