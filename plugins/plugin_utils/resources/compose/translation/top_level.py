# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The networks and volumes of a project's top level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....compose.problems import Problems
from ...project.application import Shared
from . import labels
from .scope import Given
from .storage import ELSEWHERE

_POOL = {"subnet": "subnet", "ip_range": "iprange", "gateway": "gateway", "aux_addresses": "aux_addresses"}
_SAME = ("driver", "internal", "attachable", "enable_ipv4", "enable_ipv6", "labels")


def networks(given: Given) -> Iterator[tuple[str, Shared]]:
    """Each network with its key."""
    for key, network in (given.config.get("networks") or {}).items():
        written = labels.of_network(given, key, network)
        yield key, _shared({"name": network["name"]}, network, _network(network), written)


def _network(network: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: network[key] for key in _SAME if key in network}
    made |= {"driver_options": network["driver_opts"]} if "driver_opts" in network else {}
    ipam = network.get("ipam") or {}
    made |= {"ipam_driver": ipam["driver"]} if "driver" in ipam else {}
    if "config" in ipam:
        made["ipam_config"] = [
            {option: pool[key] for key, option in _POOL.items() if key in pool} for pool in ipam["config"]
        ]
    return made


def volumes(given: Given, problems: Problems) -> Iterator[tuple[str, Shared]]:
    """Each volume with its key."""
    for key, volume in (given.config.get("volumes") or {}).items():
        options = volume.get("driver_opts") or {}
        if given.is_controllers(options.get("device", "")):
            path = ("volumes", key, "driver_opts", "device")
            problems.add(path, f"is written relative, which is {options['device']} of the controller.", ELSEWHERE)
        made = {name: volume[name] for name in ("driver", "labels") if name in volume}
        made |= {"driver_options": options} if options else {}
        yield key, _shared({"volume_name": volume["name"]}, volume, made, labels.of_volume(given, key, volume))


def _shared(
    name: Mapping[str, str], declared: Mapping[str, Any], params: Mapping[str, Any], written: Mapping[str, str]
) -> Shared:
    if declared.get("external"):
        return Shared(params=name, external=True)
    return Shared(params={**name, **params}, written_labels=written)
