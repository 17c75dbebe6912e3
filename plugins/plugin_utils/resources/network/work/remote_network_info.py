# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""remote_network_info: reads networks: all, some by name, or some by label."""

from __future__ import annotations

from typing import Any

from ....session.session import Session
from ...shared.raw import without_driver_secrets
from ...shared.work.module import Module, Reader, parsed_by
from ..actual import Network, members, network
from ..info import ARGUMENT_SPEC, parse, present_and_missing, selected
from ..result import network_result
from .recreate import read_in_dockers_words, read_network


def perform(task: Reader, session: Session, wanted: dict[str, Any]) -> dict[str, Any]:
    client, engine = session.client, session.client.engine
    found: dict[str, Network | None]
    if wanted["name"] is None:
        found = {one["id" if engine.own_api else "Id"]: network(one, engine) for one in client.networks.list_native()}
    else:
        found = {name: read_network(client, name, engine) for name in wanted["name"]}
    chosen = selected(found, wanted)
    if task.telling.raw:
        described = (read_in_dockers_words(client, one) for one in chosen)
        entries = [without_driver_secrets(one) for one in described if one is not None]
    else:
        listed = client.containers.list(all=True)
        entries = [network_result(one, members(listed, one)) for one in chosen]
    return present_and_missing(found, entries, wanted, task.telling)


MODULE = Module(
    argument_spec=ARGUMENT_SPEC,
    prepare=parsed_by(parse),
    perform=perform,
    reads=True,
    query=True,
    formats=True,
    peers=("docker_network_info", "podman_network_info"),
)
