# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of remote_pod: names of remote_container, with those of containers.podman.podman_pod as aliases."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...engine.differences.engine import Engine
from ...errors import InvalidOption
from ..container.options import port_ranges, ports, volumes
from ..container.options.names import HOST_GATEWAY, parse_hosts
from ..shared import parsers
from ..shared.parsers import object_name

STATES = ("absent", "paused", "present", "restarted", "started", "stopped", "unpaused")
NAMESPACES = ("cgroup", "ipc", "net", "pid", "user", "uts")
NONE = "none"
# In the place of networks.
MODES = ("bridge", "host", NONE)

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": list(STATES), "default": "present"},
    "infra": {"type": "bool"},
    "infra_image": {"type": "str"},
    "infra_command": {"type": "raw"},
    "infra_name": {"type": "str"},
    "share": {"type": "list", "elements": "str"},
    "published_ports": {"type": "list", "elements": "str", "aliases": ["ports", "publish"]},
    "networks": {"type": "list", "elements": "str", "aliases": ["network"]},
    "hostname": {"type": "str"},
    "dns_servers": {"type": "list", "elements": "str", "aliases": ["dns"]},
    "dns_search_domains": {"type": "list", "elements": "str", "aliases": ["dns_search"]},
    "dns_opts": {"type": "list", "elements": "str", "aliases": ["dns_opt", "dns_option"]},
    "etc_hosts": {"type": "dict"},
    "volumes": {"type": "list", "elements": "str", "aliases": ["volume"]},
    "sysctls": {"type": "dict", "aliases": ["sysctl"]},
    "labels": {"type": "dict", "aliases": ["label"]},
    "restart_policy": {"type": "str", "choices": ["always", "no", "on-failure", "unless-stopped"]},
    "restart_retries": {"type": "int"},
    "exit_policy": {"type": "str", "choices": ["continue", "stop"]},
    "recreate": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
}
# What needs a container of the pod's own.
_OF_INFRA = (
    "infra_image", "infra_command", "infra_name", "share", "published_ports", "networks", "hostname", "dns_servers",
    "dns_search_domains", "dns_opts", "etc_hosts", "volumes", "sysctls",
)  # fmt: skip


@dataclass(frozen=True)
class Options:
    """The checked options of one task; ``given`` has the normalised values of those that describe the pod."""

    name: str
    state: str = "present"
    given: Mapping[str, Any] = field(default_factory=dict)
    recreate: bool = False
    force: bool = False


def parse(params: Mapping[str, Any]) -> Options:
    """Check the options of a task.

    :raises InvalidOption: for the first that can't be used.
    """
    given = {name: parse(name, params[name]) for name, parse in _PARSERS.items() if params[name] is not None}
    if given.get("infra") is False:
        for name in _OF_INFRA:
            if given.get(name):
                raise InvalidOption(
                    name, params[name], "a pod without a container of its own (infra) has nothing to carry it.",
                    "Leave out infra: false, or this option.",
                )  # fmt: skip
    if "restart_retries" in given and given.get("restart_policy") != "on-failure":
        raise InvalidOption(
            "restart_retries", given["restart_retries"], "it belongs to restart_policy: on-failure.", "Set that, too."
        )
    if given.get("networks") and given["networks"] != ["bridge"] and set(given["networks"]) & set(MODES):
        _require_alone(given)
    return Options(
        name=object_name("pod", "name", params["name"]),
        state=params["state"],
        given=given,
        recreate=params["recreate"],
        force=params["force"],
    )


def _require_alone(given: Mapping[str, Any]) -> None:
    networks = given["networks"]
    if len(networks) > 1:
        raise InvalidOption(
            "networks",
            ", ".join(networks),
            f"{', '.join(MODES)} stand by themselves.",
            "Name networks, or one of these.",
        )
    if given.get("published_ports"):
        raise InvalidOption(
            "published_ports", ", ".join(given["published_ports"]), f"with networks: {networks[0]} none is published.",
            "Leave out one of both.",
        )  # fmt: skip


def _ports(option: str, value: list[str]) -> ports.Bindings:
    try:
        found = ports.parse(option, value)
    except InvalidOption as refused:  # its words are for containers
        refused.hint = refused.hint.replace(ports.ALL, ports.NOTATION).replace(ports.CHOSEN, "")
        raise
    for entry in value:
        if any(port_ranges.is_auto(end) or "-" in end.rpartition(":")[2] for end in _ends(option, entry)):
            raise InvalidOption(
                option, entry, "no port is chosen here for a pod.", "Name the host's port, or leave it to the engine."
            )
    return found


def _ends(option: str, entry: str) -> list[str]:
    return [end for ends in ports.parse(option, [entry]).values() for end in ends]


def _hosts(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    found = parse_hosts(option, value)
    if HOST_GATEWAY in found.values():
        raise InvalidOption(option, HOST_GATEWAY, "a pod takes addresses only.", "Name the address.")
    return found


def _share(option: str, value: list[str]) -> list[str]:
    wanted = sorted({one for one in value if one})
    if unknown := [one for one in wanted if one not in (*NAMESPACES, NONE)]:
        raise InvalidOption(option, unknown[0], "there is no such namespace.", f"Use {', '.join(NAMESPACES)}, or none.")
    if NONE in wanted and len(wanted) > 1:
        raise InvalidOption(option, ", ".join(wanted), "none stands by itself.", "Leave it out, or all others.")
    return [] if wanted == [NONE] else wanted


def _networks(option: str, value: list[str]) -> list[str]:
    return sorted(object_name("network", option, one) for one in value)


def _command(option: str, value: Any) -> list[str]:
    return shlex.split(value) if isinstance(value, str) else [str(one) for one in value]


def _volumes(option: str, value: list[str]) -> dict[str, Any]:
    found = volumes.parse(option, value)
    for target, volume in found.items():
        if not volume["source"]:
            raise InvalidOption(
                option, target, "an anonymous volume of a pod goes with it.", "Give it a name, as in name:/path."
            )
    return found


_PARSERS: dict[str, Callable[[str, Any], Any]] = {
    "infra": parsers.boolean,
    "infra_image": parsers.image,
    "infra_command": _command,
    "infra_name": parsers.name,
    "share": _share,
    "published_ports": _ports,
    "networks": _networks,
    "hostname": parsers.hostname,
    "dns_servers": lambda option, value: [parsers.address(option, one) for one in value],
    "dns_search_domains": parsers.texts,
    "dns_opts": parsers.texts,
    "etc_hosts": _hosts,
    "volumes": _volumes,
    "sysctls": lambda option, value: {str(key): parsers.plain_text(one) for key, one in value.items()},
    "labels": parsers.labels_not_ours,
    "restart_policy": parsers.text,
    "restart_retries": parsers.count,
    "exit_policy": parsers.text,
}


def require_supported(options: Options, engine: Engine) -> None:
    """Refuse what this version of Podman would drop.

    :raises InvalidOption: naming the option, the engine and its version.
    """
    policy = options.given.get("restart_policy")
    if policy is not None and not engine.pods_restart:
        raise InvalidOption(
            "restart_policy", policy, f"{engine.title} has none for pods.", "Give the pod's containers theirs."
        )
    ports.require_supported("published_ports", options.given.get("published_ports") or {}, engine)
