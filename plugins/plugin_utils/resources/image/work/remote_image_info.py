# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_image_info: reads images: all, or some by name."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task, parsed_by
from ..info import ARGUMENT_SPEC, parse, present_and_missing
from .names import named_image


def perform(task: Task, session: Session, wanted: dict[str, Any]) -> dict[str, Any]:
    names = wanted["name"]
    if names is None:
        names = dict.fromkeys(image["Id"] for image in session.client.images.list())
    inspected = {name: named_image(session.client, name) for name in names}
    return present_and_missing(inspected, wanted, task.telling)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    reads=True,
    query=True,
    formats=True,
    peers=("docker_image_info", "podman_image_info"),
)
