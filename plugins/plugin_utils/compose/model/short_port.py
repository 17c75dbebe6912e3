# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short form of a port: ``[[IP:]PUBLISHED:]TARGET[/PROTOCOL]``, each also a range."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_HIGHEST = 65535
PROTOCOLS = ("tcp", "udp", "sctp")
_FORM = 'Write "PUBLISHED:TARGET", "IP:PUBLISHED:TARGET/PROTOCOL", an IPv6 address in brackets.'


class BadPort(Exception):
    """A text that is no port."""

    def __init__(self, problem: str, remedy: str = _FORM) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def parse_port(text: str) -> list[dict[str, Any]]:
    """The ports of a short form, in the long form; several where the target is a range, by their number as text.

    :raises BadPort: see there.
    """
    *before, target = text.split(":")
    ip, published = (":".join(before[:-1]), before[-1]) if before else ("", "")
    target, _slash, protocol = target.partition("/")
    protocol = (protocol or "tcp").lower()
    if protocol not in PROTOCOLS:
        raise BadPort(f"has the protocol {protocol!r}.", "There are tcp, udp and sctp.")
    first, last = _range(target, "target")
    if published:
        host_first, host_last = _range(published, "published port")
        if last != first and last - first != host_last - host_first:
            raise BadPort(f"has ranges of different length: {published} and {target}.", "Make them equally long.")
    shared = {"mode": "ingress", **({"host_ip": address} if (address := _address(ip)) else {}), "protocol": protocol}
    ports = []
    for port in range(first, last + 1):
        own = published
        if published and not (first == last and host_first != host_last):
            own = str(host_first + port - first)
        elif published:
            own = f"{host_first}-{host_last}"
        ports.append({**shared, "target": port, **({"published": own} if own else {})})
    return sorted(ports, key=lambda one: f"{one['target']}/")


def _range(text: str, what: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if last < first or last > _HIGHEST:
        raise BadPort(f"has the {what} {text!r}, which is no port, nor a range of ports.")
    return first, last


def _address(ip: str) -> str:
    bare = ip[1:-1] if ip.startswith("[") and ip.endswith("]") else ip
    if not bare:
        return ""
    if ":" in bare and bare == ip:
        raise BadPort(f"has the address {ip} without brackets.", f"Write [{ip}].")
    if not is_address(bare):
        raise BadPort(f"has the address {ip!r}, which is no IP address.", "Write the address of the host's interface.")
    return bare


def is_address(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
