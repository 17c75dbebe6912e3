# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people are told of hosts that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ....telling import listed
from .groups import UNREAD
from .naming import Found


def unread(hosts: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The errors (kind, message, hint) of the hosts that did not give all that was asked for."""
    return {host["host"]: host["error"] for host in hosts if host.get("error")}


def words(errors: Mapping[str, Mapping[str, Any]], number: int) -> str:
    """One message about all of them.

    :param number: of the hosts that were to be read.
    """
    those = (f"{host} ({one['kind']}): {one['message']} {one['hint']}".strip() for host, one in errors.items())
    which = f"{len(errors)} of {number} hosts" if number > 1 else "The host"
    return f"{which} could not be read completely; see the group {UNREAD}. Missing are containers of:\n" + listed(
        those, "\n", " hosts"
    )


def nameless(containers: Sequence[Found]) -> str:
    """A message about containers that no inventory can have; '' where there are none."""
    if not containers:
        return ""
    names = listed(f"{one.container!r} of {one.host}" for one in containers)
    return f"Containers with names that no engine gives are not in the inventory: {names}."
