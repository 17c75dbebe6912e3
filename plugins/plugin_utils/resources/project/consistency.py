# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an application as a whole, found before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from ..container.options.port_uses import clash, protocol_of
from ..container.options.ports import Bindings
from .application import Application, Dependency, Member


def problems(
    application: Application, published: Mapping[str, Bindings], shares: Mapping[str, Iterable[str]]
) -> list[str]:
    """All of it, a text each.

    :param published: the published ports of each container that is to run, by its name.
    :param shares: the containers whose namespaces or volumes each container uses, by its name.
    """
    return [
        *_twice("container", (member.name for member in application.containers)),
        *_twice("network", (network.name for network in application.networks)),
        *_twice("volume", (volume.name for volume in application.volumes)),
        *_dependencies({member.name: member.depends_on for member in application.containers}, shares),
        *_ports(published),
    ]


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{kind}s: the name {name} is there twice. Give each {kind} a name of its own."
        seen.add(name)


def _dependencies(
    depends_on: Mapping[str, Mapping[str, Dependency]], shares: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    known = ", ".join(sorted(depends_on)) or "none"
    for name, others in depends_on.items():
        for other, how in others.items():
            if other not in depends_on and how.required:
                yield (
                    f"containers: {name} depends on {other}, which is no container of the project. Name one of {known}."
                )
    needs = {name: [*others, *shares.get(name, ())] for name, others in depends_on.items()}
    if circle := _circle(needs):
        yield f"containers: these need each other in a circle: {' > '.join(circle)}. Take one depends_on away."


def _circle(depends_on: Mapping[str, Iterable[str]]) -> list[str]:
    """The names of a circle, each before the one that it depends on, the first once more at the end."""
    try:
        TopologicalSorter(depends_on).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return []


def in_order(application: Application, shares: Mapping[str, Iterable[str]]) -> Application:
    """The application with each container after those that it needs, and else in the order in which they came; it has
    no circles.
    """
    members = {member.name: member for member in application.containers}
    done: dict[str, Member] = {}
    for name in members:
        above = [name]
        while above:
            needs = (*members[above[-1]].depends_on, *shares.get(above[-1], ()))
            if left := [other for other in needs if other in members and other not in done]:
                above.append(left[0])
            else:
                done.setdefault(above[-1], members[above.pop()])
    return replace(application, containers=tuple(done.values()))


def _ports(published: Mapping[str, Bindings]) -> Iterator[str]:
    """Ports of the host that two containers want. One that is chosen from a range can be another one."""
    taken: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, bindings in published.items():
        for port, ends in bindings.items():
            for end in ends:
                address, _colon, number = end.rpartition(":")
                if not number.isdigit():
                    continue
                others = taken.setdefault((protocol_of(port), number), [])
                for other, its in others:
                    if other != name and clash(address.strip("[]"), its):
                        yield (
                            f"containers: {other} and {name} both publish port {number}/{protocol_of(port)} of the "
                            "host. Give one of them another port."
                        )
                        break
                others.append((name, address.strip("[]")))
