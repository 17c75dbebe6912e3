# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container_info: reads containers: all, some by name, or some by label."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ..result.info import ARGUMENT_SPEC, list_filters, parse, present_and_missing, wanted
from .usage import observe


def perform(task: Task, session: Session, params: dict[str, Any]) -> dict[str, Any]:
    names = params["name"]
    if names is None:
        found = session.client.containers.list(all=True, filters=list_filters(params))
        names = [container["Id"] for container in found]
    inspected = {name: session.client.containers.inspect(name) for name in names}
    more = observe(session.client, wanted(inspected, params), params)
    return present_and_missing(inspected, params, session.client.engine, more, task.telling)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    reads=True,
    query=True,
    formats=True,
    peers=("docker_container_info", "podman_container_info"),
)
