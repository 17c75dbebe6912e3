# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_pod_info: reads Podman's pods: all, some by name, or some by label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....engine.protocol import Client
from ....session.session import Session
from ...shared.work.module import Module, Reader, parsed_by
from ..info import ARGUMENT_SPEC, parse, present_and_missing
from .remote_pod import MODULE as POD

Found = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]


def perform(_task: Reader, session: Session, wanted: dict[str, Any]) -> dict[str, Any]:
    client = session.client
    found: dict[str, Found | None]
    if wanted["name"] is None:
        read = {one["Name"]: _read(client, one["Id"]) for one in client.pods.list()}
        found = {name: one for name, one in read.items() if one is not None}  # one may have gone meanwhile
    else:
        found = {name: _read(client, name) for name in wanted["name"]}
    return present_and_missing(found, wanted, client.engine)


def _read(client: Client, name: str) -> Found | None:
    pod = client.pods.inspect(name)
    return None if pod is None else (pod, client.pods.members(pod["Id"]))


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    reads=True,
    query=True,
    engines=POD.engines,
    elsewhere=POD.elsewhere,
    peers=("podman_pod_info",),
)
