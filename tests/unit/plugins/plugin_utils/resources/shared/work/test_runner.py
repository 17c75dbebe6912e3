# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runner: the order of steps, what a failure stops, who is told, and that no change goes out elsewhere."""

from __future__ import annotations

import contextlib
import cProfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_client import FakeClient

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.permission import UnpermittedChange
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.protocol import Client
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.ownership import Thing
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.plan import (
    Plan,
    Resource,
    Step,
    in_sequence,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.runner import Hooks, Runner

PLUGINS = Path(__file__).resolve().parents[7] / "plugins"
SECONDS = 20.0  # until a test has failed that waits for another thread


class Engine(FakeClient):
    """Notes who starts containers."""

    def __init__(self) -> None:
        super().__init__()
        self.others: list[Engine] = []
        self.started: list[str] = []

    def containers_start(self, name: str) -> None:
        self.started.append(name)

    def another(self, timeout: float) -> Engine:
        made = Engine()
        made.timeout, made.changing, made._permission = timeout, self.changing, self._permission
        self.others.append(made)
        return made


def step(name: str, *after: str) -> Step:
    return Step(Resource("container", name), "start", "test", id=name, after=after)


def start(client: Client, one: Step) -> None:
    client.containers.start(one.resource.name)


def failing(*names: str) -> Callable[[Client, Step], None]:
    """Starts all but these, which the engine refuses."""

    def do(client: Client, one: Step) -> None:
        if one.resource.name in names:
            raise EngineError(f"no to {one.resource.name}", 500)
        start(client, one)

    return do


def named(steps: list[Step]) -> list[str]:
    return [one.resource.name for one in steps]


# d waits for b and c, which wait for a; e waits for nobody.
DIAMOND = Plan((step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c"), step("e")))


def test_steps_are_done_in_their_order_and_told() -> None:
    engine, log = Engine(), []  # type: ignore[var-annotated]
    Runner(engine, log.append).run(DIAMOND, start)
    assert engine.started == ["a", "b", "c", "d", "e"]
    assert log == [f"container {name}: start (test)" for name in "abcde"]


@pytest.mark.parametrize("at_once", [1, 3])
def test_what_waits_for_a_failed_step_is_not_done_and_the_first_error_is_raised(at_once: int) -> None:
    outcome = Runner(Engine(), str, at_once=at_once).attempt(DIAMOND, failing("b"))
    assert sorted(named(outcome.done)) == ["a", "c", "e"] and named(outcome.skipped) == ["d"]
    assert [(one.resource.name, str(error)) for one, error in outcome.failed] == [("b", "no to b")]
    with pytest.raises(EngineError, match="no to b"):
        Runner(Engine(), str, at_once=at_once).run(DIAMOND, failing("b", "d"))


def test_of_several_errors_the_first_is_raised() -> None:
    with pytest.raises(EngineError, match="no to b"):
        Runner(Engine(), str).run(DIAMOND, failing("b", "c", "e"))


def test_an_error_that_ends_everything() -> None:
    engine = Engine()
    with pytest.raises(EngineError, match="no to b"):
        Runner(engine, str).attempt(DIAMOND, failing("b"), ends=lambda error: True)
    assert engine.started == ["a"]


def test_independent_steps_are_done_beside_each_other_each_with_its_own_client() -> None:
    engine, meet = Engine(), threading.Barrier(2, timeout=SECONDS)

    def do(client: Client, one: Step) -> None:
        start(client, one)
        if one.resource.name in ("b", "c"):
            meet.wait()  # never without the other one
        client.warned.append(one.resource.name)

    Runner(engine, str, at_once=2).run(DIAMOND, do)
    first, second = engine.others
    assert sorted(first.started + second.started) == ["a", "b", "c", "d", "e"] and engine.started == []
    assert first.closed and second.closed and sorted(engine.warned) == ["a", "b", "c", "d", "e"]
    assert first.timeout == engine.timeout


def test_no_more_than_so_many_at_once() -> None:
    engine, lock, most = Engine(), threading.Lock(), [0, 0]

    def do(_client: Client, _step: Step) -> None:
        with lock:
            most[0] += 1
            most[1] = max(most)
        threading.Event().wait(0.01)
        with lock:
            most[0] -= 1

    Runner(engine, str, at_once=3).run(Plan(tuple(step(str(number)) for number in range(12))), do)
    assert 1 < most[1] <= 3


def test_a_plan_that_a_step_gives_back_takes_the_place_of_what_waits_for_it() -> None:
    engine, instead = Engine(), Plan((step("a"), step("x", "a")))

    def do(client: Client, one: Step) -> Plan | None:
        start(client, one)
        return instead if one.id == "a" else None

    outcome = Runner(engine, str).attempt(DIAMOND, do)
    assert engine.started == ["a", "e", "a", "x"] and outcome.skipped == []


def test_it_takes_the_place_of_its_own_part_only_and_others_wait_for_it() -> None:
    """a and b are one part; c waits for b, and d for a."""
    engine = Engine()
    planned = Plan((step("a"), step("b", "a"), step("c", "b"), step("d", "a", "b")))

    def do(client: Client, one: Step) -> Plan | None:
        start(client, one)
        return Plan((step("x"), step("y", "x"))) if one.id == "a" else None

    def part(one: Step) -> str:
        return one.id if one.id in "cd" else "first"

    outcome = Runner(engine, str).attempt(planned, do, part=part)
    assert engine.started == ["a", "x", "y", "c", "d"] and outcome.skipped == []

    def broken(client: Client, one: Step) -> Plan | None:
        if one.resource.name == "y":
            raise EngineError("no to y", 500)
        return do(client, one)

    outcome = Runner(Engine(), str).attempt(planned, broken, part=part)
    assert named(outcome.skipped) == ["c", "d"]


class Recording:
    """A hook; it refuses ``refused``."""

    def __init__(self, said: list[str], name: str, refused: str = "") -> None:
        self._said, self._name, self._refused = said, name, refused

    def planned(self, plan: Plan) -> None:
        self._said.append(f"{self._name} planned {len(plan.steps)}")

    def before(self, one: Step) -> None:
        self._said.append(f"{self._name} before {one.resource.name}")
        if one.resource.name == self._refused:
            raise EngineError("the policy is read_only", kind="refused")

    def after(self, one: Step, error: BaseException | None) -> None:
        self._said.append(f"{self._name} after {one.resource.name}: {error}")


def test_hooks_are_told_before_and_after_each_step_with_its_error() -> None:
    said: list[str] = []
    hooks: list[Hooks] = [Recording(said, "audit"), Recording(said, "progress")]
    outcome = Runner(Engine(), str, hooks=hooks).attempt(Plan((step("a"), step("b"))), failing("b"))
    assert len(outcome.failed) == 1
    assert said == [
        "audit planned 2", "progress planned 2",
        "audit before a", "progress before a", "progress after a: None", "audit after a: None",
        "audit before b", "progress before b", "progress after b: no to b", "audit after b: no to b",
    ]  # fmt: skip


def test_what_a_hook_refuses_sends_nothing_and_is_the_steps_error() -> None:
    said: list[str] = []
    engine, log = Engine(), []  # type: ignore[var-annotated]
    hooks: list[Hooks] = [Recording(said, "audit"), Recording(said, "policy", refused="b")]
    with pytest.raises(EngineError, match="read_only"):
        Runner(engine, log.append, hooks=hooks).run(Plan(in_sequence((step("a"), step("b"), step("c")))), start)
    assert engine.requests() == ["containers.start"] and engine.started == ["a"] and len(log) == 1
    assert said[-3:] == ["audit before b", "policy before b", "audit after b: the policy is read_only"]


def test_a_change_outside_of_a_step_is_refused_before_it_is_sent() -> None:
    engine = Engine()
    runner = Runner(engine, str)
    with pytest.raises(UnpermittedChange, match=r"containers\.start"):
        engine.containers.start("web")
    with runner.doing(step("web")):
        engine.containers.start("web")
    with runner.looking():
        engine.containers.start("asked")
    with pytest.raises(UnpermittedChange):
        engine.containers.start("web")
    assert engine.started == ["web", "asked"]


def test_nobody_but_the_runner_and_its_owners_gives_the_permission() -> None:
    """Whatever else called ``changing`` could send a change that no hook is told of."""
    givers = {
        path.relative_to(PLUGINS / "plugin_utils").as_posix()
        for path in PLUGINS.rglob("*.py")
        if ".changing()" in path.read_text() and "engine" not in path.relative_to(PLUGINS).parts
    }
    assert givers == {
        "resources/shared/work/runner.py",
        "resources/shared/work/ownership.py",
    }


class Owners:
    """Who owns what, when; ``lost`` is that others may have taken over."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.lost = False

    @contextlib.contextmanager
    def owning(self, things: set[Thing]) -> Iterator[None]:
        self.said.append(sorted(things))
        yield
        self.said.append("free")

    def require(self) -> None:
        if self.lost:
            raise EngineError("others may have taken over", kind="busy")


A, B = Thing("container", "a"), Thing("container", "b")


def converged(plans: list[Plan], owners: Owners | None) -> tuple[list[str], list[Any], Plan]:
    """What was started, owned and planned last, where looks find these plans, one after the other."""
    engine, looks = Engine(), iter(plans)
    runner = Runner(engine, str, owners=owners)  # type: ignore[arg-type]

    def change(_seen: None, planned: Plan) -> None:
        assert runner.alone
        runner.run(planned, start)

    _seen, planned = runner.converge(
        lambda: (None, next(looks)),
        lambda _seen, planned: [Thing("container", one.resource.name) for one in planned.steps],
        change,
    )
    assert not runner.alone
    return engine.started, owners.said if owners else [], planned


def test_it_looks_again_once_it_owns_what_is_changed() -> None:
    one, two = Plan((step("a"),)), Plan((step("a"), step("b")))
    assert converged([Plan()], Owners()) == ([], [], Plan())
    assert converged([one], None) == (["a"], [], one)
    assert converged([one, one], Owners()) == (["a"], [[A], "free"], one)
    assert converged([one, Plan()], Owners()) == ([], [[A], "free"], Plan()), "somebody was faster"
    assert converged([two, one], Owners()) == (["a"], [[A, B], "free"], one)
    assert converged([one, two, two], Owners()) == (["a", "b"], [[A], "free", [A, B], "free"], two), "more is needed"


def test_nothing_is_done_once_others_may_have_taken_over() -> None:
    owners, engine = Owners(), Engine()

    def do(client: Client, one: Step) -> None:
        start(client, one)
        owners.lost = True

    with pytest.raises(EngineError, match="taken over"):
        Runner(engine, str, owners=owners).run(Plan(in_sequence((step("a"), step("b")))), do)  # type: ignore[arg-type]
    assert engine.started == ["a"]


def test_a_step_without_an_engine() -> None:
    said: list[str] = []
    runner = Runner(None, said.append)
    with runner.doing(replace(step("a"), reason="no engine")):
        pass
    assert said == ["container a: start (no engine)"]
    with pytest.raises(ValueError, match="no engine"):
        runner.run(DIAMOND, start)


def test_the_cost_of_failures_grows_with_the_steps() -> None:
    """Counted in calls, which the machine's load does not change: half of the steps fail, half wait for one of them."""

    def calls(count: int) -> int:
        refused = [f"refused {number}" for number in range(count)]
        planned = Plan(tuple(step(name) for name in refused) + tuple(step(f"behind {name}", name) for name in refused))
        runner = Runner(Engine(), lambda _line: None)
        with cProfile.Profile() as profile:
            outcome = runner.attempt(planned, failing(*refused))
        assert (len(outcome.failed), len(outcome.skipped)) == (count, count)
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(400) < 8 * calls(50) * 1.2
