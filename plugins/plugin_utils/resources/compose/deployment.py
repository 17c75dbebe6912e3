# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_compose: from a task's options to the application that its compose files describe, and how to go about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from ...compose.problems import Problems
from ...compose.project import Resolved, Wanted
from ...dataclass import dataclass
from ...errors import InvalidOption
from ..container.plan.rollout import Rollout
from ..project.application import Application, Image, Member
from ..project.options import ARGUMENT_SPEC as PROJECT
from ..project.options import ROLLOUTS, START_FIRST, STATES, Control, control
from ..shared.secrets import looks_secret
from .options import FILES_SPEC, parse
from .translation import labels
from .translation.scope import Given
from .translation.translate import translate

ABSENT = "absent"
POLICY, ALWAYS, NEVER, MISSING, AUTO = "policy", "always", "never", "missing", "auto"
HOST = "host"
# States in which the time that a container has to end is the task's.
_ENDING = frozenset({ABSENT, "restarted", "stopped"})

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **FILES_SPEC,
    "state": {"type": "str", "choices": list(STATES), "default": "started"},
    "dependencies": {"type": "bool", "default": True},
    "scale": {"type": "dict"},
    "pull": {"type": "str", "choices": [POLICY, ALWAYS, MISSING, NEVER], "default": POLICY},
    "build": {"type": "str", "choices": [POLICY, ALWAYS, NEVER], "default": POLICY},
    "recreate": {"type": "str", "choices": [AUTO, ALWAYS, NEVER], "default": AUTO},
    "remove_orphans": {"type": "bool", "default": False},
    "remove_volumes": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "float"},
    "timeout": {"type": "int"},
    "host_paths": {"type": "str", "choices": ["refused", HOST], "default": "refused"},
    "rollback": PROJECT["rollback"],
    "rollout": {"type": "str", "choices": [POLICY, *ROLLOUTS], "default": POLICY},
    "rollout_delay": PROJECT["rollout_delay"],
    "parallel": PROJECT["parallel"],
}


@dataclass(frozen=True)
class Task:
    """What a task wants.

    :param wanted: what is to be resolved.
    :param how: how to go about the whole.
    :param params: the task's options.
    :param scale: numbers of containers by service.
    """

    wanted: Wanted
    how: Control
    params: Mapping[str, Any]
    scale: Mapping[str, int]


def parsed(params: Mapping[str, Any], place: Callable[[str], str], inherited: Mapping[str, str]) -> Task:
    """The options of a task, checked; see ``options.parse``.

    :raises InvalidOption: a value that can't be used.
    """
    # What goes has all its networks and volumes with it, also those that no service uses any more.
    wanted = parse({**params, "unused": params["state"] == ABSENT}, place, inherited)
    if not params["dependencies"] and not params["services"]:
        raise InvalidOption(
            "dependencies", False, "it is about the services that are named, and none is.", "Name them in services."
        )
    # What is not named any more goes where ``_drops`` says so.
    how = control({**params, "purge": True})
    return Task(wanted, how, params, _scale(params["scale"] or {}))


def _scale(given: Mapping[str, Any]) -> dict[str, int]:
    made = {}
    for service, value in given.items():
        number = str(value)
        if not number.isdigit():
            raise InvalidOption(f"scale.{service}", value, "it is no number of containers.", "Write 0 or more.")
        made[str(service)] = int(number)
    return made


def application(task: Task, resolved: Resolved, read: Callable[[str], bytes]) -> tuple[Application, list[str]]:
    """The application of a resolved project, as the task wants it, and warnings.

    :param read: gives the bytes of a file of the controller, or raises OSError.
    :raises ComposeFileError: all that can't be translated.
    :raises InvalidOption: the task names a service that there is not.
    """
    services = resolved.config["services"]
    for service in task.scale:
        if service not in services:
            raise InvalidOption(
                f"scale.{service}", task.scale[service], "there is no such service, or it is off.",
                f"Name one of {', '.join(services)}.",
            )  # fmt: skip
    problems = Problems(secret=looks_secret)
    given = Given(
        config=resolved.config,
        folder=resolved.folder,
        files=resolved.files,
        env_files=task.wanted.env_files,
        variables=resolved.variables,
        relative=resolved.relative,
        host_paths=task.params["host_paths"] == HOST,
        only=_only(task, services),
        scale=task.scale,
        read=read,
    )
    made = translate(given, problems)
    return _as_wanted(task, made, given, resolved), [*resolved.warnings, *problems.warnings]


def _only(task: Task, services: Mapping[str, Any]) -> frozenset[str]:
    """The services that are named, where what they depend on is to be left alone."""
    if task.params["dependencies"] or not task.params["services"]:
        return frozenset()
    names = task.params["services"]
    return frozenset(service for service in services if any(fnmatchcase(service, name) for name in names))


def _as_wanted(task: Task, made: Application, given: Given, resolved: Resolved) -> Application:
    """The application, as the task's own options have it."""
    params = task.params
    builds = {image.name for image in made.images if image.build is not None}
    members = tuple(_member(task, member, given, builds) for member in made.containers)
    stays = params["state"] == ABSENT and params["services"]  # others of the project may use them
    return replace(
        made,
        images=tuple(_image(image, params["build"]) for image in made.images),
        containers=members,
        networks=() if stays else made.networks,
        volumes=() if stays else made.volumes,
        drops=_drops(task, frozenset(given.made), frozenset([*given.services, *resolved.disabled])),
    )


def _image(image: Image, build: str) -> Image:
    if build == NEVER:
        return replace(image, build=None)
    return replace(image, anew=True) if build == ALWAYS and image.build is not None else image


def _member(task: Task, member: Member, given: Given, builds: set[str]) -> Member:
    """A container with what the task says of all."""
    params, own = task.params, dict(member.params)
    if params["pull"] != POLICY and own["image"] not in builds:
        own["pull"] = params["pull"]
    if params["recreate"] == ALWAYS and params["state"] != ABSENT:
        own["recreate"] = True
    if params["recreate"] == NEVER:
        own["comparisons"] = {"*": "ignore"}
    if params["wait"] and _is_checked(given, member.group):
        own["state"] = "healthy"
    if params["wait_timeout"] is not None:
        own["healthy_wait_timeout"] = params["wait_timeout"]
    if params["timeout"] is not None and params["state"] in _ENDING:
        own["stop_timeout"] = params["timeout"]
    if params["state"] == ABSENT and params["remove_volumes"]:
        own["keep_volumes"] = False
    return replace(member, params=own, rollout=_rollout(params, given.services[member.group]))


def _rollout(params: Mapping[str, Any], service: Mapping[str, Any]) -> Rollout | None:
    """How a service's containers are replaced: as the task says, or else as the file does."""
    order = ((service.get("deploy") or {}).get("update_config") or {}).get("order") or ""
    how = order.replace("-", "_") if params["rollout"] == POLICY else params["rollout"]
    return Rollout(params["rollout_delay"]) if how == START_FIRST else None


def _is_checked(given: Given, service: str) -> bool:
    """Whether a service has a health check of its own."""
    check = given.services[service].get("healthcheck") or {}
    return bool(check.get("test")) and not check.get("disable") and check["test"][0] != "NONE"


def _drops(task: Task, made: frozenset[str], known: frozenset[str]) -> Callable[[Mapping[str, str]], bool]:
    """Tells of a container of the project that is not named whether it goes: one more than its service has, one of a
    service that the files don't have any more, or all, where the whole project goes. Nothing else ever does.
    """
    whole = task.params["state"] == ABSENT and not task.params["services"]
    orphans = bool(task.params["remove_orphans"])

    def drops(found: Mapping[str, str]) -> bool:
        service = found.get(labels.SERVICE)
        if service is None or found.get(labels.ONE_OFF) == "True":
            return False
        return service in made or (whole if service in known else orphans)

    return drops
