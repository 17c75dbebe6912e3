# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_containers, and what a task wants once each part of it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..container.options.parsing import Options as ContainerOptions
from ..container.plan.rollout import Rollout
from ..image.options import Options as ImageOptions
from ..network.options import Options as NetworkOptions
from ..shared import parsers
from ..shared.labels import PROJECT_LABEL
from ..volume.options import Options as VolumeOptions
from .application import CONDITIONS, STARTED, Application, Dependency, Member, Shared

STATES = ("absent", "present", "restarted", "started", "stopped")
# Of these, a container's own state is heeded; the others are for all.
_OWN_STATES = frozenset({"present", "started"})
PROJECT, CONTAINER = ROLLBACKS = ("project", "container")
START_FIRST, STOP_FIRST = ROLLOUTS = ("start_first", "stop_first")
_DICTS = {"type": "list", "elements": "dict", "default": []}

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True, "aliases": ["project_name"]},
    "state": {"type": "str", "choices": list(STATES), "default": "started"},
    "containers": _DICTS,
    "networks": _DICTS,
    "volumes": _DICTS,
    "images": _DICTS,
    "purge": {"type": "bool", "default": False},
    "remove_volumes": {"type": "bool", "default": False},
    "rollback": {"type": "str", "choices": list(ROLLBACKS), "default": CONTAINER},
    "rollout": {"type": "str", "choices": list(ROLLOUTS), "default": STOP_FIRST},
    "rollout_delay": {"type": "float", "default": 0},
    "parallel": {"type": "int", "default": 8},
}
_MOST_PARALLEL = 64
_LONGEST_DELAY = 24 * 3600  # seconds
# What compose calls the conditions.
_CONDITIONS = {
    **{name: name for name in CONDITIONS},
    "service_started": "started",
    "service_healthy": "healthy",
    "service_completed_successfully": "completed",
}


@dataclass(frozen=True)
class Control:
    """How a task goes about the whole."""

    state: str = "started"
    purge: bool = False
    remove_volumes: bool = False
    rollback: str = CONTAINER
    parallel: int = 8


@dataclass(frozen=True)
class Wanted:
    """What a task wants, checked: the options of each part as its own module has them. ``external`` goes by
    names.
    """

    application: Application
    how: Control
    containers: Mapping[str, ContainerOptions]
    networks: Mapping[str, NetworkOptions] = field(default_factory=dict)
    volumes: Mapping[str, VolumeOptions] = field(default_factory=dict)
    images: tuple[ImageOptions, ...] = ()

    @property
    def external(self) -> list[tuple[str, str]]:
        """(network or volume, name) of what has to be there already."""
        kinds = (("network", self.application.networks), ("volume", self.application.volumes))
        return [(kind, one.name) for kind, ones in kinds for one in ones if one.external]


def control(params: Mapping[str, Any]) -> Control:
    """
    :raises InvalidOption: a value that can't be used.
    """
    parallel = params["parallel"]
    if not 1 <= parallel <= _MOST_PARALLEL:
        raise InvalidOption(
            "parallel", parallel, "so many steps can't be done at a time.", f"Use 1 to {_MOST_PARALLEL}."
        )
    delay = params["rollout_delay"]
    if not 0 <= delay <= _LONGEST_DELAY:
        remedy = f"Give seconds from 0 to {_LONGEST_DELAY}."
        raise InvalidOption("rollout_delay", delay, "two containers can't serve for this time.", remedy)
    return Control(params["state"], params["purge"], params["remove_volumes"], params["rollback"], parallel)


def application(params: Mapping[str, Any]) -> Application:
    """The application that a task of remote_containers describes; its parts are not checked yet.

    :raises InvalidOption: what only an application has (the name, ``depends_on``, ``external``) can't be used.
    """
    name = parsers.name("name", params["name"])
    labels = {PROJECT_LABEL: name}
    return Application(
        name=name,
        networks=tuple(_shared("networks", number, one, labels) for number, one in enumerate(params["networks"])),
        volumes=tuple(_shared("volumes", number, one, labels) for number, one in enumerate(params["volumes"])),
        containers=tuple(_member(number, one, labels, params) for number, one in enumerate(params["containers"])),
        labels=labels,
    )


def _shared(option: str, number: int, given: Mapping[str, Any], labels: Mapping[str, str]) -> Shared:
    where = f"{option}[{number}]"
    params = _named(where, given)
    external = params.pop("external", False)
    for alias in ("volume_name", "network_name"):
        if alias in params:
            params["name"] = params.pop(alias)
    if not params.get("name"):
        raise InvalidOption(where, given, "it has no name.", "Give it a name.")
    if not isinstance(external, bool):
        raise InvalidOption(f"{where}.external", external, "this is neither true nor false.", "Use true or false.")
    if external and (more := sorted(set(params) - {"name"})):
        raise InvalidOption(
            f"{where}.external", external, f"what is made by others is not changed, but here is {', '.join(more)}.",
            f"Leave out {', '.join(more)}, or external.",
        )  # fmt: skip
    for option_of_its_own in ("state", "connected", "containers"):
        if option_of_its_own in params:
            raise InvalidOption(
                f"{where}.{option_of_its_own}", params[option_of_its_own], "the project decides that.",
                "Use the option state of the task, and networks of a container.",
            )  # fmt: skip
    return Shared(params=params, external=external, written_labels=labels)


def _member(number: int, given: Mapping[str, Any], labels: Mapping[str, str], task: Mapping[str, Any]) -> Member:
    where = f"containers[{number}]"
    params = _named(where, given)
    if not params.get("name"):
        raise InvalidOption(where, given, "it has no name.", "Give it a name.")
    depends_on = _depends_on(f"{where}.depends_on", params.pop("depends_on", None))
    how = params.pop("rollout", task["rollout"])
    if how not in ROLLOUTS:
        raise InvalidOption(f"{where}.rollout", how, "there is no such rollout.", f"Use {' or '.join(ROLLOUTS)}.")
    group = str(params.pop("group", ""))
    rollout = Rollout(task["rollout_delay"]) if how == START_FIRST else None
    return Member(params=params, depends_on=depends_on, written_labels=labels, group=group, rollout=rollout)


def _named(where: str, given: Mapping[Any, Any]) -> dict[str, Any]:
    """The options of a part: YAML also knows keys that are no texts."""
    for key in given:
        if not isinstance(key, str):
            raise InvalidOption(where, given, f"it has the key {key}, which is no name of an option.", "Leave it out.")
    return dict(given)


def _depends_on(option: str, given: Any) -> dict[str, Dependency]:
    """``[db]`` is ``{db: started}``; a condition may also be a dict with the key ``condition``."""
    if given is None:
        return {}
    if isinstance(given, list) and all(isinstance(name, (str, int)) for name in given):
        given = dict.fromkeys(given, STARTED)
    if not isinstance(given, Mapping):
        raise InvalidOption(option, given, "this names no containers.", "Write a list of names, or {name: condition}.")
    found = {}
    for name, how in given.items():
        condition = how.get("condition", STARTED) if isinstance(how, Mapping) else how
        if str(condition) not in _CONDITIONS or (isinstance(how, Mapping) and set(how) - {"condition"}):
            remedy = f"Use {', '.join(CONDITIONS)}."
            raise InvalidOption(f"{option}.{name}", how, "there is no such condition.", remedy)
        found[str(name)] = Dependency(condition=_CONDITIONS[str(condition)])
    return found


def state_of(control: Control, own: str | None) -> str:
    """The state of one container: its own, where the task's leaves it one."""
    return own if own and control.state in _OWN_STATES else control.state


def with_labels(labels: Mapping[str, str], options: Any) -> Any:
    """The options of a part with labels that are written when it is made, and never compared."""
    return replace(options, written_labels=dict(labels))
