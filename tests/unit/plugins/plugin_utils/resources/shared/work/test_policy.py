# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hook that holds a policy against plans and steps, with a runner."""

from __future__ import annotations

from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, PolicyError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import Plan, Resource, Step
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.policy import (
    NO_REMOVE,
    READ_ONLY,
    Policy,
    exemption,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.policy import PolicyHook
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Runner

WEB = Resource("container", "web")


class Engine(FakeClient):
    """Knows one container, and what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[str] = []
        self.looked: list[str] = []

    def containers_start(self, name: str) -> None:
        self.started.append(name)

    def containers_inspect(self, name: str) -> dict[str, Any]:
        self.looked.append(name)
        if name != "web":
            raise EngineError("gone")
        return {"Config": {"Labels": {"env": "dev"}}}


def runner(engine: Engine, policy: Policy) -> Runner:
    hook = PolicyHook(policy, "web1", "remote_container", engine)
    return Runner(engine, lambda _line: None, hooks=[hook])


def start(client: Client, step: Step) -> None:
    if step.action in ("start", "create"):
        client.containers.start(step.resource.name)


def test_nothing_of_a_plan_is_done_where_one_step_is_refused() -> None:
    engine = Engine()
    planned = Plan((WEB.step("start", "r"), Resource("container", "old").step("remove", "r")))
    with pytest.raises(PolicyError, match="container old: remove") as refused:
        runner(engine, Policy(NO_REMOVE)).run(planned, start)
    assert not engine.started and refused.value.kind == "policy" and "sshfleet_policy_allow" in refused.value.hint


def test_nothing_is_owned_for_a_plan_that_is_refused() -> None:
    def things(_seen: object, _plan: Plan) -> list[Any]:
        raise AssertionError("it asks what is to be owned")

    with pytest.raises(PolicyError):
        runner(Engine(), Policy(READ_ONLY)).converge(
            lambda: (None, Plan((WEB.step("start", "r"),))), things, lambda _seen, _plan: None
        )


def test_a_single_step_is_refused_before_its_first_request() -> None:
    engine = Engine()
    with pytest.raises(PolicyError), runner(engine, Policy(READ_ONLY)).doing(WEB.step("exec", "r")):
        engine.containers.start("web")
    assert not engine.started and not engine.looked


def test_what_was_made_by_an_earlier_plan_may_be_removed() -> None:
    engine = Engine()
    run = runner(engine, Policy(NO_REMOVE))
    run.run(Plan((WEB.step("create", "r"),)), start)
    run.run(Plan((WEB.step("remove", "another part of the project failed"),)), start)
    with pytest.raises(PolicyError):
        run.run(Plan((Resource("container", "old").step("remove", "r"),)), start)


@pytest.mark.parametrize(("name", "label", "done"), [("web", "env=dev", True), ("web", "env=prod", False),
                                                     ("gone", "env=dev", False)])  # fmt: skip
def test_labels_are_read_where_an_exemption_asks_for_them(name: str, label: str, done: bool) -> None:
    engine = Engine()
    run = runner(engine, Policy(READ_ONLY, (exemption(f"label:{label}"),)))
    planned = Plan((Resource("container", name).step("start", "r"),))
    if done:
        run.run(planned, start)
    else:
        with pytest.raises(PolicyError):
            run.run(planned, start)
    assert bool(engine.started) is done and engine.looked


def test_each_step_is_judged_before_the_plan_and_before_itself_and_no_more() -> None:
    engine = Engine()
    run = runner(engine, Policy(READ_ONLY, (exemption("label:env=dev"),)))
    planned = Plan(tuple(Step(WEB, "create", "r", id=str(number)) for number in range(20)))
    run.run(planned, start)
    assert len(engine.started) == 20 and len(engine.looked) == 2 * 20
