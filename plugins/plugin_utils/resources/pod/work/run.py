# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a pod into the state that a task describes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError, FleetError
from ....telling import listed
from ...shared.ownership import Thing
from ...shared.plan import Plan, Step
from ...shared.trial import refused, trial_name
from ...shared.work.by_action import by_action
from ...shared.work.runner import Outcome, Runner
from ..hints import hint_for
from ..members import Member, members, others
from ..options import Options
from ..plan import Observed, plan
from ..result import pod_result, task_result
from .needs import missing


def run_pod(runner: Runner, options: Options, *, check_mode: bool = False) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :raises InvalidOption: see ``plan``; or the host lacks what a new pod needs.
    :raises EngineError: the engine refused, or the pod would have to go with its containers.
    """
    client = runner.engine
    engine = client.engine

    def look() -> tuple[Observed, Plan]:
        observed = observe(client, options.name)
        planned = plan(options, observed, engine)
        warnings = missing(client, options, observed, planned, check_mode)
        return observed, replace(planned, warnings=(*planned.warnings, *warnings))

    def change(observed: Observed, planned: Plan) -> None:
        _require_done(runner.attempt(planned, do), observed)

    observed, planned = look() if check_mode else runner.converge(look, things, change)
    after = observe(client, options.name) if planned.changed and not check_mode else observed
    return task_result(planned, after.pod and pod_result(after.pod, after.members, engine))


def observe(client: Client, name: str) -> Observed:
    """Read what the plan needs."""
    pod = client.pods.inspect(name)
    return Observed() if pod is None else Observed(pod, members(client.pods.members(pod["Id"])))


def things(observed: Observed, planned: Plan) -> list[Thing]:
    """The pod, and where anything becomes of them its containers, of which only this controller knows."""
    inside = [Thing("container", member.name, marked=False) for member in observed.members if not member.infra]
    marked = len(planned.steps) > 1 or any(step.action in ("create", "recreate") for step in planned.steps)
    return [*inside, *(Thing("pod", step.resource.name, marked=marked) for step in planned.steps[:1])]


def _require_done(outcome: Outcome, observed: Observed) -> None:
    """:raises FleetError: the first error there was; it tells what was done before."""
    if not outcome.failed:
        return
    error = outcome.failed[0][1]
    if isinstance(error, FleetError) and outcome.done:
        error.beside = {"changed": True, "actions": Plan(tuple(outcome.done)).actions()}
        done = {step.action for step in outcome.done}
        if done & {"create", "recreate"}:
            error.message = f"{error.words}. {_made_before('recreate' in done, others(observed.members))}"
            error.hint = f"{error.hint} Run the task again when that is mended.".strip()
    raise error


def _made_before(recreated: bool, lost: Sequence[str]) -> str:
    if not recreated:
        return "The pod was made before that, and stays."
    its = f" and its containers ({listed(lost)}) are" if lost else " is"
    return f"The old pod{its} gone; the new one was made before that, and stays."


def _create(client: Client, name: str, body: dict[str, Any]) -> None:
    try:
        client.pods.create(body)
    except EngineError as error:
        if error.status is not None and error.kind != "name_in_use":
            _discard(client, name)
        raise


def _discard(client: Client, name: str) -> None:
    """Podman 4 leaves a pod that it could not create, without what was asked for."""
    if left := client.pods.inspect(name):
        client.pods.remove(left["Id"])


def _remove(client: Client, _name: str, identity: str) -> None:
    client.pods.remove(identity)


def _recreate(client: Client, name: str, body: dict[str, Any], identity: str) -> None:
    """What the engine refuses is seen before the old pod is gone, with one of another name that is never started."""
    trial = trial_name(name)
    _discard(client, trial)  # of a run that was cut
    try:
        _create(
            client, trial, {**body, "name": trial, **({"infra_name": f"{trial}-infra"} if "infra_name" in body else {})}
        )
    except EngineError as error:
        raise refused(error, name, "Nothing was changed") from error
    _discard(client, trial)
    client.pods.remove(identity)
    try:
        _create(client, name, body)
    except EngineError as error:
        message = f"{error.words}. The old pod is gone with its containers, and there is no new one"
        hint = f"{error.hint} Run the task again when that is mended.".strip()
        lost = EngineError(message, error.status, hint, error.kind)
        lost.beside = {"changed": True}
        raise lost from error


def _each(
    of_pod: Callable[[Client], Callable[[str], None]], of_member: Callable[[Client], Callable[[str], None]]
) -> Callable[..., None]:
    """What is done to a pod, or where that is said to some of its containers."""

    def act(client: Client, name: str, identity: str, members: Sequence[Member]) -> None:
        for member in members:
            of_member(client)(member.id)
        if not members:
            of_pod(client)(identity or name)

    return act


def do(client: Client, step: Step) -> None:
    """Do one step of a plan.

    :raises EngineError: what the engine said, with what helps.
    """
    try:
        _do(client, step)
    except EngineError as error:
        if error.status is not None and (hint := hint_for(error.message)) not in error.hint:
            error.hint = f"{hint} {error.hint}".strip()
        raise


_do = by_action(
    {
        "create": _create,
        "remove": _remove,
        "recreate": _recreate,
        "start": _each(lambda client: client.pods.start, lambda client: client.containers.start),
        "stop": _each(lambda client: client.pods.stop, lambda client: client.containers.stop),
        "restart": _each(lambda client: client.pods.restart, lambda client: client.containers.restart),
        "pause": _each(lambda client: client.pods.pause, lambda client: client.containers.pause),
        "unpause": _each(lambda client: client.pods.unpause, lambda client: client.containers.unpause),
    }
)
