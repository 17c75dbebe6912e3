# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: which steps lead from the container that is there to the one that is wanted. Nothing happens here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from ....dataclass import dataclass
from ....engine.differences import support
from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import image_names
from ...shared.kept_names import NEW
from ...shared.labels import CREATED_LABEL, REPLACES_LABEL
from ...shared.plan import Difference, Plan, Resource, Step, in_sequence
from ...shared.states import PAUSED, RUNNING, RUNNING_STATES, STOPPED, container_name, current_state, transitions
from ..options import networks
from ..options.namespaces import with_ids
from ..options.parsing import Options
from ..options.put_file import PutFile, differing
from ..options.table import BY_NAME
from . import image as images
from . import rollout
from .actual import actual, engine_own
from .comparison import differences
from .create import create_body, later_networks, require_supported
from .desired import desired
from .image_rules import platform_difference, require_image
from .leftover import FINISH, REMOVE, Leftover, judge
from .update import update_body


@dataclass(frozen=True)
class Observed:
    """What was read from the engine: raw inspects, None where there is no such thing (or nobody asked)."""

    container: Mapping[str, Any] | None = None
    image: Mapping[str, Any] | None = None  # of the task's image reference
    container_image: Mapping[str, Any] | None = None  # of the image the container was made from
    containers: Mapping[str, str] = field(default_factory=dict)  # IDs by name, for network_mode=container:NAME
    files: Mapping[str, PutFile | None] = field(default_factory=dict)  # by path, of those that the task puts there
    leftovers: tuple[Leftover, ...] = ()  # what interrupted recreations of this container put aside


def about(options: Options, observed: Observed) -> Resource:
    """What the plan is about: the container by its real name, also where the task gives its ID."""
    if observed.container is not None:
        return Resource("container", container_name(observed.container))
    return Resource("container", observed.leftovers[0].mark.name if observed.leftovers else options.name)


def needs_pull(options: Options, observed: Observed) -> bool:
    """Whether the image has to be pulled before anything can be planned."""
    if options.state == "absent" or options.image is None or image_names.is_id(options.image):
        return False
    return options.pull == "always" or (options.pull == "missing" and observed.image is None)


def plan(options: Options, observed: Observed, engine: Engine, *, live: bool = True) -> Plan:
    """Decide what to do.

    :param live: False when a live update was tried and did not take: then everything that differs recreates.
    :raises InvalidOption: the container has to be created and the task names no image, or one that is not there;
        or an option that this engine can't do.
    """
    _require_ours(options, observed)
    options = replace(options, values=support.without_usual(networks.called_here(options.values, engine), engine))
    if options.state == "absent":
        return _removal(options, observed)
    require_supported(options, engine)
    require_image(options, observed.image)
    if observed.leftovers:
        return _mended(options, observed, engine)
    if observed.container is None:
        return _creation(options, observed, engine)
    return _convergence(options, observed, observed.container, engine, live)


def _require_ours(options: Options, observed: Observed) -> None:
    """With ``adopt: false``, a container that this collection has not created is none of the task's business."""
    if options.adopt:
        return
    for inspect in (observed.container, *(one.inspect for one in observed.leftovers)):
        if inspect is not None and CREATED_LABEL not in ((inspect.get("Config") or {}).get("Labels") or {}):
            raise InvalidOption(
                "adopt", False, f"the container {container_name(inspect)} was not created by this collection.",
                "Set adopt to true to take it over, or choose another name.",
            )  # fmt: skip


def _removal(options: Options, observed: Observed) -> Plan:
    this = about(options, observed)
    steps = [_leftover_step(this, options, one, "state is absent") for one in observed.leftovers]
    if observed.container is not None:
        steps.insert(0, this.step("remove", "state is absent", {"volumes": not options.keep_volumes}))
    return Plan(in_sequence(steps), before={"exists": True}, after={"exists": False}) if steps else Plan()


def _leftover_step(this: Resource, options: Options, leftover: Leftover, reason: str) -> Step:
    failed = leftover.mark.part == NEW  # nothing of value is in the volumes of one that never served
    args = {"container": leftover.id, "volumes": failed or not options.keep_volumes}
    return this.step(REMOVE, f"{reason}: {container_name(leftover.inspect)}", args)


def _mended(options: Options, observed: Observed, engine: Engine) -> Plan:
    """First what an interrupted recreation has left, then the plan for the container as it is after that."""
    judged = judge(observed.container, observed.leftovers, options.state)
    this = about(options, observed)
    rest = plan(replace(options, name=this.name), replace(observed, container=judged.container, leftovers=()), engine)
    recreates = any(step.action == "recreate" for step in rest.steps)
    steps: list[Step] = []
    for decision, old in judged.decisions:
        reason = f"a recreation was interrupted: {container_name(old.inspect)}"
        if decision == REMOVE:
            steps.append(_leftover_step(this, options, old, "a recreation was interrupted"))
        elif decision == FINISH:
            steps.append(this.step("finish", reason, {"old": old, "prove": not recreates}))
        else:
            args = {"old": old, "unfinished": judged.unfinished, "stay_aside": recreates}
            steps.append(this.step("restore", reason, args))
    left = sorted(container_name(one.inspect) for one in observed.leftovers)
    return _noted(replace(rest, steps=in_sequence((*steps, *rest.steps))), "interrupted_recreations", left, [])


def lacks_image(options: Options, observed: Observed) -> InvalidOption | None:
    """The error of a task for a container that is not there, without an image to create it from."""
    left = judge(observed.container, observed.leftovers, options.state) if observed.leftovers else observed
    if options.state == "absent" or options.image is not None or left.container is not None:
        return None
    return InvalidOption(
        "image", None, f"there is no container {options.name} on the host, and no image to create it from.",
        "Name an image.",
    )  # fmt: skip


def _creation(options: Options, observed: Observed, engine: Engine) -> Plan:
    if error := lacks_image(options, observed):
        raise error
    runs = options.state in RUNNING_STATES
    this = about(options, observed)
    steps = [this.step("create", "there is no such container", _creation_args(options, observed, engine))]
    wanted = "started" if options.state == "restarted" else options.state
    steps += [this.step(action, f"state is {options.state}") for action in transitions(STOPPED, wanted)]
    return Plan(in_sequence(steps), before={"exists": False}, after={"exists": True, "running": runs})


def _creation_args(options: Options, observed: Observed, engine: Engine, image: str | None = None) -> dict[str, Any]:
    return {
        "body": create_body(options, engine, image, observed.containers),
        "connect": later_networks(options, engine),
        "disconnect": _unwanted_at_creation(options, engine),
    }


def _unwanted_at_creation(options: Options, engine: Engine) -> list[str]:
    """The network that a new container is in although ``networks: strict`` names none."""
    no_network = options.values.get("networks") == {} and "network_mode" not in options.values
    return [engine.default_network] if no_network and options.comparisons["networks"] == "strict" else []


def _convergence(options: Options, observed: Observed, inspect: Mapping[str, Any], engine: Engine, live: bool) -> Plan:
    wanted = desired(options, _comparison_image(options, observed), engine, observed.containers)
    full = with_ids(actual(inspect, engine), observed.containers)
    found = differences(wanted, full, options.comparisons, engine, engine_own(inspect, engine, wanted))
    fixed = [difference for difference in found if not _connects_live(difference, wanted, engine)]
    new_image = _image_difference(options, observed, inspect)
    running = current_state(inspect) != STOPPED
    body = update_body(fixed, wanted, full, engine, running) if live else (None if found else {})
    platform = platform_difference(options, observed.container_image)
    files = _files_difference(options, observed)
    changes = (*filter(None, (new_image, platform, files)), *found)
    if new_image or platform or files or options.recreate or body is None:
        reason = ", ".join(f"{change.option} differs" for change in changes) or "recreate is set"
        return _recreation(options, observed, inspect, engine, changes, reason)
    this = about(options, observed)
    steps = list(_network_steps(this, found, wanted))
    if body:
        names = ", ".join(difference.option for difference in fixed)
        steps.append(this.step("update", f"{names} differs", {"body": body}))
    return _with_state(this, options, inspect, Plan(in_sequence(steps), changes))


def _files_difference(options: Options, observed: Observed) -> Difference | None:
    """What was put into the container, and is not there as it should be. Who has started may have read it already."""
    found = differing(options.files, observed.files)
    if not found:
        return None
    before, after = ({path: pair[side] for path, pair in found.items()} for side in (0, 1))
    return Difference("files", before, after)


def _comparison_image(options: Options, observed: Observed) -> Mapping[str, Any] | None:
    if options.image_comparison == "current-image" or options.image is None:
        return observed.container_image
    return observed.image


def _image_difference(options: Options, observed: Observed, inspect: Mapping[str, Any]) -> Difference | None:
    if options.image is None or observed.image is None or options.comparisons["image"] == "ignore":
        return None
    names = options.image_name_mismatch == "recreate"
    if not images.differs(options.image, observed.image, inspect, compare_names=names):
        return None
    after = {"name": options.image, "id": image_names.short_id(str(observed.image["Id"]))}
    return Difference("image", images.current(inspect), after)


def _recreation(
    options: Options,
    observed: Observed,
    inspect: Mapping[str, Any],
    engine: Engine,
    changes: tuple[Difference, ...],
    reason: str,
) -> Plan:
    state = current_state(inspect)
    runs = options.state in RUNNING_STATES or (options.state == "present" and state != STOPPED)
    image = images.current(inspect)["name"] or str(inspect.get("Image") or "")
    args = {**_creation_args(options, observed, engine, image), "start": runs, "was": state, "old": inspect}
    args["body"]["Labels"][REPLACES_LABEL] = inspect["Id"]
    this = about(options, observed)
    if options.rollout is not None and state == RUNNING and runs and options.state != "paused":
        rollout.require_possible(options.values, inspect)
        args["delay"], reason = options.rollout.delay, f"{reason}; the new one is started first"
    steps = [this.step("recreate", reason, args)]
    if options.state == "paused":
        steps.append(this.step("pause", "state is paused"))
    result = Plan(in_sequence(steps), changes)
    if not changes:
        result = _noted(result, "recreated", False, True)
    if (state == PAUSED) != (options.state == "paused"):
        result = _noted(result, "paused", state == PAUSED, options.state == "paused")
    return _with_running(result, state != STOPPED, runs)


def _connects_live(difference: Difference, wanted: Mapping[str, Any], engine: Engine) -> bool:
    if not BY_NAME[difference.option].connects_live:
        return False
    return all(networks.connects_live(wanted[difference.option][name], engine) for name in difference.after)


def _network_steps(this: Resource, found: list[Difference], wanted: Mapping[str, Any]) -> Iterator[Step]:
    for difference in found:
        if not BY_NAME[difference.option].connects_live:
            continue
        for name in difference.before:
            reason = "its settings differ" if name in difference.after else "it is not among the networks"
            yield this.step("disconnect_network", reason, {"network": name}, {"network": name})
        for name in difference.after:
            config = networks.endpoint_config(wanted[difference.option][name])
            reason = "the container is not in it, or in another way"
            yield this.step("connect_network", reason, {"network": name, "config": config}, {"network": name})


def _with_state(this: Resource, options: Options, inspect: Mapping[str, Any], changes: Plan) -> Plan:
    """Append the steps that lead to the wanted state."""
    found = current_state(inspect)
    restart = options.state in ("started", "healthy") and options.restart
    wanted = "restarted" if restart else options.state
    reason = "restart is set" if restart else f"state is {options.state}"
    steps = tuple(this.step(action, reason) for action in transitions(found, wanted))
    runs_after = found != STOPPED if wanted == "present" else wanted in RUNNING_STATES
    result = replace(changes, steps=in_sequence((*changes.steps, *steps)))
    actions = {step.action for step in steps}
    if "restart" in actions:
        result = _noted(result, "restarted", False, True)
    if actions & {"pause", "unpause"} and runs_after:
        result = _noted(result, "paused", "unpause" in actions, "pause" in actions)
    return _with_running(result, found != STOPPED, runs_after)


def _with_running(result: Plan, before: bool, after: bool) -> Plan:
    return _noted(result, "running", before, after) if before != after else result


def _noted(result: Plan, key: str, before: Any, after: Any) -> Plan:
    return replace(result, before={**result.before, key: before}, after={**result.after, key: after})
