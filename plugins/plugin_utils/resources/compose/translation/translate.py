# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resolved project becomes an application: what tasks of our modules would be given, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....compose.problems import Path, Problems
from ...project.application import COMPLETED, HEALTHY, STARTED, Application, Dependency, Member
from . import labels, top_level
from .checked import check_build, check_container, check_network, check_volume
from .checking import check
from .files import files
from .images import images
from .keys import KEYS
from .scope import Given, Scope

_CONDITIONS = {
    "service_started": STARTED, "service_healthy": HEALTHY, "service_completed_successfully": COMPLETED,
}  # fmt: skip
_BELOW = "services.*."
_TRANSLATED = tuple((key.pattern.removeprefix(_BELOW), key.by) for key in KEYS if key.by is not None)


def translate(given: Given, problems: Problems) -> Application:
    """The application of a project.

    :param problems: gets warnings; tells of a key whether its value may be a secret.
    :raises ComposeFileError: all that can't be translated, each with its service and key, and what to write instead.
    """
    check(given.config, problems)
    networks, volumes = dict(top_level.networks(given)), dict(top_level.volumes(given, problems))
    for key, network in networks.items():
        check_network(key, network, problems)
    for key, volume in volumes.items():
        check_volume(key, volume, problems)
    made = images(given, problems)
    for service in given.made:
        for image in made:
            if image.name == given.image(service):
                check_build(service, image, problems)
    services = [service for service in ordered(given.services) if service in given.made]
    members = tuple(member for service in services for member in _members(given, service, problems))
    problems.stop_if_any()
    return Application(
        name=given.name,
        networks=tuple(networks.values()),
        volumes=tuple(volumes.values()),
        images=made,
        containers=members,
        labels=labels.of_project(given),
    )


def _members(given: Given, service: str, problems: Problems) -> Iterator[Member]:
    scope = Scope(given, service, problems)
    if given.replicas(service) > 1 and given.services[service].get("container_name"):
        scope.refuse(("container_name",), "can't be the name of several containers.", "Leave it out.")
    params, origins = _params(scope)
    check_container(service, {**params, "name": given.container(service)}, origins, problems)
    put, depends_on = files(scope), _dependencies(given, service)
    for number, name in enumerate(given.containers(service), 1):
        yield Member(
            params={"name": name, **params},
            depends_on=depends_on,
            written_labels=labels.of_container(given, service, number),
            late_labels=labels.late(given, service),
            files=put,
            group=service,
        )


def _params(scope: Scope) -> tuple[dict[str, Any], dict[str, Path]]:
    """The options of a service's containers but for the name, and by option the key that it came from."""
    service = scope.service
    # What is built has no registry to be pulled from.
    policy = "never" if "build" in service else service.get("pull_policy") or "missing"
    params: dict[str, Any] = {"image": scope.given.image(scope.name), "pull": policy}
    origins: dict[str, Path] = {}
    for key, by in _TRANSLATED:
        if by is not None and key in scope.service:
            options = by(scope.service[key], scope)
            params.update(options)
            origins.update(dict.fromkeys(options, (key,)))
    return params, origins


def _dependencies(given: Given, service: str) -> dict[str, Dependency]:
    """By container; of a service with several, on all of them."""
    return {
        container: Dependency(
            condition=_CONDITIONS[how.get("condition") or "service_started"],
            required=how.get("required", True),
            restart=how.get("restart", False),
        )
        for other, how in (given.services[service].get("depends_on") or {}).items()
        if other in given.made
        for container in given.containers(other)
    }


def ordered(services: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The services, each after those that it depends on; none depends on itself, which the resolver has refused."""
    done: dict[str, None] = {}

    def put(name: str) -> None:
        if name in services and name not in done:
            for other in services[name].get("depends_on") or ():
                put(other)
            done[name] = None

    for name in services:
        put(name)
    return list(done)
