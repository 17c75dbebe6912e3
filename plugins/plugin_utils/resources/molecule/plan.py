# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a scenario wants on which host: a project for each host and engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption, InvalidOptions
from . import platform as one_platform
from .platform import ENGINES, Platform
from .scenario import Scenario

UNTOUCHED = "Nothing was touched."


@dataclass(frozen=True)
class Place:
    """One engine of a host, and what is to be there.

    :param engine: '' for the one that the host's own settings lead to.
    :param inventory: the sources that have the host's entry.
    :param projects: options of ``remote_containers``, by the engine's name where there is a difference.
    """

    host: str
    engine: str
    inventory: tuple[str, ...]
    projects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.host, self.engine


def platforms(given: Sequence[Any], scenario: Scenario, host: str) -> list[Platform]:
    """All platforms of a molecule.yml.

    :param host: the one for platforms that name none; '' for none.
    :raises InvalidOptions: what is wrong with any of them, a line for each.
    """
    found: list[Platform] = []
    problems: list[str] = []
    for number, one in enumerate(given):
        name = one.get("name") if isinstance(one, Mapping) else None
        if not isinstance(name, str) or not name:
            problems.append(f"platforms[{number}] has no name. Give it one.")
            continue
        try:
            if any(name == other.name for other in found):
                raise InvalidOption("name", name, "another platform has it.", "Give each a name of its own.")
            found.append(one_platform.platform(one, scenario, host))
        except InvalidOptions as error:
            problems.append(f"Platform {name}: {error}")
    if problems:
        raise InvalidOptions("\n".join(problems), UNTOUCHED)
    return found


def to_create(wanted: Iterable[Platform], scenario: Scenario, inventory: Mapping[str, tuple[str, ...]]) -> list[Place]:
    """What is to be made, for each engine of each host.

    :param inventory: the sources of each host.
    :raises InvalidOptions: two platforms want different things of one network.
    """
    at: dict[tuple[str, str], list[Platform]] = {}
    for one in wanted:
        at.setdefault((one.host, one.engine), []).append(one)
    return [
        Place(host, engine, inventory[host], {one: _project(scenario, together, one) for one in _engines(engine)})
        for (host, engine), together in at.items()
    ]


def _engines(engine: str) -> tuple[str, ...]:
    return (engine,) if engine else ENGINES


def _project(scenario: Scenario, together: Sequence[Platform], engine: str) -> dict[str, Any]:
    networks: dict[str, dict[str, Any]] = {}
    for one in together:
        for name, options in one.networks.items():
            _join(networks.setdefault(name, {}), options, one, name.removeprefix(f"{scenario.project}-"))
    volumes = dict.fromkeys(name for one in together for name in one.volumes)
    return {
        "name": scenario.project,
        "networks": [_shared(name, options, scenario) for name, options in networks.items()],
        "volumes": [_shared(name, {}, scenario) for name in volumes],
        "containers": [dict(one.options_on(engine)) for one in together],
    }


def _join(known: dict[str, Any], options: Mapping[str, Any], one: Platform, name: str) -> None:
    for key, value in options.items():
        if known.setdefault(key, value) != value:
            problem = f"another platform gives the network {name} the value {known[key]!r}."
            error = InvalidOption(f"networks.{key}", value, problem, "Write it once, or alike.")
            raise InvalidOptions(f"Platform {one.name}: {error}", UNTOUCHED)


def _shared(name: str, options: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    labels = {} if options.get("external") else {"labels": scenario.labels}
    return {"name": name, **options, **labels}


def to_destroy(
    given: Iterable[Any], scenario: Scenario, host: str, earlier: Iterable[Place], containers: Iterable[str]
) -> list[Place]:
    """Where something of the scenario may be: where platforms are now, and where any was made earlier. What is wrong
    with a platform beside that does not matter here.

    :param containers: the names of those that were made earlier.
    """
    places = {place.key: place for place in earlier}
    names = dict.fromkeys(containers)
    for one in given:
        try:
            key = one_platform.place_of(one, host)
            names.setdefault(scenario.own("name", one["name"]))
        except (InvalidOptions, AttributeError, KeyError, TypeError):
            continue  # nothing can have been made of it
        places.setdefault(key, Place(*key, ()))
    project = removing(scenario.project, names)
    return [
        Place(place.host, place.engine, place.inventory, dict.fromkeys(_engines(place.engine), project))
        for place in places.values()
    ]


def removing(project: str, containers: Iterable[str]) -> dict[str, Any]:
    """The options of ``remote_containers`` that remove all that a project has made. The containers are named beside
    ``purge``, so that their anonymous volumes go, too.
    """
    named = [{"name": name, "keep_volumes": False} for name in containers]
    return {"name": project, "state": "absent", "purge": True, "remove_volumes": True, "containers": named}


def shown(places: Sequence[Place], taken: Iterable[str]) -> list[str]:
    """What each place is called in Ansible's output: as its host, unless an instance is called so.

    :param taken: the names of instances.
    """
    hosts, taken = [place.host for place in places], set(taken)
    return [
        f"{place.host}-{place.engine}" if hosts.count(place.host) > 1 and place.engine
        else place.host if place.host not in taken
        else f"host-{place.host}"
        for place in places
    ]  # fmt: skip
