# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs at once, in processes of their own as Ansible's are, of one controller or of two."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from controller_directory import ControllerDirectory

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.client import EngineClient
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.ownership import FILTER
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.shared.work.ownership import Owners, Pace

PACE = Pace(beat=0.5, lapse=5, look=0.1, patience=90)
Run = Callable[[EngineClient, Owners], dict[str, Any]]


def owners(client: EngineClient, controller: Path, log: list[str], pace: Pace = PACE) -> Owners:
    """Those of a controller, which is a runtime directory."""
    controller.mkdir(mode=0o700, exist_ok=True)
    return Owners(client, ControllerDirectory(controller), "the engine", log.append, pace)


def at_once(socket: str, runs: list[tuple[Path, Run]]) -> list[dict[str, Any]]:
    """What the runs return, those that end first before the others; ``log`` is what they said.

    :param runs: each with its controller.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(runs))
    ways = []
    for controller, run in runs:
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(target=_one, args=(socket, controller, run, barrier, writer))
        process.start()
        writer.close()
        ways.append((process, reader))
    results = []
    for process, reader in ways:
        results.append(reader.recv())
        process.join()
    failed = [one for one in results if "failed" in one]
    assert not failed, failed
    return sorted(results, key=lambda one: one["ended"])


def _one(socket: str, controller: Path, run: Run, barrier: Any, writer: Connection) -> None:
    log: list[str] = []
    try:
        with EngineClient(socket, timeout=60) as client:
            own = owners(client, controller, log)
            barrier.wait()
            writer.send({**run(client, own), "ended": time.monotonic(), "log": log})
    except BaseException as error:
        writer.send({"failed": repr(error), "log": log})


def killed(socket: str, controller: Path, run: Run) -> None:
    """A run that kills itself, by SIGKILL, in the middle."""
    if (child := os.fork()) == 0:
        try:
            with EngineClient(socket, timeout=60) as client:
                run(client, owners(client, controller, []))
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def validated(options: Any, **params: Any) -> dict[str, Any]:
    """A module's parameters as its action gets them."""
    validation = ArgumentSpecValidator(options.ARGUMENT_SPEC).validate(params)
    assert not validation.error_messages, validation.error_messages
    checked: dict[str, Any] = validation.validated_parameters
    return checked


def no_marks(client: EngineClient) -> bool:
    return client.volumes.list(FILTER) == []
