# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_volume_info: reads volumes: all, some by name, or some by label."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Reader, parsed_by
from ..info import ARGUMENT_SPEC, parse, present_and_missing


def perform(task: Reader, session: Session, wanted: dict[str, Any]) -> dict[str, Any]:
    client = session.client
    found: dict[str, dict[str, Any] | None]
    if wanted["name"] is None:
        found = {one["Name"]: one for one in client.volumes.list()}
    else:
        found = {name: client.volumes.inspect(name) for name in wanted["name"]}
    listed = [] if task.telling.raw else client.containers.list(all=True)
    return present_and_missing(found, listed, wanted, task.telling)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    reads=True,
    query=True,
    formats=True,
    peers=("docker_volume_info", "podman_volume_info"),
)
