# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_image: brings an image of a host to a state."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, SPEC_RULES, Options, parse
from .run import run_image

_DOCKER = (
    "docker_image", "docker_image_build", "docker_image_export", "docker_image_load", "docker_image_pull",
    "docker_image_push", "docker_image_remove", "docker_image_tag",
)  # fmt: skip


def prepare(task: Task, params: dict[str, Any]) -> Options:
    options = parse(params)
    if options.build is not None:
        task.hide(filter(task.masker.hides, options.build.secrets().values()))
    return options


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    return run_image(task.runner(session), options, check_mode=task.check_mode, telling=task.telling)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    formats=True,
    peers=(*_DOCKER, "podman_image", "podman_load", "podman_save", "podman_tag"),
    differs=(
        "takes the options of docker_image, also for building; a build's directory is on the controller, and so are "
        "archives. Credentials may stand in the task."
    ),
)
