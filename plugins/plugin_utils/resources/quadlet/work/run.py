# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings a quadlet, its unit and what lies beside it into the state that a task describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ....engine.protocol import Client
from ...shared.ownership import Thing
from ...shared.plan import Plan, Step
from ...shared.secrets import Masker
from ...shared.work.runner import Runner
from .. import generated, kube_pods, masking, names
from ..options import ABSENT, STARTED, Options
from ..plan import KIND, NeedsQuadlet, Observed, gone, is_others, plan, require_accepted, wanted
from ..result import Seen, result
from ..told import Look
from .host import QuadletHost

NONE: Mapping[str, str] = MappingProxyType({})


def run_quadlet(
    runner: Runner, host: QuadletHost, options: Options, masker: Masker, *, check_mode: bool = False
) -> dict[str, Any]:
    """Do what the task describes, or in check mode tell what would be done; the module's result.

    :raises InvalidOption: Podman's generator refuses the files, or there is no such quadlet.
    :raises EngineError: the unit does not start (``unit_failed``), others need it (``dependents``), or the host has no
        quadlets for this engine (``no_quadlets``).
    """

    client = runner.engine
    lacking: dict[str, str] = {}

    def look() -> tuple[Observed, Plan]:
        while True:
            observed = observe(client, host, options, masker, lacking)
            try:
                require_accepted(options, observed)
            except NeedsQuadlet as error:
                if not check_mode or error.needed in lacking or (kind := names.kind(error.needed)) is None:
                    raise
                lacking[error.needed] = names.LEAST[kind]
                continue
            planned = plan(options, observed)
            return _doubted(host, options, observed, planned), planned

    def change(_observed: Observed, planned: Plan) -> None:
        runner.run(planned, lambda _client, step: do(_client, host, step))

    before, planned = look() if check_mode else runner.converge(look, things, change)
    after = before
    if planned.changed and not check_mode:
        if started := _starts(options, planned):
            host.settle(options.name, started, options.settle)
        after = observe(client, host, options, masker)
        _require_running(host, options, after, started)
    return result(Seen(options, planned, before, after, host.scope), masker)


def observe(
    client: Client, host: QuadletHost, options: Options, masker: Masker, lacking: Mapping[str, str] = NONE
) -> Observed:
    """Read what the plan needs. What is to go is known only when it was seen: an absent quadlet takes a second look.

    :param lacking: texts of quadlets that are not there, as the generator is to see them all the same.
    """
    texts = wanted(options)
    to_go = [
        file for file in (*options.texts, *([options.name] if options.state == ABSENT else [])) if file not in texts
    ]
    look = host.look(options.name, {**lacking, **texts}, to_go)
    if not set(to_go).issuperset(found := gone(options, look.files)):  # an absent quadlet's drop-ins
        look = host.look(options.name, {**lacking, **texts}, [*to_go, *found])
    for file in look.files.values():
        masking.learn(file.text, masker)
    now, then = (generated.read(*said, look.work, look.folder) for said in (look.now, look.then))
    unit = then.units.get(options.name) or now.units.get(options.name)
    own = {made.units[options.name].name for made in (now, then) if options.name in made.units}
    taken = _taken(client, unit, own, _yaml(unit, look, texts)) if unit else ""
    seen = Observed(look.folder, look.files, now, then, unit, taken=taken, lacking=tuple(lacking))
    return replace(seen, state=host.state(options.name, seen.unit_name(options)))


def _yaml(unit: generated.Unit | None, look: Look, texts: Mapping[str, str]) -> str:
    """The YAML that a unit plays, where it is a file of the task's; '' for none."""
    file = unit.yaml.removeprefix(f"{look.folder}/").removeprefix(f"{look.work}/") if unit else ""
    return texts.get(file) or (look.files[file].text if file in look.files else "")


def _taken(client: Client, unit: generated.Unit, own: set[str], yaml: str) -> str:
    """The container or pod that has a name of the unit's, and is not of one of its ``own`` names; '' for none."""
    if unit.container and is_others(client.containers.inspect(unit.container), own):
        return f"container {unit.container}"
    for name in (*([unit.pod] if unit.pod else []), *kube_pods.pods(yaml)):
        if (pod := client.pods.inspect(name)) and not _is_of(client, pod, own):
            return f"pod {name}"
    return ""


def _is_of(client: Client, pod: Mapping[str, Any], own: set[str]) -> bool:
    """Whether a container of a pod is of a unit; Podman labels those that a unit makes, and no pod."""
    ids = [one["Id"] for one in pod.get("Containers") or ()]
    return any(not is_others(found, own) for one in ids if (found := client.containers.inspect(one)))


def _doubted(host: QuadletHost, options: Options, observed: Observed, planned: Plan) -> Observed:
    """With what systemd would not read of a unit that becomes another one."""
    unit = observed.then.units.get(options.name)
    if unit is None or options.name not in options.texts or names.is_template(options.name):
        return observed
    if not any("file" in step.shown for step in planned.steps):
        return observed
    return replace(observed, doubts=tuple(host.doubts(options.name, unit.name, unit.text)))


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


def _starts(options: Options, planned: Plan) -> str:
    """The unit that a plan has started and that is to run; '' for none."""
    steps = [step for step in planned.steps if step.action in ("start", "restart")]
    return str(steps[0].shown["unit"]) if steps and options.state == STARTED else ""


def _require_running(host: QuadletHost, options: Options, after: Observed, started: str) -> None:
    """A unit may be ready and end a moment later.

    :raises EngineError: kind ``unit_failed``.
    """
    state, ended = after.state, ""
    if state.failed:
        ended = f"has failed since ({state.result})"
    elif state.keeps_ending:
        ended = "has ended since; systemd starts it again and again"
    elif state.ends:
        ended = f"is ending already ({state.sub})"
    if started and ended:
        raise host.unit_failed(after.unit_name(options), f"started and {ended}")
