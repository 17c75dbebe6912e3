# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a quadlet, its unit and what lies beside it into the state that a task describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ...shared.ownership import Thing
from ...shared.plan import Plan, Step
from ...shared.secrets import Masker
from ...shared.work.runner import Runner
from .. import generated, masking
from ..options import ABSENT, STARTED, Options
from ..plan import KIND, Observed, gone, is_others, plan, require_accepted, wanted
from ..result import Seen, result
from .host import QuadletHost


def run_quadlet(
    runner: Runner, host: QuadletHost, options: Options, masker: Masker, *, check_mode: bool = False
) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :raises InvalidOption: Podman's generator refuses the files, or there is no such quadlet.
    :raises EngineError: the unit does not start (``unit_failed``), others need it (``dependents``), or the host has no
        quadlets for this engine (``no_quadlets``).
    """

    client = runner.engine

    def look() -> tuple[Observed, Plan]:
        observed = observe(client, host, options, masker)
        require_accepted(options, observed)
        return observed, plan(options, observed)

    def change(_observed: Observed, planned: Plan) -> None:
        runner.run(planned, lambda _client, step: do(_client, host, step))

    before, planned = look() if check_mode else runner.converge(look, things, change)
    after = before
    if planned.changed and not check_mode:
        after = observe(client, host, options, masker)
        _require_running(host, options, after, planned)
    return result(Seen(options, planned, before, after, host.scope), masker)


def observe(client: Client, host: QuadletHost, options: Options, masker: Masker) -> Observed:
    """Read what the plan needs. What is to go is known only when it was seen: an absent quadlet takes a second look."""
    texts = wanted(options)
    to_go = [
        file for file in (*options.texts, *([options.name] if options.state == ABSENT else [])) if file not in texts
    ]
    look = host.look(options.name, texts, to_go)
    if not set(to_go).issuperset(found := gone(options, look.files)):  # an absent quadlet's drop-ins
        look = host.look(options.name, texts, [*to_go, *found])
    for file in look.files.values():
        masking.learn(file.text, masker)
    now, then = (generated.read(*said, look.work, look.folder) for said in (look.now, look.then))
    unit = then.units.get(options.name) or now.units.get(options.name)
    own = {made.units[options.name].name for made in (now, then) if options.name in made.units}
    taken = unit.container if unit and is_others(_container(client, unit.container), own) else ""
    seen = Observed(look.folder, look.files, now, then, unit, taken=taken)
    return replace(seen, state=host.state(options.name, seen.unit_name(options)))


def _container(client: Client, name: str) -> Mapping[str, Any] | None:
    return client.containers.inspect(name) if name else None


def things(_observed: Observed, planned: Plan) -> list[Thing]:
    """Other controllers are told where it takes more than a command."""
    return [Thing(KIND, name, marked=len(planned.steps) > 1) for name in {step.resource.name for step in planned.steps}]


def do(_client: Client, host: QuadletHost, step: Step) -> None:
    """Do one step."""
    _STEPS[step.action](host, step)


def _write(host: QuadletHost, step: Step) -> None:
    host.write(step.resource.name, step.args["file"], step.args["mode"], step.args["text"])


def _remove(host: QuadletHost, step: Step) -> None:
    host.remove(step.resource.name, step.args["file"])


def _reload(host: QuadletHost, step: Step) -> None:
    host.reload(step.resource.name)


def _change(host: QuadletHost, step: Step) -> None:
    host.change(step.action, step.resource.name, step.args["unit"], step.args["timeout"])


_STEPS: dict[str, Callable[[QuadletHost, Step], None]] = {
    "create": _write, "update": _write, "remove": _remove, "reload": _reload, "start": _change, "restart": _change,
    "stop": _change, "forget": _change,
}  # fmt: skip


def _require_running(host: QuadletHost, options: Options, after: Observed, planned: Plan) -> None:
    """A unit may be ready and end a moment later.

    :raises EngineError: kind ``unit_failed``.
    """
    started = any(step.action in ("start", "restart") for step in planned.steps)
    if options.state == STARTED and started and after.state.failed:
        raise host.unit_failed(after.unit_name(options), f"started and has failed since ({after.state.result})")
