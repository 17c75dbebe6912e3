# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a volume into the state that a task describes."""

from __future__ import annotations

from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.ownership import Thing
from ...shared.plan import Plan
from ...shared.result_format import PLAIN, Telling
from ...shared.work.by_action import by_action
from ...shared.work.runner import Runner
from ..options import Options
from ..plan import Observed, body_of, differences, plan
from ..result import FORMATS, Seen, users

# Under this name a volume is made and removed again to see whether the engine takes its options.
TRIAL = "{name}.sshfleet-trial"


def run_volume(
    runner: Runner, options: Options, *, check_mode: bool = False, telling: Telling = PLAIN
) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :param telling: in which shape it is wanted.
    :raises EngineError: the engine refused, or containers use a volume that would have to go.
    """
    client = runner.engine
    apart = client.engine.noquota_apart

    def look() -> tuple[Observed, Plan]:
        observed = observe(client, options.name)
        return observed, plan(options, observed, noquota_apart=apart)

    def change(_observed: Observed, planned: Plan) -> None:
        runner.run(planned, do)

    before, planned = look() if check_mode else runner.converge(look, things, change)
    after = observe(client, options.name) if planned.changed and not check_mode else before
    volume = before.volume
    compared = volume is not None and options.state == "present"
    found = differences(options, volume, noquota_apart=apart) if volume and compared else ()
    return telling.choose(FORMATS)(Seen(options, planned, before, after, found), telling)


def observe(client: Client, name: str) -> Observed:
    """Read what the plan needs."""
    volume = client.volumes.inspect(name)
    if volume is None:
        return Observed()
    listed = client.containers.list(all=True, filters={"volume": [volume["Name"]]})
    return Observed(volume, tuple(users(listed).get(volume["Name"], ())))


def things(_observed: Observed, planned: Plan) -> list[Thing]:
    """What one request does needs no mark: nobody can come in between."""
    return [Thing(step.resource.kind, step.resource.name, marked=step.action == "recreate") for step in planned.steps]


def _create(client: Client, _name: str, body: dict[str, Any]) -> None:
    client.volumes.create(body)


def _remove(client: Client, name: str) -> None:
    client.volumes.remove(name)


def _recreate(client: Client, name: str, body: dict[str, Any], old: dict[str, Any], tried: bool) -> None:
    """What an engine refuses is seen before the old volume, and what is in it, is gone."""
    if tried:
        _try(client, name, {**body, "Name": TRIAL.format(name=name)})
    client.volumes.remove(name)
    try:
        client.volumes.create(body)
    except EngineError as error:
        message = f"{error.words}. {_put_back(client, old)}"
        raise EngineError(message, error.status, error.hint, error.kind) from error


def _put_back(client: Client, old: dict[str, Any]) -> str:
    """Make the volume as it was, without what was in it; what came of that, in words."""
    try:
        client.volumes.create(body_of(old))
    except EngineError as error:
        return f"The old one is gone, with what was in it, and could not be created again: {error.message}"
    return "The old one is there again, but what was in it is lost."


def _try(client: Client, name: str, body: dict[str, Any]) -> None:
    try:
        client.volumes.create(body)
    except EngineError as error:
        words = error.message.replace(body["Name"], name).strip().rstrip(".")
        message = f"{words}. Nothing was changed, and nothing is lost."
        raise EngineError(message, error.status, error.hint, error.kind) from error
    client.volumes.remove(body["Name"])


do = by_action({"create": _create, "remove": _remove, "recreate": _recreate})
