# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one container's task: what it finds, plans and does becomes the module's result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...shared.plan import Plan
from ...shared.result_format import PLAIN, Telling
from ...shared.secrets import Masker
from ...shared.work.runner import Runner
from ..options.parsing import Options
from ..result.formats import FORMATS, engine_container
from ..result.hints import hint_for
from .container_run import ContainerRun
from .log import without_log
from .ports import HostPorts
from .wait import Listeners


def run_container(
    client: Client,
    options: Options,
    *,
    check_mode: bool = False,
    masker: Masker | None = None,
    log: Callable[[str], None] = lambda message: None,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
    listeners: Listeners | None = None,
    host_ports: HostPorts | None = None,
    runner: Runner | None = None,
    telling: Telling = PLAIN,
    afterwards: Callable[[Plan], Iterable[str]] = lambda done: (),
) -> dict[str, Any]:
    """Bring one container into the state that the options describe.

    :param client: an EngineClient.
    :param options: what ``options.parse`` made of the task's parameters.
    :param masker: keeps secrets out of the result; it learns those of the container here.
    :param listeners: says who listens in a container or on the host (for ``wait_for.port``).
    :param host_ports: says who listens on the host, and locks its ports (for ports that are to be chosen).
    :param runner: does the steps; one that keeps nobody off where none is given.
    :param telling: in which shape the result is wanted.
    :param afterwards: is told what was done (not in check mode) and gives more warnings.
    :return: {changed, actions, container, diff, warnings}; container is None when there is none (any more). Or what
        ``telling`` makes of it.
    :raises InvalidOption: the options don't fit what is there; nothing was changed.
    :raises EngineError: the engine refused; the message holds its words and the end of the container's log.
    """
    masker = masker or Masker()
    runner = runner or Runner(client, lambda message: log(masker.text(message)))
    run = ContainerRun(
        client, options, runner, check_mode=check_mode, masker=masker, log=log, sleep=sleep, now=now,
        listeners=listeners, host_ports=host_ports,
    )  # fmt: skip
    try:
        seen = run.seen()
    except EngineError as error:
        error.message = run.masker.text(error.message)
        if not error.unanswered:
            error.hint = error.hint or hint_for(without_log(error.message))
        error.args = (error.message,)
        if telling.raw and run.in_vain and (inspect := client.containers.inspect(run.context.name)):
            error.beside = {"container": engine_container(inspect, run.engine, run.masker)}
        raise
    more = () if check_mode else afterwards(seen.planned)
    return telling.choose(FORMATS)(replace(seen, warnings=(*seen.warnings, *more)), telling)
