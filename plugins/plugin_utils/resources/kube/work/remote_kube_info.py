# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_kube_info: Kubernetes YAML of pods, containers and volumes of a Podman host."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Reader, parsed_by
from ..info import ARGUMENT_SPEC, Wanted, parse, result
from .remote_kube import MODULE as KUBE


def perform(_task: Reader, session: Session, wanted: Wanted) -> dict[str, Any]:
    client = session.client
    there = [name for name in wanted.names if _is_there(session, name)]
    text = client.kube.generate(there, service=wanted.service) if there else ""
    return {**result(text), "missing": [name for name in wanted.names if name not in there]}


def _is_there(session: Session, name: str) -> bool:
    client = session.client
    found = client.pods.inspect(name) or client.containers.inspect(name) or client.volumes.inspect(name)
    return found is not None


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    reads=True,
    query=True,
    engines=KUBE.engines,
    elsewhere=KUBE.elsewhere,
)
