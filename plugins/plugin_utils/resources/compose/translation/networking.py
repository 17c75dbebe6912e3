# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a service's containers are in networks: networks, ports, names, namespaces of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .scope import CONTAINER, SERVICE, Params, Scope

_INTERFACE = "com.docker.network.endpoint.ifname"
_SAME = ("ipv4_address", "ipv6_address", "mac_address", "gw_priority")


def networks(value: Mapping[str, Any], scope: Scope) -> Params:
    """Networks in the order of their priority, in each the service's name and what the file calls it."""
    ordered = sorted(value, key=lambda key: (-int((value[key] or {}).get("priority") or 0), key))
    linked = _links(scope)
    return {"networks": [_network(key, value[key] or {}, linked, scope) for key in ordered]}


def _network(key: str, how: Mapping[str, Any], linked: list[str], scope: Scope) -> dict[str, Any]:
    made = {"name": scope.given.network(key), **{name: how[name] for name in _SAME if name in how}}
    made["aliases"] = list(dict.fromkeys([scope.name, *(how.get("aliases") or [])]))
    options = dict(how.get("driver_opts") or {})
    if "interface_name" in how:
        options.setdefault(_INTERFACE, how["interface_name"])
    for address in ("ipv4_address", "ipv6_address", "mac_address"):
        if address in how and scope.given.replicas(scope.name) > 1:
            scope.refuse(
                ("networks", key, address), "can't be that of several containers.", "Give it to one container."
            )
    return {**made, **({"driver_opts": options} if options else {}), **({"links": linked} if linked else {})}


def links_without_network(_value: Any, scope: Scope) -> Params:
    """Links of a service that is in none of its project's networks; those of others are said in each network."""
    linked = [] if scope.service.get("networks") else _links(scope)
    return {"links": linked} if linked else {}


def _links(scope: Scope) -> list[str]:
    """CONTAINER:ALIAS. A link under the service's own name says nothing new: it is an alias in all its networks."""
    made = []
    for link in scope.service.get("links") or ():
        service, _colon, alias = link.partition(":")
        if alias not in ("", service) or not scope.service.get("networks"):
            made.append(f"{scope.first_of(service, 'links')}:{alias or service}")
    for link in scope.service.get("external_links") or ():
        container, _colon, alias = link.partition(":")
        made.append(f"{container}:{alias or container}")
    return made


def namespace(key: str, option: str) -> Any:
    """A key for a namespace, which may be another service's."""

    def translate(value: str, scope: Scope) -> Params:
        if value.startswith(SERVICE):
            return {option: CONTAINER + scope.first_of(value.removeprefix(SERVICE), key)}
        return {option: value}

    return translate


def ports(value: list[Mapping[str, Any]], scope: Scope) -> Params:
    """ADDRESS:HOST:CONTAINER/PROTOCOL; a port of the host may be chosen by the engine."""
    several = scope.given.replicas(scope.name) > 1
    made = []
    for index, port in enumerate(value):
        published = str(port.get("published") or "")
        published = "" if published == "0" else published
        if several and published and "-" not in published:
            remedy = "Leave published out, or give a range of ports."
            scope.refuse(("ports", index, "published"), "can't be the host's port of several containers.", remedy)
        made.append(f"{_outside(port.get('host_ip') or '', published)}{port['target']}/{port.get('protocol') or 'tcp'}")
    return {"published_ports": made}


def _outside(address: str, published: str) -> str:
    if not address:
        return f"{published}:" if published else ""
    return f"[{address}]:{published}:" if ":" in address else f"{address}:{published}:"


def extra_hosts(value: list[str], scope: Scope) -> Params:
    made: dict[str, str] = {}
    for index, entry in enumerate(value):
        host, _sign, address = entry.partition("=")
        if made.setdefault(host, address) != address:
            scope.refuse(("extra_hosts", index), f"gives {host} a second address.", "Keep one of them.")
    return {"etc_hosts": made}
