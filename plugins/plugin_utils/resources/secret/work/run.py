# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a secret into the state that a task describes."""

from __future__ import annotations

from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.ownership import Thing
from ...shared.plan import Plan
from ...shared.trial import refused, trial_name
from ...shared.work.by_action import by_action
from ...shared.work.runner import Runner
from .. import digest
from ..options import Options
from ..plan import DIGEST_LABEL, Observed, plan
from ..result import task_result
from ..users import User, users


def run_secret(runner: Runner, options: Options, *, check_mode: bool = False) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :raises InvalidOption: see ``plan``.
    :raises EngineError: the engine refused, with what was done about it.
    """
    client = runner.engine
    engine = client.engine

    def look() -> tuple[Observed, Plan]:
        secret = client.secrets.inspect(options.name)
        planned = plan(options, Observed(secret), engine)
        if not planned.changed or secret is None:  # nobody can have one that was not there
            return Observed(secret), planned
        observed = Observed(secret, users_of(client, options.name))
        return observed, plan(options, observed, engine)

    def change(_observed: Observed, planned: Plan) -> None:
        runner.run(planned, do)

    observed, planned = look() if check_mode else runner.converge(look, things, change)
    secret = client.secrets.inspect(options.name) if planned.changed and not check_mode else observed.secret
    return task_result(planned, secret, observed.users)


def users_of(client: Client, name: str) -> tuple[User, ...]:
    """The containers that use a secret, as far as the engine tells; it is asked about each container it has."""
    return users(name, inspects(client))


def inspects(client: Client) -> list[dict[str, Any]]:
    """The engine's own descriptions of all containers; of one that goes away meanwhile there is none."""
    found = (client.containers.inspect_native(one["Id"]) for one in client.containers.list(all=True))
    return [one for one in found if one is not None]


def things(_observed: Observed, planned: Plan) -> list[Thing]:
    """What one request does needs no mark: nobody can come in between."""
    return [
        Thing(step.resource.kind, step.resource.name, marked=step.action == "recreate" and not step.args["at_once"])
        for step in planned.steps
    ]


def _create(client: Client, name: str, made: dict[str, Any]) -> None:
    client.secrets.create(name, **_labelled(made))


def _labelled(made: dict[str, Any]) -> dict[str, Any]:
    return {**made, "labels": {**made["labels"], DIGEST_LABEL: digest.label(made["data"])}}


def _remove(client: Client, _name: str, identity: str) -> None:
    client.secrets.remove(identity)


def _recreate(client: Client, name: str, made: dict[str, Any], identity: str, at_once: bool, tried: bool) -> None:
    """Nobody can read the old data, so that they can't be put back: what an engine refuses is seen before they go."""
    made = _labelled(made)
    if tried:
        _try(client, name, made)
    if at_once:
        client.secrets.create(name, **made, replace=True)
        return
    client.secrets.remove(identity)
    try:
        client.secrets.create(name, **made)
    except EngineError as error:
        message = f"{error.words}. The old one is gone, and there is no new one"
        hint = f"{error.hint} Run the task again when that is mended: it has what the secret is to hold.".strip()
        raise EngineError(message, error.status, hint, error.kind) from error


def _try(client: Client, name: str, made: dict[str, Any]) -> None:
    trial = trial_name(name)
    if left := client.secrets.inspect(trial):  # of a run that was cut
        client.secrets.remove(left["ID"])
    try:
        identity = client.secrets.create(trial, **made)
    except EngineError as error:
        raise refused(error, name, "The old one is as it was") from error
    client.secrets.remove(identity)


def _restart(client: Client, name: str) -> None:
    client.containers.restart(name)


do = by_action({
    "create": _create, "remove": _remove, "recreate": _recreate, "restart": _restart,
})  # fmt: skip
