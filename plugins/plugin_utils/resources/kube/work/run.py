# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a host to what a YAML asks for."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError, FleetError
from ....telling import listed
from ...pod.work import run as pod_run
from ...secret.options import Data
from ...secret.work import run as secret_run
from ...shared.ownership import Thing
from ...shared.plan import Plan, Step
from ...shared.trial import refused, trial_name
from ...shared.work.by_action import by_action
from ...shared.work.runner import Outcome, Runner
from ..application import application
from ..hints import hint_for
from ..options import Options
from ..plan import FILES_LABEL, Observed, plan
from ..result import task_result
from .look import missing, observe, observe_pods

_RESTARTED = re.compile(r"failed to remove once init container ([0-9a-f]{64})")
_MOST_INIT_CONTAINERS = 20


def run_kube(runner: Runner, options: Options, *, check_mode: bool = False) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :raises InvalidOptions: see ``application`` and ``plan``; or the host lacks what a run needs.
    :raises EngineError: the engine refused, with what was done before.
    """
    client = runner.engine
    engine = client.engine
    wanted = application(options, engine)

    def look() -> tuple[Observed, Plan]:
        observed = observe(client, wanted, options)
        planned = plan(wanted, options, observed, engine)
        warnings = missing(client, wanted, options, observed, planned, check_mode)
        return observed, replace(planned, warnings=(*planned.warnings, *warnings))

    def change(_observed: Observed, planned: Plan) -> None:
        _require_done(runner.attempt(planned, do))

    observed, planned = look() if check_mode else runner.converge(look, things, change)
    pods = observe_pods(client, wanted) if planned.changed and not check_mode else observed.pods
    return task_result(planned, wanted, pods, engine)


def things(_observed: Observed, planned: Plan) -> list[Thing]:
    """All that the plan is about; another controller is told of what takes more than one request."""
    return [
        Thing(step.resource.kind, step.resource.name, marked=step.resource.kind == "pod" or step.action == "recreate")
        for step in planned.steps
    ]


def _require_done(outcome: Outcome) -> None:
    """:raises FleetError: the first error there was; it tells what was done before."""
    if not outcome.failed:
        return
    error = outcome.failed[0][1]
    if isinstance(error, FleetError) and outcome.done:
        told = [
            {**action, "object": str(step.resource)}
            for action, step in zip(Plan(tuple(_alone(outcome.done))).actions(), outcome.done, strict=True)
        ]
        error.beside = {**error.beside, "changed": True, "actions": told}
    raise error  # fmt: skip


def _alone(steps: Sequence[Step]) -> list[Step]:
    return [replace(step, after=()) for step in steps]


def _create(
    client: Client,
    name: str,
    documents: Data,
    trial: Data,
    query: dict[str, Any],
    files: Sequence[str],
    identity: str,
    containers: Sequence[str],
) -> None:
    if identity:
        _try(client, name, trial, query)
        client.pods.remove(identity)
    for volume in files:
        _make_place(client, volume)
    try:
        failed: Sequence[str] = client.kube.play(f"pod {name}", documents, query)
    except EngineError as error:
        last = _started(client, name, error)
        if last is not None:
            raise _told(client, name, containers, last, bool(identity)) from error
        failed = ()
    if failed:
        words = f"Not all of its containers have started: {listed(list(failed), '; ')}. The pod is made, and stays"
        late = EngineError(words, 500, "Correct the YAML and run the task again, which makes the pod anew.")
        late.beside = {"changed": True}
        raise late


def _started(client: Client, name: str, error: EngineError | None) -> EngineError | None:
    """The error, unless it is Podman 4.3's with an init container that has done its work: that one is restarted by the
    pod's restartPolicy, and can't be removed then. It is removed here, and the pod started.
    """
    for _number in range(_MOST_INIT_CONTAINERS):
        match = error and _RESTARTED.search(error.message)
        if not match:
            return error
        client.containers.remove(match[1], force=True)
        try:
            client.pods.start(name)
            return None
        except EngineError as other:
            error = other
    return error


def _try(client: Client, name: str, trial: Data, query: dict[str, Any]) -> None:
    """What Podman refuses is seen before the old pod is gone, with one of another name that is never started."""
    other = trial_name(name)
    _discard(client, other)  # of a run that was cut
    try:
        client.kube.play(f"pod {name}", trial, {**query, "start": "false"})
    except EngineError as error:
        if error.status is None:
            raise
        with contextlib.suppress(EngineError):
            _discard(client, other)
        raise refused(error, name, "Nothing was changed") from error
    _discard(client, other)


def _make_place(client: Client, volume: str) -> None:
    """An empty volume for files: an old one may have some that are not wanted any more. One that somebody uses, or that
    somebody else has made, stays, and gets the files that are wanted.
    """
    found = client.volumes.inspect(volume)
    if found is not None:
        if FILES_LABEL not in (found.get("Labels") or {}):
            return
        try:
            client.volumes.remove(volume)
        except EngineError as error:
            if error.status is None:
                raise
            return
    client.volumes.create({"Name": volume, "Labels": {FILES_LABEL: "true"}})


def _told(client: Client, name: str, containers: Sequence[str], error: EngineError, recreated: bool) -> EngineError:
    """The error with what is left. A pod that is whole stays, to be looked at and started again; another goes."""
    if error.status is None:
        return error
    left = client.pods.inspect(name)
    whole = left is not None and {*containers} <= {
        one for member in client.pods.members(left["Id"]) for one in member.get("Names") or ()
    }
    if left is not None and not whole:
        with contextlib.suppress(EngineError):
            client.pods.remove(left["Id"])
    if whole:
        words = "The pod is made, and stays"
    else:
        words = "The old pod is gone, and there is no new one" if recreated else "There is no such pod now"
    told = EngineError(f"{error.words}. {words}", error.status, error.hint, error.kind)
    told.beside = {"changed": True} if recreated or whole else {}
    return told


def _discard(client: Client, name: str) -> None:
    if left := client.pods.inspect(name):
        client.pods.remove(left["Id"])


def _claim(client: Client, name: str, document: bytes) -> None:
    client.kube.play(f"PersistentVolumeClaim {name}", document, {"network": ["none"]})


def _remove_volume(client: Client, name: str) -> None:
    try:
        client.volumes.remove(name)
    except EngineError as error:
        if error.kind != "volume_missing":
            raise


def _pull(client: Client, name: str) -> None:
    client.images.pull(name)


_DO = {
    "pod": by_action({"create": _create, "recreate": _create}),
    "volume": by_action({"create": _claim, "remove": _remove_volume}),
    "image": by_action({"pull": _pull}),
    "secret": secret_run.do,
}


def do(client: Client, step: Step) -> None:
    """Do one step of a plan.

    :raises EngineError: what the engine said, with what helps.
    """
    kind = step.resource.kind
    if kind == "pod" and step.action not in ("create", "recreate"):
        pod_run.do(client, step)
        return
    try:
        _DO[kind](client, step)
    except EngineError as error:
        if error.status is not None and (hint := hint_for(error.message)) not in error.hint:
            error.hint = f"{hint} {error.hint}".strip()
        raise
