# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_secret: brings one secret of Podman's into the state that the task describes."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.driver_options import secrets
from ...shared.work import controller_file
from ...shared.work.module import Module, Task
from ..options import ARGUMENT_SPEC, SPEC_RULES, Options, parse
from .run import run_secret


def prepare(task: Task, params: dict[str, Any]) -> Options:
    data = b""
    if params["state"] == "present":
        path, text = params["path"], params["data"]
        data = (
            controller_file.read(task, "path", path)[1]
            if path is not None
            else str(text).encode(errors="surrogateescape")
        )
    options = parse(params, data)
    # No engine tells what a secret holds; should one quote it, it is not shown.
    task.masker.learn_values([data.decode(errors="surrogateescape"), *secrets(options.driver_options)])
    return options


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    return run_secret(task.runner(session), options, check_mode=task.check_mode)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    engines=("podman",),
    elsewhere=(
        "Docker has secrets in a swarm only: there, copy the value into the container with remote_container_copy, or "
        "mount a file of the host."
    ),
    peers=("podman_secret",),
    differs=(
        "compares a secret with a salted digest in a label and never reads it; one that something else has made is "
        "replaced once, unless ``skip_existing`` is true. ``force`` replaces it in every run, also where nothing "
        "differs; ``driver_options`` need ``driver``."
    ),
)
