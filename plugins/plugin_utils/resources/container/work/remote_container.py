# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_container: brings one container into the state that the task describes."""

from __future__ import annotations

from typing import Any

from ....session.listeners import HostPorts, listeners
from ....session.session import Session
from ...shared.plan import Plan
from ...shared.work import controller_file
from ...shared.work.module import Module, Task
from ..options import as_quadlet, env_file
from ..options.parsing import ARGUMENT_SPEC, Options, parse
from .at_boot import boot_warnings
from .image_memory import ImageMemory, RememberingClient
from .run import run_container

IMAGES = ImageMemory()  # of this process, which does all items of a loop
PORTS_RANGE = "auto_ports_range"


def prepare(task: Task, params: dict[str, Any]) -> Options:
    if params.get("env_file"):
        from_file = _env_file(task, params["env_file"])
        task.masker.learn(from_file)
        params = {**params, "env": {**from_file, **(params.get("env") or {})}}
    if params.get("published_ports"):
        params = {**params, PORTS_RANGE: task.setting(PORTS_RANGE, params)}
    return parse(params)


def _env_file(task: Task, path: str) -> dict[str, str]:
    """The variables of a file of the controller."""
    return env_file.variables("env_file", *controller_file.read(task, "env_file", path))


def perform(task: Task, session: Session, options: Options) -> dict[str, Any]:
    scope = task.identity, session.transport.connection_id, session.socket
    client = RememberingClient(session.client, scope, IMAGES)

    def at_boot(done: Plan) -> list[str]:
        return boot_warnings(session, options.values, done, task.log)

    return run_container(
        client,
        options,
        check_mode=task.check_mode,
        masker=task.masker,
        log=task.log,
        listeners=listeners(session.transport, task.settings.become),
        host_ports=HostPorts(session.transport),
        runner=task.runner(session, client),
        telling=task.telling,
        afterwards=at_boot,  # not in check mode: the task that sets the host up may not have run either
    )


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    advice=as_quadlet.advice,
    prepare=prepare,
    perform=perform,
    formats=True,
    peers=("docker_container", "podman_container"),
)
