# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to build an image: from a task's options to the query of the engine's request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ...dataclass import dataclass
from ...errors import InvalidOption
from ..shared import parsers, platforms
from ..shared.secrets import looks_secret

LIMITS_SPEC: dict[str, dict[str, Any]] = {
    "memory": {"type": "str"},
    "memswap": {"type": "str"},
    "cpushares": {"type": "int"},
    "cpusetcpus": {"type": "str"},
}
SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "dockerfile": {"type": "str"},
    "args": {"type": "dict"},
    "labels": {"type": "dict"},
    "target": {"type": "str"},
    "platform": {"type": "str"},
    "pull": {"type": "bool", "default": False},
    "nocache": {"type": "bool", "default": False},
    "cache_from": {"type": "list", "elements": "str"},
    "rm": {"type": "bool", "default": True},
    "network": {"type": "str"},
    "etc_hosts": {"type": "dict"},
    "shm_size": {"type": "str"},
    "container_limits": {"type": "dict", "options": LIMITS_SPEC},
    "http_timeout": {"type": "int"},
    "use_config_proxy": {"type": "bool"},
}
_REMOTE = ("http:/", "https:/", "git:/", "git@", "github.com/", "ssh:/")  # the type path takes one slash of two away


@dataclass(frozen=True)
class Build:
    """One build. ``query`` is the API's but for the image's name; ``silence`` is in seconds, None for the usual."""

    path: str
    dockerfile: str | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    args: Mapping[str, str] = field(default_factory=dict, repr=False)
    silence: int | None = None

    def request(self, name: str, dockerfile: str, more: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The query for an image of this name.

        :param dockerfile: its path in the context.
        :param more: arguments that the task does not give.
        """
        given = {**(more or {}), **self.args}
        args = {"buildargs": json.dumps(given)} if given else {}
        return {"t": name, "dockerfile": dockerfile, **self.query, **args}

    @property
    def platform(self) -> str | None:
        """What to build for, None for the engine's own."""
        return self.query.get("platform")

    def secrets(self) -> dict[str, str]:
        """The arguments whose names look secret."""
        return {key: value for key, value in self.args.items() if looks_secret(key)}


def parse(params: Mapping[str, Any]) -> Build:
    """Check the build's options beyond their types.

    :raises InvalidOption: for the first value that can't be used.
    """
    path = str(params["path"])
    if any(path.startswith(start) or f"/{start}" in path for start in _REMOTE):
        raise InvalidOption(
            "build.path", path, "a build's context is a directory of the controller.", "Check it out there first."
        )
    if params.get("use_config_proxy"):
        raise InvalidOption(
            "build.use_config_proxy", True, "nothing is read from anybody's Docker configuration.",
            "Give HTTP_PROXY and HTTPS_PROXY in build.args.",
        )  # fmt: skip
    timeout = params.get("http_timeout")
    if timeout is not None and timeout <= 0:
        raise InvalidOption("build.http_timeout", timeout, "nothing answers in that time.", "Give more seconds.")
    args = {str(key): _text(value) for key, value in (params.get("args") or {}).items()}
    return Build(path, params.get("dockerfile") or None, _query(params), args, timeout)


def require_possible(build: Build, engine: str, *, namespaces: bool, host_gateway: bool) -> None:
    """Refuse what this engine would leave out without a word.

    :param engine: its name and version.
    :param namespaces: whether it knows a build's networks as namespaces only.
    :raises InvalidOption: naming the engine.
    """
    network = str(build.query.get("networkmode", ""))
    if namespaces and network.startswith("container:"):
        raise InvalidOption(
            "build.network", network, f"{engine} can't build in a container's network.", "Use host, none or a network."
        )
    if not host_gateway and any(entry.endswith(":host-gateway") for entry in build.query.get("extrahosts", ())):
        raise InvalidOption(
            "build.etc_hosts", "host-gateway", f"{engine} does not know it in builds.",
            "Write the address, or use the name host.containers.internal.",
        )  # fmt: skip


def _text(value: Any) -> str:
    """A value as text, as the peer converts it: Ansible's booleans are True and False."""
    return "" if value is None else str(value)


def _query(params: Mapping[str, Any]) -> dict[str, Any]:
    query: dict[str, Any] = {
        "version": "1", "rm": _flag(params["rm"]), "forcerm": _flag(params["rm"]), "nocache": _flag(params["nocache"]),
        "pull": _flag(params["pull"]),
    }  # fmt: skip
    if params.get("labels"):
        labels = {str(key): _text(value) for key, value in params["labels"].items()}
        query["labels"] = json.dumps(parsers.labels("build.labels", labels))
    if params.get("cache_from"):
        query["cachefrom"] = json.dumps([parsers.image("build.cache_from", one) for one in params["cache_from"]])
    if params.get("platform"):
        query["platform"] = platforms.parse_platform(params["platform"], "build.platform")
    if params.get("shm_size"):
        query["shmsize"] = parsers.size("build.shm_size", params["shm_size"])
    if params.get("etc_hosts"):
        query["extrahosts"] = _etc_hosts(params["etc_hosts"])
    plain = {"target": params.get("target"), "networkmode": params.get("network")}
    query |= {key: parsers.text(f"build.{key}", value) for key, value in plain.items() if value}
    return query | _limits(params.get("container_limits") or {})


def _flag(value: Any) -> str:
    return "1" if value else "0"


def _etc_hosts(given: Mapping[str, Any]) -> list[str]:
    return [
        f"{parsers.hostname('build.etc_hosts', name)}:"
        f"{address if address == 'host-gateway' else parsers.address('build.etc_hosts', address)}"
        for name, address in given.items()
    ]


def _limits(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if given.get("memory") is not None:
        found["memory"] = parsers.size("build.container_limits.memory", given["memory"])
    if (swap := given.get("memswap")) is not None:
        unlimited = str(swap) in ("unlimited", "-1")
        found["memswap"] = -1 if unlimited else parsers.size("build.container_limits.memswap", swap)
    if given.get("cpushares") is not None:
        found["cpushares"] = parsers.count("build.container_limits.cpushares", given["cpushares"])
    if given.get("cpusetcpus"):
        found["cpusetcpus"] = parsers.text("build.container_limits.cpusetcpus", given["cpusetcpus"])
    return found
