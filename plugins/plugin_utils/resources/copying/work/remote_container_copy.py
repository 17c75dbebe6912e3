# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container_copy: copies files between the controller and a container."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from ....errors import EngineError, InvalidOption
from ....session.session import Session
from ...execution.work.killing import Killer, host_runs
from ...shared.work.lookup import required_container
from ...shared.work.module import FileNotThere, Module, Task
from ...shared.work.needed import skipped_without
from ..options import ARGUMENT_SPEC, INTO, SPEC_RULES, Copy, mistaken_modes, parse
from ..result_format import FORMATS
from .container_files import ContainerFiles
from .into import CopyInto, sources
from .local_files import Source
from .out import CopyOut

Prepared = tuple[Copy, dict[str, Source]]


def prepare(task: Task, params: dict[str, Any]) -> Prepared:
    copy = parse(params)
    for warning in mistaken_modes(params):
        task.warn(warning)
    if copy.direction != INTO:
        return replace(copy, path=task.beside_playbook(str(copy.path))), {}
    if copy.path is not None:
        copy = replace(copy, path=_found(task, copy.path))
    return copy, sources(copy, time.time())


def _found(task: Task, path: str) -> str:
    """Where a relative path is: beside the role's or the playbook's files, as Ansible's own copy looks for it."""
    try:
        return task.find_file(path)
    except FileNotThere as error:
        problem = str(error).partition("\nIf you are using a module")[0]  # and its remote_src
        raise InvalidOption("path", path, f"on the controller: {problem}", "Correct the path.") from error


def perform(task: Task, session: Session, prepared: Prepared) -> dict[str, Any]:
    return task.telling.choose(FORMATS)(_copied(task, session, *prepared))


def _copied(task: Task, session: Session, copy: Copy, source: dict[str, Source]) -> dict[str, Any]:
    try:
        inspect = required_container(session.client, copy.container)
    except EngineError as error:
        if error.kind != "container_missing":
            raise
        return skipped_without(f"container {copy.container}", error, check_mode=task.check_mode)
    killer = Killer(session.client, copy.container, host_runs(session))
    files = ContainerFiles(session.client, inspect, killer.end)
    files.require_reachable(copy.container_path)
    runner = task.runner(session)
    if copy.direction == INTO:
        return CopyInto(files, copy, source, task.diff_limit).run(task.check_mode, runner)
    return CopyOut(files, copy, Path(str(copy.path)), task.diff_limit).run(task.check_mode, runner)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    spec_rules=SPEC_RULES,
    prepare=prepare,
    perform=perform,
    formats=True,
    peers=("docker_container_copy_into", "podman_container_copy"),
    differs=(
        "copies in both directions and whole directories, and compares before it copies. The default of ``mode_parse`` "
        'is ``modern``, so that ``mode: "0644"`` is octal as everywhere in Ansible; docker_container_copy_into reads a '
        "decimal number unless it is told otherwise."
    ),
)
