# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: which steps lead from the pod that is there to the one that is wanted. Nothing happens here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ...errors import EngineError
from ...telling import listed
from ..shared.labels import APPLIED_LABEL, CREATED_LABEL
from ..shared.plan import Difference, Plan, Resource, Step, in_sequence
from ..shared.states import PAUSED, RUNNING, STOPPED, transitions
from .body import body
from .comparison import differences
from .members import Member, current_state, others, to_start
from .options import Options, require_supported

OWN_LABELS = frozenset({APPLIED_LABEL})
_WORDS = {
    "start": "it does not run", "stop": "it runs", "restart": "state is restarted", "pause": "it is not paused",
    "unpause": "it is paused",
}  # fmt: skip
# States for which what is paused beside what runs goes on first, and those that leave nothing idle.
_UNPAUSES = frozenset({"stopped", "restarted", "unpaused"})
_STARTS = frozenset({"started", "unpaused"})


@dataclass(frozen=True)
class Observed:
    """What was read from the engine: the pod's description, None where there is none, and its containers."""

    pod: Mapping[str, Any] | None = None
    members: tuple[Member, ...] = ()


def plan(options: Options, observed: Observed, engine: Engine) -> Plan:
    """Decide what to do.

    :raises InvalidOption: an option that this Podman can't do.
    :raises EngineError: kind ``dependents``: the pod would have to be made anew, and has containers.
    """
    this, pod = Resource("pod", options.name), observed.pod
    if options.state == "absent":
        return _removal(this, observed) if pod is not None else Plan()
    require_supported(options, engine)
    if pod is None:
        creation = this.step("create", "there is no such pod", {"body": body(options)})
        steps = in_sequence((creation, *_to_state(this, options, _new(options), "")))
        return Plan(steps, before={"exists": False}, after={"exists": True})
    found = differences(options, pod, engine)
    if found or options.recreate:
        return _recreation(this, options, observed, found)
    steps = in_sequence(_to_state(this, options, observed.members, str(pod["Id"])))
    state = current_state(observed.members)
    if not steps:
        return Plan()
    return Plan(steps, before={"state": state}, after={"state": options.state})


def _removal(this: Resource, observed: Observed) -> Plan:
    names = others(observed.members)
    shown = {"removed": names} if names else {}
    step = this.step("remove", "state is absent", {"identity": (observed.pod or {})["Id"]}, shown)
    before: dict[str, Any] = {"exists": True, **({"containers": names} if names else {})}
    return Plan((step,), before=before, after={"exists": False, **({"containers": []} if names else {})})


def _recreation(this: Resource, options: Options, observed: Observed, found: tuple[Difference, ...]) -> Plan:
    pod, names = observed.pod or {}, others(observed.members)
    if names and not (options.force or options.recreate):
        raise EngineError(
            f"The pod {this.name} can't be changed ({', '.join(one.option for one in found)}), and a new one would not "
            f"have its containers: {listed(names)}. Nothing was changed.",
            hint="With force: true the pod is made anew and these are removed with it, to be created again by their "
            "tasks; named volumes stay.",
            kind="dependents",
        )
    kept = _inherited(options, pod)
    reason = ", ".join(f"{one.option} differs" for one in found) or "recreate is true"
    shown = {"removed": names} if names else {}
    step = this.step("recreate", reason, {"body": body(kept), "identity": pod["Id"]}, shown)
    wanted = options.state
    if wanted == "present" and current_state(observed.members) != STOPPED:  # it goes on as it was
        wanted = "started"
    ends = _to_state(this, options, _new(options), "", wanted)
    before: dict[str, Any] = {"recreated": False, **({"containers": names} if names else {})}
    after = {"recreated": True, **({"containers": []} if names else {})}
    return Plan(in_sequence((step, *ends)), found, before, after)


def _inherited(options: Options, pod: Mapping[str, Any]) -> Options:
    """Labels that the task does not name stay; everything else is as the task has it."""
    old = {key: value for key, value in (pod.get("Labels") or {}).items() if key not in (*OWN_LABELS, CREATED_LABEL)}
    given = {**options.given, "labels": {**old, **options.given.get("labels", {})}}
    return Options(options.name, options.state, given, options.recreate, options.force)


def _new(options: Options) -> tuple[Member, ...]:
    """The containers of a pod that is just made."""
    return () if options.given.get("infra") is False else (Member("", "", "created", infra=True),)


def _to_state(
    this: Resource, options: Options, found: tuple[Member, ...], identity: str, wanted: str = ""
) -> Iterator[Step]:
    wanted = wanted or options.state
    state = current_state(found)
    if not found:  # nothing in it can run
        return
    if state == RUNNING and wanted in _UNPAUSES and any(member.state == PAUSED for member in found):
        yield this.step("unpause", "some of it is paused", {"identity": identity, "members": ()})
    for action in transitions(state, wanted):
        yield this.step(action, _WORDS[action], {"identity": identity, "members": _alone(action, found)})
    late = to_start(found) if state == RUNNING and wanted in _STARTS else ()
    if late:
        names = [member.name for member in late]
        yield this.step("start", "not all of it runs", {"identity": identity, "members": late}, {"containers": names})


def _alone(action: str, found: tuple[Member, ...]) -> tuple[Member, ...]:
    """Those that have to be asked one by one: Podman stops a pod only where all of it runs. Its own goes last."""
    if action != "stop" or all(member.state == "running" for member in found):
        return ()
    ordered = sorted(found, key=lambda member: member.infra)
    return tuple(member for member in ordered if not member.idle)
