# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pod in the words of Podman's own API: the request that makes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..shared.labels import APPLIED_LABEL, CREATED_LABELS
from .applied import label
from .options import MODES, NONE, Options

# The API's names of options that it takes as they are.
_FIELDS = {
    "infra_image": "infra_image", "infra_command": "infra_command", "infra_name": "infra_name", "hostname": "hostname",
    "dns_servers": "dns_server", "dns_search_domains": "dns_search", "dns_opts": "dns_option", "sysctls": "sysctl",
    "restart_policy": "restart_policy", "restart_retries": "restart_tries", "exit_policy": "exit_policy",
}  # fmt: skip


def body(options: Options) -> dict[str, Any]:
    """The request for a new pod."""
    given = options.given
    kept = {APPLIED_LABEL: text} if (text := label(given)) else {}
    request: dict[str, Any] = {"name": options.name, "labels": {**given.get("labels", {}), **CREATED_LABELS, **kept}}
    request |= {api: given[name] for name, api in _FIELDS.items() if given.get(name) not in (None, [], {}, "")}
    if given.get("infra") is False:
        request["no_infra"] = True
    if "share" in given:
        request["shared_namespaces"] = given["share"] or [NONE]
    if given.get("published_ports"):
        request["portmappings"] = list(_port_mappings(given["published_ports"]))
    if given.get("etc_hosts"):
        request["hostadd"] = [f"{name}:{address}" for name, address in given["etc_hosts"].items()]
    return {**request, **_networks(given), **_volumes(given)}


def _port_mappings(bindings: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    for inside, ends in bindings.items():
        port, _slash, protocol = inside.partition("/")
        for end in ends:
            address, _colon, outside = end.rpartition(":")
            mapping: dict[str, Any] = {"container_port": int(port), "protocol": protocol}
            if address:
                mapping["host_ip"] = address.strip("[]")
            if outside:
                mapping["host_port"] = int(outside)
            yield mapping


def _networks(given: Mapping[str, Any]) -> dict[str, Any]:
    wanted = given.get("networks")
    if not wanted:
        return {}
    if len(wanted) == 1 and wanted[0] in MODES:
        return {"netns": {"nsmode": wanted[0]}}
    return {"netns": {"nsmode": "bridge"}, "Networks": {name: {} for name in wanted}}


def _volumes(given: Mapping[str, Any]) -> dict[str, Any]:
    named, mounts = [], []
    for target, volume in (given.get("volumes") or {}).items():
        modes = [volume["mode"], *filter(None, [volume.get("propagation"), volume.get("label")])]
        modes += [flag for flag in volume.get("flags", ()) if flag not in modes]
        if volume["source"].startswith("/"):
            options = ["rbind", *modes]
            mounts.append({"destination": target, "source": volume["source"], "type": "bind", "options": options})
        else:
            named.append({"Name": volume["source"], "Dest": target, "Options": modes})
    return {**({"volumes": named} if named else {}), **({"mounts": mounts} if mounts else {})}
