# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_network: names, types and defaults of community.docker.docker_network, and one of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers
from ..shared.parsers import driver_options, object_name
from . import ipam
from .ipam import Pool

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True, "aliases": ["network_name"]},
    "state": {"type": "str", "choices": ["absent", "present"], "default": "present"},
    "driver": {"type": "str", "default": "bridge"},
    "driver_options": {"type": "dict", "default": {}},
    "ipam_driver": {"type": "str"},
    "ipam_driver_options": {"type": "dict"},
    "ipam_config": {"type": "list", "elements": "dict", "options": ipam.SPEC},
    "enable_ipv4": {"type": "bool"},
    "enable_ipv6": {"type": "bool"},
    "internal": {"type": "bool"},
    "attachable": {"type": "bool"},
    "ingress": {"type": "bool"},
    "scope": {"type": "str", "choices": ["local", "global", "swarm"]},
    "config_only": {"type": "bool"},
    "config_from": {"type": "str"},
    "labels": {"type": "dict", "default": {}},
    "connected": {"type": "list", "elements": "str", "default": [], "aliases": ["containers"]},
    "appends": {"type": "bool", "default": False, "aliases": ["incremental"]},
    "force": {"type": "bool", "default": False},
    "keep_addresses": {"type": "bool", "default": False},
}
# Compared as they are, where a task gives them.
FLAGS = ("enable_ipv4", "enable_ipv6", "internal", "attachable", "ingress", "config_only")
# What a network with config_from can't have of its own.
_FROM_ELSEWHERE = (
    "ipam_driver", "ipam_driver_options", "ipam_config", "driver_options", "enable_ipv6", "labels", "config_only",
)  # fmt: skip
# The driver that a network with config_only has.
NO_DRIVER = "null"


@dataclass(frozen=True)
class Options:
    """The checked options of one task. ``flags`` holds those of FLAGS that it gives."""

    name: str
    state: str = "present"
    driver: str = "bridge"
    driver_options: Mapping[str, str] = field(default_factory=dict)
    ipam_driver: str | None = None
    ipam_driver_options: Mapping[str, str] | None = None
    ipam_config: tuple[Pool, ...] = ()
    flags: Mapping[str, bool] = field(default_factory=dict)
    scope: str | None = None
    config_from: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    written_labels: Mapping[str, str] = field(default_factory=dict)  # at creation, and never compared
    connected: tuple[str, ...] = ()
    appends: bool = False
    force: bool = False
    keep_addresses: bool = False


def parse(params: Mapping[str, Any]) -> Options:
    """Check the options of a task, all of them before anything is touched.

    :raises InvalidOption: for the first that can't be used.
    """
    flags = {flag: params[flag] for flag in FLAGS if params.get(flag) is not None}
    options = params.get("ipam_driver_options")
    parsed = Options(
        name=object_name("network", "name", params["name"]),
        state=params["state"],
        driver=NO_DRIVER if flags.get("config_only") else parsers.text("driver", params["driver"] or "bridge"),
        driver_options=driver_options("driver_options", params["driver_options"]),
        ipam_driver=params["ipam_driver"] or None,
        ipam_driver_options=None if options is None else driver_options("ipam_driver_options", options),
        ipam_config=ipam.parse(params["ipam_config"]) or (),
        flags=flags,
        scope=params["scope"],
        config_from=object_name("network", "config_from", params["config_from"]) if params["config_from"] else None,
        labels=parsers.labels("labels", params["labels"] or {}),
        connected=tuple(dict.fromkeys(parsers.name("connected", name) for name in params["connected"])),
        appends=params["appends"],
        force=params["force"],
        keep_addresses=params["keep_addresses"],
    )
    _relate(parsed)
    return parsed


def own_settings(options: Options) -> list[str]:
    """The options given that a network with config_from can't have."""
    given = {name: getattr(options, name, options.flags.get(name)) for name in _FROM_ELSEWHERE}
    given["enable_ipv4"] = options.flags.get("enable_ipv4") is False  # networks have it unless they are told not to
    return [name for name, value in given.items() if value]


def _relate(options: Options) -> None:
    """What options say about other options."""
    own = own_settings(options)
    if options.config_from and own:
        raise InvalidOption(
            "config_from", options.config_from, f"such a network has nothing of its own, but here is {', '.join(own)}.",
            f"Leave out {', '.join(own)}, and give it for the network with config_only.",
        )  # fmt: skip
    if options.flags.get("config_only") and options.connected:
        raise InvalidOption(
            "connected", list(options.connected), "no container can be in a network with config_only.",
            "Connect them to the networks that use its configuration.",
        )  # fmt: skip
