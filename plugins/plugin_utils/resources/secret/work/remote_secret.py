# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_secret: brings one secret of Podman's into the state that the task describes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ....errors import InvalidOption
from ....session.session import Session
from ...shared.driver_options import secrets
from ...shared.work.module import FileNotThere, Module, Task
from ..options import ARGUMENT_SPEC, LONGEST, SPEC_RULES, Options, parse
from .run import run_secret


def prepare(task: Task, params: dict[str, Any]) -> Options:
    data = b""
    if params["state"] == "present":
        path, text = params["path"], params["data"]
        data = _file(task, path) if path is not None else str(text).encode(errors="surrogateescape")
        # No engine tells what a secret holds; should one quote it, it is not shown.
        task.masker.learn_values([data.decode(errors="surrogateescape")])
    options = parse(params, data)
    task.masker.learn_values(secrets(options.driver_options))
    return options


def _file(task: Task, path: str) -> bytes:
    """What a file of the controller holds, found where a role's or a playbook's files are."""
    try:
        found = path if Path(path).is_absolute() else task.find_file(path)
        with Path(found).open("rb") as file:
            return file.read(LONGEST)  # one byte too many is refused
    except (OSError, FileNotThere) as error:
        problem = getattr(error, "strerror", None) or "it could not be read."
        raise InvalidOption("path", path, f"{problem}".rstrip(".") + ".", "It is a file of the controller.") from None


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
        "replaced once, unless ``skip_existing`` is true."
    ),
)
