# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads from the engine what a container's plan needs, with as few requests as that takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.protocol import Client
from ...shared import states
from ..options import namespaces
from ..options.parsing import Options
from ..options.row import NATIVE
from ..options.table import BY_NAME
from ..plan import leftover
from ..plan.dependents import other_containers
from ..plan.desired import inherits
from ..plan.plan import Observed
from . import put_files


def read(client: Client, options: Options) -> Observed:
    """Read what the plan needs: the container, and its image where one is named or its defaults matter."""
    container = described(client, options, options.name)
    leftovers = _leftovers_at_hand(client, options, container)
    if any(one.inspect is container for one in leftovers):  # the task gives its ID
        container = described(client, options, leftovers[0].mark.name)
    if options.state == "absent":
        return Observed(container, leftovers=leftovers)
    return observe(client, options, container, leftovers)


def described(client: Client, options: Options, name: str) -> dict[str, Any] | None:
    """A container as the engine describes it; where the task asks for what only Podman's own description tells, with
    that, in which the pod is by name.
    """
    inspect = client.containers.inspect(name)
    native = client.engine.own_api and any(BY_NAME[option].native for option in options.values)
    if inspect is None or options.state == "absent" or not native:
        return inspect
    own = client.containers.inspect_native(inspect["Id"]) or {}
    pod = client.containers.pod_of(inspect["Id"]) if own.get("Pod") else ""
    return {**inspect, NATIVE: {**own, "PodName": pod}}


def plain(inspect: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A container as the engine describes it to everybody."""
    return {key: value for key, value in inspect.items() if key != NATIVE} if inspect and NATIVE in inspect else inspect


def observe(
    client: Client, options: Options, container: Mapping[str, Any] | None, leftovers: tuple[leftover.Leftover, ...]
) -> Observed:
    """Read what else the plan needs for the container and its leftovers."""
    judged = leftover.judge(container, leftovers, options.state).container if leftovers else container
    image = client.images.inspect(options.image) if options.image is not None else None
    own_image = None
    uses_own = options.image is None or options.image_comparison == "current-image"
    if judged is not None and ((uses_own and inherits(options)) or options.behaviour.platform):
        own_image = client.images.inspect(judged["Image"])
    files = put_files.read(client, judged["Id"], options.files) if judged is not None and options.files else {}
    return Observed(container, image, own_image, owners(client, options), files, leftovers)


def _leftovers_at_hand(
    client: Client, options: Options, container: Mapping[str, Any] | None
) -> tuple[leftover.Leftover, ...]:
    """What an interrupted recreation left, as far as it can be known without a request that most tasks don't need.

    A container that nothing was recreated for has none; one that replaced another names it.
    """
    # See _Change.put_back: with state=present, only the failed new container's name may tell.
    journal = client.engine.found_by_name_at_start and options.state == "present"
    if container is None or options.state == "absent" or journal:
        name = options.name if container is None else states.container_name(container)
        return find_leftovers(client, name, options)
    if (own := leftover.as_leftover(container)) and options.name != states.container_name(container):
        return (own,)
    replaced = leftover.replaced_by(container)
    old = leftover.as_leftover(described(client, options, replaced)) if replaced else None
    return (old,) if old and old.mark.name == states.container_name(container) else ()


def find_leftovers(client: Client, name: str, options: Options) -> tuple[leftover.Leftover, ...]:
    """All that interrupted recreations of the container of this name have left."""
    listed = client.containers.list(all=True, filters={"name": [leftover.name_filter(name)]})
    found = (leftover.as_leftover(described(client, options, entry["Id"])) for entry in listed)
    return tuple(one for one in found if one is not None and one.mark.name == name)


def owners(client: Client, options: Options) -> dict[str, str]:
    """The IDs of the containers whose namespaces or volumes are to be shared, where they are there; the engines report
    IDs where names were given.
    """
    kept_by_id = (*namespaces.OWNED, namespaces.VOLUMES_FROM)
    names = dict.fromkeys(name for option, name in other_containers(options.values) if option in kept_by_id)
    found = {name: client.containers.inspect(name) for name in names}
    return {name: inspect["Id"] for name, inspect in found.items() if inspect}
