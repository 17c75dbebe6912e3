# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must fit together in a project: names that are used, values that say the same twice, cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .model.normal import SERVICE
from .model.resources import Project
from .problems import Model, Path, Problems

_HEALTH = ("CMD", "CMD-SHELL", "NONE")
# What stands at two places of a service, and has to be the same: the key, that of deploy, and what it is called there.
_TWICE = (
    ("scale", ("replicas",)),
    ("cpus", ("resources", "limits", "cpus")),
    ("mem_limit", ("resources", "limits", "memory")),
    ("mem_reservation", ("resources", "reservations", "memory")),
    ("pids_limit", ("resources", "limits", "pids")),
)

Found = tuple[Path, str, str]


def check(project: Project, problems: Problems) -> None:
    """What is wrong with the services that are on."""
    for name, service in project.services.items():
        for found in (rule(project, service) for rule in _RULES):
            for path, problem, remedy in found:
                problems.add(("services", name, *path), problem, remedy)
    for name, secret in project.resources["secrets"].items():
        if not (secret.get("external") or secret.get("file") or secret.get("environment")):
            problems.add(("secrets", name), "has neither file nor environment.", "Write one of them.")
    _container_names(project, problems)
    _cycles(project, problems)


def _image(_project: Project, service: Model) -> Iterator[Found]:
    if not any(service.get(key) for key in ("build", "image", "provider")):
        yield (), "has neither image nor build.", "Write image: NAME, or build: PATH."


def _build(project: Project, service: Model) -> Iterator[Found]:
    build = service.get("build") or {}
    if build.get("dockerfile") and build.get("dockerfile_inline"):
        yield ("build",), "has dockerfile and dockerfile_inline, which exclude each other.", "Keep one of them."
    for key, context in (build.get("additional_contexts") or {}).items():
        if context.startswith(SERVICE):
            other = project.services.get(context.removeprefix(SERVICE))
            if other is None or "build" not in other:
                yield ("build", "additional_contexts", key), "names no service that is built.", "Correct the name."
    platform = service.get("platform")
    if build.get("platforms") and platform and platform not in build["platforms"]:
        yield ("build", "platforms"), f"lacks the service's platform {platform}.", "Add it."


def _networks(project: Project, service: Model) -> Iterator[Found]:
    networks = service.get("networks") or {}
    if service.get("network_mode") and networks:
        yield ("network_mode",), "excludes networks.", "Keep one of them."
    for network in networks:
        if network not in project.resources["networks"]:
            yield ("networks", network), "is declared nowhere.", f"Write networks: {{{network}: }} at the top level."
    mode = service.get("network_mode") or ""
    if mode.startswith(SERVICE) and mode.removeprefix(SERVICE) not in project.services:
        yield ("network_mode",), f"names no service that is on: {mode}.", "Correct the name, or its profile."


def _healthcheck(_project: Project, service: Model) -> Iterator[Found]:
    test = (service.get("healthcheck") or {}).get("test") or ["CMD"]
    if test[0] not in _HEALTH:
        yield ("healthcheck", "test"), f"begins with {test[0]!r}.", "A list begins with CMD, CMD-SHELL or NONE."


def _depends_on(project: Project, service: Model) -> Iterator[Found]:
    for name, how in (service.get("depends_on") or {}).items():
        if name in project.services or (name in project.disabled and not how.get("required", True)):
            continue
        if name in project.disabled:
            profiles = ", ".join(project.disabled[name].get("profiles") or ())
            yield ("depends_on", name), "is a service whose profile is off.", f"Switch it on: profiles: [{profiles}]."
        else:
            yield ("depends_on", name), "is no service of this project.", "Correct the name."


def _used(project: Project, service: Model) -> Iterator[Found]:
    build = service.get("build") or {}
    for where, kind, entries in (
        (("configs",), "configs", service.get("configs")),
        (("secrets",), "secrets", service.get("secrets")),
        (("build", "secrets"), "secrets", build.get("secrets")),
    ):
        for index, entry in enumerate(entries or ()):
            if (source := entry.get("source")) not in project.resources[kind]:
                yield (*where, index), f"names {source!r}, which is declared nowhere.", f"Declare it below {kind}."
    for index, volume in enumerate(service.get("volumes") or ()):
        source = volume.get("source")
        if volume.get("type") == "volume" and source and source not in project.resources["volumes"]:
            remedy = f"Write volumes: {{{source}: }} at the top level, or a path: ./{source}."
            yield ("volumes", index), f"names {source!r}, which is declared nowhere.", remedy
    for name in service.get("models") or ():
        if name not in project.resources["models"]:
            yield ("models", name), "is declared nowhere.", "Declare it below models."


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _twice(_project: Project, service: Model) -> Iterator[Found]:
    deploy = service.get("deploy")
    if deploy is None:
        return
    for key, path in _TWICE:
        one, other = service.get(key), _at(deploy, path)
        section = _at(deploy, path[:-1]) is not None and len(path) > 1
        if one in (None, 0) and key != "scale":
            continue
        if one is not None and (other is not None or section) and one != other:
            yield (key,), f"is {one}, and deploy.{'.'.join(path)} is {other}.", "Say it at one place only."


def scale(service: Model) -> int:
    """How many containers a service has."""
    found = service.get("scale", (service.get("deploy") or {}).get("replicas"))
    return 1 if found is None else int(found)


def _scale(_project: Project, service: Model) -> Iterator[Found]:
    if scale(service) < 0:
        yield ("scale",), f"is {scale(service)}.", "Write 0 or more."
    if scale(service) > 1 and service.get("container_name"):
        yield ("container_name",), f"can't be that of {scale(service)} containers.", "Leave it out, or scale."


def _watch(_project: Project, service: Model) -> Iterator[Found]:
    for index, one in enumerate((service.get("develop") or {}).get("watch") or ()):
        if not one.get("target") and one.get("action") not in ("rebuild", "restart"):
            yield ("develop", "watch", index), "has no target.", "Write target, or action: rebuild."
        if not one.get("path"):
            yield ("develop", "watch", index), "has no path.", "Write path."


def _mounts(_project: Project, service: Model) -> Iterator[Found]:
    taken: dict[str, str] = {}
    entries = [("tmpfs", index, text.partition(":")[0]) for index, text in enumerate(service.get("tmpfs") or ())]
    entries += [("volumes", index, one.get("target", "")) for index, one in enumerate(service.get("volumes") or ())]
    for key, index, target in entries:
        if target in taken:
            yield (key, index), f"has the target {target}, as {taken[target]} has.", "Leave one of them out."
        taken.setdefault(target, f"{key}[{index}]")


def _ports(_project: Project, service: Model) -> Iterator[Found]:
    ports = service.get("ports") or []
    for index, port in enumerate(ports):
        if port in ports[:index]:
            problem = "is the same as an earlier one, which compose keeps twice."
            yield ("ports", index), problem, "Leave it out; published is a text in the short form."


_RULES: tuple[Callable[[Project, Model], Iterator[Found]], ...] = (
    _image, _build, _networks, _healthcheck, _depends_on, _used, _twice, _scale, _watch, _mounts, _ports,
)  # fmt: skip


def _container_names(project: Project, problems: Problems) -> None:
    taken: dict[str, str] = {}
    for name, service in project.services.items():
        own = service.get("container_name")
        if own in taken:
            path = ("services", name, "container_name")
            problems.add(path, f"is that of the service {taken[own]!r}, too.", "Give each another name.", own)
        elif own:
            taken[own] = name


def _cycles(project: Project, problems: Problems) -> None:
    """Services that wait for each other: whatever is left when those that wait for none are taken away."""
    waits = {
        name: {other for other in service.get("depends_on") or () if other in project.services}
        for name, service in project.services.items()
    }
    while free := [name for name, others in waits.items() if not others & waits.keys()]:
        for name in free:
            del waits[name]
    if waits:
        way = [min(waits)]
        while (following := min(waits[way[-1]] & waits.keys())) not in way:
            way.append(following)
        circle = [*way[way.index(following) :], following]
        problem = f"goes round in a circle: {' → '.join(circle)}."
        problems.add(("services", circle[0], "depends_on"), problem, "Take one dependency out.")
