# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the translation of a project is given, and what the translation of one service knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from ....compose.problems import Path, Problems
from ....dataclass import dataclass

Params = Mapping[str, Any]
SERVICE, CONTAINER = "service:", "container:"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A resolved project.

    :param config: the model, as ``docker compose config --format json`` prints it, with single dollars.
    :param folder: the project's directory on the controller.
    :param files: the compose files, absolute.
    :param env_files: the files of variables that were named for the project.
    :param variables: what was put in for variables; secrets and configs may be named after them.
    :param relative: the sources of bind mounts that were written relative.
    :param host_paths: these are meant as paths of the host.
    :param only: the services that containers are made of; none for all.
    :param scale: numbers of containers by service, instead of those in the model.
    :param read: gives the bytes of a file of the controller, or raises OSError.
    """

    config: Mapping[str, Any]
    folder: str
    files: Sequence[str] = ()
    env_files: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    relative: frozenset[str] = frozenset()
    host_paths: bool = False
    only: frozenset[str] = frozenset()
    scale: Mapping[str, int] = field(default_factory=dict)
    read: Callable[[str], bytes]

    @property
    def name(self) -> str:
        return str(self.config["name"])

    @property
    def services(self) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.config["services"]
        return found

    @property
    def made(self) -> list[str]:
        """The services that containers are made of."""
        return [name for name in self.services if not self.only or name in self.only]

    def replicas(self, service: str) -> int:
        """How many containers a service has."""
        own = self.services[service]
        if service in self.scale:
            return self.scale[service]
        number = own.get("scale", (own.get("deploy") or {}).get("replicas"))
        return 1 if number is None else int(number)

    def container(self, service: str, number: int = 1) -> str:
        """The name of one of a service's containers, which are counted from 1."""
        return str(self.services[service].get("container_name") or f"{self.name}-{service}-{number}")

    def containers(self, service: str) -> list[str]:
        return [self.container(service, number) for number in range(1, self.replicas(service) + 1)]

    def network(self, key: str) -> str:
        """The name of a network on the host."""
        return str((self.config.get("networks") or {})[key]["name"])

    def volume(self, key: str) -> str:
        """The name of a volume on the host."""
        return str((self.config.get("volumes") or {})[key]["name"])

    def image(self, service: str) -> str:
        """The name of a service's image; what is only built is called after the project and the service."""
        return str(self.services[service].get("image") or f"{self.name}-{service}")

    def is_controllers(self, path: str) -> bool:
        """Whether a path of a bind mount is one of the controller's files."""
        return path in self.relative and not self.host_paths


@dataclass(frozen=True)
class Scope:
    """One service of a project.

    :param problems: takes what can't be translated.
    """

    given: Given
    name: str
    problems: Problems

    @property
    def service(self) -> Mapping[str, Any]:
        return self.given.services[self.name]

    def refuse(self, path: Path, problem: str, remedy: str) -> None:
        """Note a problem with a key of this service."""
        self.problems.add(("services", self.name, *path), problem, remedy)

    def first_of(self, service: str, key: str) -> str:
        """The first container of another service, which a key of this one names."""
        if service not in self.given.services:
            self.refuse((key,), f"names {service}, which is no service that is on.", "Switch it on, or correct it.")
            return service
        if not self.given.replicas(service):
            self.refuse((key,), f"names {service}, which has no container.", f"Give {service} one.")
        return self.given.container(service)
