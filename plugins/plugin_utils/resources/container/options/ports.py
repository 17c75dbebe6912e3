# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Published ports: the notations people write, and the engines' PortBindings.

The normalised shape is ``{"80/tcp": ["8080", "127.0.0.1:8081"]}``: for each container port the sorted host ends, each
``[address:]port``. Without an address and a colon, it is the engine's usual address, which any of all addresses meets;
an empty one before a colon means all addresses. An empty port means one that the engine chooses, and
``auto(FIRST-LAST)`` one that we choose (``port_ranges``).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from . import port_ranges
from .row import Body, Inspect

Bindings = dict[str, list[str]]

_ENTRY = re.compile(
    r"(?:(?P<address>\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[0-9.]*):(?=.*:))?"
    r"(?:(?P<host>[0-9]*(?:-[0-9]+)?|auto(?:\([^()]*\))?):)?(?P<container>[0-9]+(?:-[0-9]+)?)(?:/(?P<protocol>\w+))?"
)
_EXPOSED = re.compile(r"[0-9]+(-[0-9]+)?")
_PROTOCOLS = ("tcp", "udp", "sctp")
CHOSEN = " HOST can also be auto or auto(2200-2299) for a free port of the host."
NOTATION = (
    "Write CONTAINER, HOST:CONTAINER or ADDRESS:HOST:CONTAINER, each port from 1 to 65535 or a range such as "
    "8000-8010, with /udp or /sctp behind it where it is not TCP." + CHOSEN
)
ALL = "Set publish_all_ports to true to publish all exposed ports."
_ANY_ADDRESS = ("", "0.0.0.0")  # noqa: S104 - compared with, not bound to


def parse(option: str, value: list[str]) -> Bindings:
    bindings: Bindings = {}
    taken: dict[tuple[str, str], str] = {}
    for entry in value:
        for port, protocol, end in _expand(option, str(entry)):
            _require_free(option, str(entry), protocol, end, taken)
            ends = bindings.setdefault(f"{port}/{protocol}", [])
            ends.append(end)
    return {port: sorted(ends) for port, ends in bindings.items()}


def _expand(option: str, entry: str) -> Iterator[tuple[int, str, str]]:
    match = _ENTRY.fullmatch(entry)
    if not match:
        refused = InvalidOption(option, entry, "this is no port.", ALL if entry == "all" else NOTATION)
        raise refused.known_as(_peers_words(entry))
    protocol = (match["protocol"] or "tcp").lower()
    if protocol not in _PROTOCOLS:
        raise InvalidOption(option, entry, f"there is no protocol {protocol!r}.", f"Use {', '.join(_PROTOCOLS)}.")
    address = _address(option, entry, match["address"] or "")
    inside = _range(option, entry, match["container"])
    outside = _outside(option, entry, match["host"] or "", len(inside))
    if len(inside) == 1 and len(outside) > 1:  # the engine takes a free one of the range
        outside = [match["host"]]
    if outside == [""]:
        outside = [""] * len(inside)
    if len(inside) != len(outside):
        raise InvalidOption(option, entry, "the two ranges differ in length.", "Write ranges of the same length.")
    for port, host in zip(inside, outside, strict=True):
        yield int(port), protocol, f"{address}:{host}" if address else host


def _peers_words(entry: str) -> str:
    """What docker_container says of an entry that is no port; '' where it says no more than that."""
    first, *others = entry.split(":")
    if (at := entry.find("[")) >= 0 and "]" not in entry[at:]:
        return f'Cannot find closing "]" in input "{entry}" for opening "[" at index {at + 1}!'
    if len(others) > 2 and "[" not in entry:
        return (
            f'Invalid port description "{entry}" - expected 1 to 3 colon-separated parts, but got {len(others) + 1}. '
            "Maybe you forgot to use square brackets ([...]) around an IPv6 address?"
        )
    if len(others) == 2 and "[" not in entry:
        return (
            "Bind addresses for published ports must be IPv4 or IPv6 addresses, not hostnames. Use the dig lookup to "
            f"resolve hostnames. (Found hostname: {first})"
        )
    return ""


def _outside(option: str, entry: str, host: str, ports: int) -> list[str]:
    """The host's ports for so many container ports; one that the engine or we choose stands for all."""
    if not port_ranges.is_auto(host):
        return _range(option, entry, host) if host else [""]
    if host == port_ranges.AUTO:
        return [host] * ports
    try:
        return [port_ranges.written(port_ranges.span_of(host))] * ports
    except ValueError as problem:
        raise InvalidOption(option, entry, f"{problem}.", "Write it like auto(2200-2299):22.") from None


def _range(option: str, entry: str, ports: str) -> list[str]:
    first, _dash, last = ports.partition("-")
    if not first or not 1 <= int(first) <= int(last or first) <= 65535:
        remedy = f"{parsers.unquoted(entry, 2)} {NOTATION}".lstrip()
        raise InvalidOption(option, entry, f"{ports!r} is no port and no range of ports.", remedy)
    return [str(port) for port in range(int(first), int(last or first) + 1)]


def _address(option: str, entry: str, address: str) -> str:
    if not address:
        return ""
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        raise InvalidOption(option, entry, f"{address!r} is no IP address.", NOTATION) from None
    return f"[{parsed}]" if parsed.version == 6 else str(parsed)


def _require_free(option: str, entry: str, protocol: str, end: str, taken: dict[tuple[str, str], str]) -> None:
    address, _colon, port = end.rpartition(":")
    if not port.isdigit():
        return
    for (other_protocol, other_end), other_entry in taken.items():
        other_address, _colon, other_port = other_end.rpartition(":")
        clash = address == other_address or address in _ANY_ADDRESS or other_address in _ANY_ADDRESS
        if (protocol, port) == (other_protocol, other_port) and clash:
            raise InvalidOption(
                option, entry, f"the host port {port}/{protocol} is already published by {other_entry!r}.",
                "Give each its own host port, or its own address.",
            )  # fmt: skip
    taken[protocol, end] = entry


def chosen_here(bindings: Bindings, engine: Engine) -> Bindings:
    """The ports with those that this engine would choose from a range, where it does not, to be chosen here."""
    if engine.takes_port_ranges:
        return bindings
    return {port: sorted(map(_as_auto, ends)) for port, ends in bindings.items()}


def _as_auto(end: str) -> str:
    address, colon, span = end.rpartition(":")
    if "-" not in span or port_ranges.is_auto(end):
        return end
    return f"{address}{colon}{port_ranges.written(port_ranges.parse_range(span))}"


def require_supported(option: str, bindings: Bindings, engine: Engine) -> None:
    """Refuse what the engine finds out when it creates the container, or never.

    :raises InvalidOption: for an address with a zone, where there can be none.
    """
    zones = [f"{end}:{port}" for port, ends in bindings.items() for end in ends if "%" in end]
    if zones and not engine.binds_to_zones:
        raise InvalidOption(
            option,
            zones[0],
            f"{engine.title} publishes no port on an address of an interface.",
            "Leave out what begins with %, or name an address that needs none.",
        )


def read(inspect: Inspect, engine: Engine) -> Bindings:
    published = (inspect.get("HostConfig") or {}).get("PortBindings") or {}
    return {port: sorted(_end(binding) for binding in ends) for port, ends in published.items() if ends}


def _end(binding: Mapping[str, str]) -> str:
    address, port = binding.get("HostIp") or "", binding.get("HostPort") or ""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def canonical(bindings: Bindings, engine: Engine) -> Bindings:
    """0.0.0.0 is the usual address, or all of them, which are the same where no address means all of them; Podman 5
    reports it where none was given.
    """
    usual = "" if engine.default_host_ip else ":"
    return {
        port: sorted(end.removeprefix("0.0.0.0:").removeprefix(usual) for end in ends)
        for port, ends in bindings.items()
    }


def equal(desired: list[str], actual: list[str]) -> bool:
    """An end without a port is met by any port on that address: Podman reports the one it chose. One that we choose
    is met by any of its range.
    """
    left = list(actual)
    for end in sorted(desired, key=_freedom):
        found = next(iter(_meeting(end, left)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _freedom(end: str) -> int:
    """The order in which each end may take the first that meets it: a port by name, of a range, any."""
    if port_ranges.is_auto(end):
        return port_ranges.span_of(end)[1]
    return 0 if end.rpartition(":")[2] else port_ranges.HIGHEST_PORT + 1


def _meeting(end: str, ends: list[str]) -> list[str]:
    if port_ranges.is_auto(end):
        return port_ranges.fitting(end, ends)
    address, colon, port = end.rpartition(":")
    found = ((one, one.rpartition(":")) for one in ends)
    return [one for one, (its, all_of_them, number) in found
            if its == address and (all_of_them or not colon) and port in ("", number)]  # fmt: skip


def write(body: Body, bindings: Bindings, engine: Engine) -> None:
    host = body.setdefault("HostConfig", {})
    body.setdefault("ExposedPorts", {}).update({port: {} for port in bindings})
    host["PortBindings"] = {port: [_binding(end, engine) for end in ends] for port, ends in bindings.items()}


def _binding(end: str, engine: Engine) -> dict[str, Any]:
    address, colon, port = end.rpartition(":")
    return {"HostIp": address.strip("[]") if colon else engine.default_host_ip, "HostPort": port}


def with_address(option: str, bindings: Bindings, address: str | None) -> Bindings:
    """The ports that name no address of the host, bound to this one; '' stands for all, None for the usual one."""
    if address is None:
        return bindings
    shown = _address(option, address, address)
    return {port: sorted(end if ":" in end else f"{shown}:{end}" for end in ends) for port, ends in bindings.items()}


def with_ranges(option: str, bindings: Bindings, default: str | None) -> Bindings:
    """The ports to be chosen, each with its range.

    :param default: the range of those that name none.
    :raises InvalidOption: it is no range, or a range has fewer ports than are asked of it.
    """
    try:
        span = port_ranges.parse_range(default or port_ranges.DEFAULT_RANGE)
    except ValueError as problem:
        raise InvalidOption("auto_ports_range", default, f"{problem}.", "Write it like 20000-29999.") from None
    ranged = port_ranges.with_default(bindings, span)
    port_ranges.require_room(option, ranged)
    return ranged


def parse_exposed(option: str, value: list[str]) -> list[str]:
    """Sorted ports such as 80/tcp; ranges are taken apart."""
    exposed: set[str] = set()
    for entry in value:
        ports, _slash, protocol = str(entry).partition("/")
        if (protocol or "tcp").lower() not in _PROTOCOLS or not _EXPOSED.fullmatch(ports):
            raise InvalidOption(option, entry, "this is no port.", "Write 80, 53/udp or 8000-8010.")
        exposed.update(f"{port}/{(protocol or 'tcp').lower()}" for port in _range(option, str(entry), ports))
    return sorted(exposed)


def read_exposed(inspect: Inspect, engine: Engine) -> list[str]:
    """Docker tells of a port without a protocol as it was asked for it, as by compose."""
    exposed = (inspect.get("Config") or {}).get("ExposedPorts") or {}
    return sorted(port if "/" in port else f"{port}/tcp" for port in exposed)


def engine_exposed(inspect: Inspect, engine: Engine) -> list[str]:
    """A published port is exposed."""
    return sorted(read(inspect, engine))


def inherit_exposed(image_config: Mapping[str, Any]) -> list[str]:
    return sorted(image_config.get("ExposedPorts") or {})


def write_exposed(body: Body, exposed: list[str], engine: Engine) -> None:
    body.setdefault("ExposedPorts", {}).update({port: {} for port in exposed})
