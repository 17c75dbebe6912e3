# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_secret_info: reads what is known of Podman's secrets, without what they hold."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.work.module import Module, Reader, parsed_by
from ..info import ARGUMENT_SPEC, parse, present_and_missing
from .remote_secret import MODULE as SECRET
from .run import inspects


def perform(_task: Reader, session: Session, wanted: dict[str, Any]) -> dict[str, Any]:
    client = session.client
    found: dict[str, dict[str, Any] | None]
    if wanted["name"] is None:
        found = {one["Spec"]["Name"]: one for one in client.secrets.list()}
    else:
        found = {name: client.secrets.inspect(name) for name in wanted["name"]}
    return present_and_missing(found, inspects(client) if wanted["containers"] else None, wanted)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    reads=True,
    query=True,
    engines=SECRET.engines,
    elsewhere=SECRET.elsewhere,
    peers=("podman_secret_info",),
)
