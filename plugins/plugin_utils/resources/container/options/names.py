# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a container finds others, and how others call it: DNS, /etc/hosts, domain, MAC address, links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences import support
from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from ...shared.parsers import address
from .row import Body, Inspect, Option, config, in_host, into, into_host

_STRINGS = {"type": "list", "elements": "str"}
_STR = {"type": "str"}
_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")
_MAC_PARTS = 6
HOST_GATEWAY = "host-gateway"


def servers(option: str, value: list[str]) -> list[str]:
    return [address(option, server) for server in value]


def parse_hosts(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    """{host name: IP address or host-gateway}."""
    return {
        parsers.hostname(option, name): HOST_GATEWAY if ip == HOST_GATEWAY else address(f"{option}.{name}", ip)
        for name, ip in value.items()
    }


def read_hosts(inspect: Inspect, engine: Engine) -> dict[str, str]:
    entries = (inspect.get("HostConfig") or {}).get("ExtraHosts") or []
    pairs = (re.split("[:=]", entry, maxsplit=1) for entry in entries)
    return {name: ip.strip("[]") for name, ip in pairs}


def write_hosts(body: Body, hosts: dict[str, str], engine: Engine) -> None:
    into_host("ExtraHosts")(body, [f"{name}:{ip}" for name, ip in hosts.items()], engine)


def mac(option: str, value: Any) -> str:
    """Lower case, with colons; an empty one asks for nothing."""
    text = str(value).lower().replace("-", ":")
    if text and not _MAC.fullmatch(text):
        remedy = parsers.unquoted(value, _MAC_PARTS) or "Write it like '92:d0:c6:0a:29:33'."
        raise InvalidOption(option, value, "this is no MAC address.", remedy)
    return text


def read_mac(inspect: Inspect, engine: Engine) -> str:
    return str((inspect.get("Config") or {}).get("MacAddress") or "").lower()


def parse_links(option: str, value: list[str]) -> list[str]:
    links = []
    for entry in value:
        name, _colon, alias = str(entry).partition(":")
        links.append(f"{parsers.name(option, name)}:{parsers.name(option, alias or name)}")
    return sorted(set(links))


def read_links(inspect: Inspect, engine: Engine) -> list[str]:
    """Docker reports /name:/container/alias."""
    found = (inspect.get("HostConfig") or {}).get("Links") or []
    pairs = (entry.partition(":") for entry in found)
    return sorted(f"{name.lstrip('/')}:{alias.rpartition('/')[2]}" for name, _colon, alias in pairs)


def require_links_supported(values: Mapping[str, Any], engine: Engine) -> None:
    """Say of links that an engine does not have what to write instead.

    :raises InvalidOption: with the lines of both tasks.
    """
    given = [("links", "NETWORK", values.get("links") or [])]
    networks: Mapping[str, Mapping[str, Any]] = values.get("networks") or {}
    given += [("networks.links", name, endpoint.get("links") or []) for name, endpoint in networks.items()]
    for option, network, links in given:
        if links and support.level(option, engine) == support.REFUSED:
            raise InvalidOption(
                option, links, f"{engine.title} does not support it.", _instead_of_links(network, links)
            )


def _instead_of_links(network: str, links: list[str]) -> str:
    lines = [f"here networks: [{{name: {network}}}]"]
    for link in links:
        name, _colon, alias = link.partition(":")
        aliases = f", aliases: [{alias}]" if alias != name else ""
        lines.append(f"for {name} networks: [{{name: {network}{aliases}}}]")
    return f"In a network that you create, containers know each other by name and alias. Write {', '.join(lines)}."


ROWS: tuple[Option, ...] = (
    in_host("dns_servers", _STRINGS, "Dns", [], servers, kind="list"),
    in_host("dns_opts", _STRINGS, "DnsOptions", [], parsers.texts, kind="set"),
    in_host("dns_search_domains", _STRINGS, "DnsSearch", [], parsers.texts, kind="list"),
    Option("domainname", _STR, "value", parse=parsers.text, read=config("Domainname", ""), write=into("Domainname")),
    Option("etc_hosts", {"type": "dict"}, "dict", parse=parse_hosts, read=read_hosts, write=write_hosts),
    Option("mac_address", _STR, "value", parse=mac, read=read_mac, write=into("MacAddress")),
    Option("links", _STRINGS, "set", parse=parse_links, read=read_links, write=into_host("Links")),
)
