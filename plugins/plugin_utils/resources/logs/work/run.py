# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what a container has written."""

from __future__ import annotations

from typing import Any

from ....engine.protocol import Client
from ....errors import EngineError
from ...container.result.result import learn
from ...shared.secrets import Masker
from ...shared.work.lookup import required_container
from ..lines import Lines, result
from ..options import Wanted


def read_logs(client: Client, wanted: Wanted) -> dict[str, Any]:
    """The module's result.

    :param client: an EngineClient.
    :raises EngineError: there is no such container, or the engine can't read its log; the hint names the log driver.
    """
    inspect = required_container(client, wanted.container)
    config = inspect.get("Config") or {}
    now = client.system.now() if wanted.needs_now else 0.0
    lines = Lines(wanted)
    try:
        client.containers.logs(inspect["Id"], wanted.query(now), lines.add, tty=bool(config.get("Tty")))
    except EngineError as error:
        driver = ((inspect.get("HostConfig") or {}).get("LogConfig") or {}).get("Type")
        if error.status is not None and not error.hint and driver:
            error.hint = f"The container's log driver is {driver}."
        raise
    lines.end()
    masker = Masker(wanted.mask)
    learn(masker, inspect)
    return result(lines, masker, inspect)
