# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_engine_info: tells who the engine behind the target's socket is and what it holds."""

from __future__ import annotations

from typing import Any

from ....engine.facts import engine_facts
from ....engine.identity import identify
from ....session.session import Session
from ...shared.work.module import Module, Reader, parsed_by
from ..result_format import engine_format


def perform(task: Reader, session: Session, params: dict[str, Any]) -> dict[str, Any]:
    if task.telling.raw:
        report = session.client.system.disk_usage_report() if params["disk_usage"] else None
        return engine_format(session.client.system.info(), report)
    session.client.system.ping()
    usage = session.client.system.disk_usage() if params["disk_usage"] else None
    # Asked anew: the engine may have been upgraded since the tunnel was opened.
    identity = identify(session.client.system.version())
    return {"engine": {**engine_facts(identity, session.client.system.info(), usage), "socket": session.socket}}


MODULE = Module(
    argument_spec={"disk_usage": {"type": "bool", "default": False}},
    prepare=parsed_by(dict),
    perform=perform,
    reads=True,
    query=True,
    formats=True,
    peers=("docker_host_info", "podman_system_info"),
)
