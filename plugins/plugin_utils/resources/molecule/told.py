# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Molecule and Ansible are told of instances: Molecule's own file, a file of the inventory, a way to log in."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...engine.differences.engine import Engine
from .plan import Place
from .platform import Platform

CONNECTION = "sshfleet.containers.container"
_SHELL = "if command -v bash >/dev/null 2>&1; then exec bash -l; else exec sh -l; fi"
_USUAL_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock")


def inventory(wanted: Iterable[Platform], places: Iterable[Place]) -> dict[str, Any]:
    """The instances' entries in the inventory of the scenario."""
    sources = {place.host: list(place.inventory) for place in places}
    return {"all": {"hosts": {one.name: _entry(one, sources[one.host]) for one in wanted}}}


def _entry(one: Platform, sources: list[str]) -> dict[str, Any]:
    engine = {"sshfleet_container_engine": one.engine} if one.engine else {}
    return {
        "ansible_connection": CONNECTION,
        "sshfleet_container": one.container,
        "sshfleet_container_host": one.host,
        "sshfleet_container_host_inventory": sources,
        **engine,
    }


def instance_config(wanted: Iterable[Platform], logins: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Molecule's own file about instances.

    :param logins: a command line for (host, container).
    """
    return [
        {
            "instance": one.name, "connection": CONNECTION, "address": one.container, "host": one.host,
            "login": logins[one.host, one.container],
        }
        for one in wanted
    ]  # fmt: skip


def shell_in(container: str, engine: Mapping[str, Any], become: Sequence[str]) -> str:
    """The command line on a host that opens a shell in a container.

    :param engine: as results have it: its ``name`` and ``socket``.
    :param become: the words that become the user who may speak with the engine; none where that is who logs in.
    """
    name, socket = str(engine["name"]), str(engine["socket"])
    facts = Engine(name, ())
    usual = socket in _USUAL_SOCKETS or (facts.command_finds_own_engine and socket.startswith("/run/user/"))
    where = [] if usual else [facts.command_socket_option, f"unix://{socket}"]
    return shlex.join([*become, name, *where, "exec", "-it", container, "sh", "-c", _SHELL])
