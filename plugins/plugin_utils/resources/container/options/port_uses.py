# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has which port of the host, of what the engine and the kernel there say. Nothing is read here."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....dataclass import dataclass

ANY_IPV4 = "0.0.0.0"  # noqa: S104 - compared with, not bound to
_EVERYWHERE = frozenset({"", "::"})
_PROC_PART = re.compile(r"== (\w+)")
_PROC_PROTOCOLS = {"tcp": "tcp", "tcp6": "tcp", "udp": "udp", "udp6": "udp"}
_LISTENS = "0A"


@dataclass(frozen=True)
class Use:
    """A port of the host that somebody has. An address of '' stands for all.

    ``held`` is false where a container that does not run is only configured with it; ``task`` is true where the task
    itself names the port.
    """

    protocol: str
    address: str
    port: int
    by: str
    held: bool = True
    task: bool = False


def clash(one: str, other: str) -> bool:
    """Whether two addresses exclude each other on the same port."""
    if one == other or one in _EVERYWHERE or other in _EVERYWHERE:
        return True
    families = {":" in one, ":" in other}
    return len(families) == 1 and ANY_IPV4 in (one, other)


def protocol_of(port: str) -> str:
    """The protocol of a container port such as 53/udp."""
    return port.partition("/")[2] or "tcp"


def of_stopped(inspect: Mapping[str, Any]) -> list[Use]:
    """The ports that a container takes when it is started; those that the engine will choose are not known."""
    by = f"the stopped container {str(inspect.get('Name') or '').lstrip('/')}"
    published = (inspect.get("HostConfig") or {}).get("PortBindings") or {}
    ends = ((port, end) for port, ends in published.items() for end in ends or ())
    return [
        Use(protocol_of(port), end.get("HostIp") or "", int(end["HostPort"]), by, held=False)
        for port, end in ends
        if str(end.get("HostPort") or "").isdigit()
    ]


def of_running(listed: Mapping[str, Any]) -> list[Use]:
    """The ports of a container of the engine's list."""
    name = next(iter(listed.get("Names") or [""])).lstrip("/")
    return [
        Use(str(port.get("Type") or "tcp"), port.get("IP") or "", int(port["PublicPort"]), f"the container {name}")
        for port in listed.get("Ports") or ()
        if port.get("PublicPort")
    ]


def is_running(listed: Mapping[str, Any]) -> bool:
    return listed.get("State") in ("running", "paused")


def of_listeners(proc: str) -> list[Use]:
    """Who listens, of what /proc/net/tcp, tcp6, udp and udp6 say, each after a line ``== NAME``."""
    return list(_listeners(proc))


def _listeners(proc: str) -> Iterator[Use]:
    protocol = ""
    for line in proc.splitlines():
        if part := _PROC_PART.fullmatch(line.strip()):
            protocol = _PROC_PROTOCOLS.get(part[1], "")
        elif protocol and (found := proc_row(line)) and (protocol == "udp" or found[2]):
            yield Use(protocol, _proc_address(found[0]), found[1], "a program of the host")


def proc_row(line: str) -> tuple[str, int, bool] | None:
    """One line of /proc/net/tcp or its like: (address as the kernel writes it, port, whether somebody listens on TCP);
    None for a heading.
    """
    row = line.split()
    if len(row) < 4 or not row[0].endswith(":"):
        return None
    address, _colon, port = row[1].rpartition(":")
    return address, int(port, 16), row[3] == _LISTENS


def _proc_address(text: str) -> str:
    """The kernel writes addresses as words of its own byte order, which is the little-endian one nearly everywhere."""
    data = bytes.fromhex(text)
    words = b"".join(data[start : start + 4][::-1] for start in range(0, len(data), 4))
    address = ipaddress.ip_address(words)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
