# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a hosts.json says, once it is known to be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class HostEntry:
    """One host, as written in the file: None where nothing is said. ``jump_host`` '' switches a jump host off."""

    name: str
    hostname: str
    user: str | None = None
    port: int | None = None
    identity_file: str | None = None
    jump_host: str | None = None
    groups: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class HostsFile:
    """All hosts of a file in its order; ``default_host`` is the name of one of them, or None."""

    hosts: tuple[HostEntry, ...]
    default_host: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON and a cache plugin."""
        return {"default_host": self.default_host, "hosts": [asdict(host) for host in self.hosts]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> HostsFile:
        """The reverse of ``to_dict``.

        :raises KeyError, TypeError: the data does not come from ``to_dict``.
        """
        hosts = (HostEntry(**{**host, "groups": tuple(host["groups"])}) for host in data["hosts"])
        return cls(hosts=tuple(hosts), default_host=data["default_host"])
