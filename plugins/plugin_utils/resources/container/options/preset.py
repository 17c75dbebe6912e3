# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that stand for many: what a hardened container has unless its task says otherwise, and that it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SPEC: dict[str, dict[str, Any]] = {"preset": {"type": "str", "choices": ["none", "hardened"], "default": "none"}}

NO_NEW_PRIVILEGES = "no-new-privileges"
# What a hardened container has.
HARDENED: dict[str, Any] = {
    "cap_drop": ["all"], "memory": "512m", "pids_limit": 512, "privileged": False, "read_only": True,
    "security_opts": [NO_NEW_PRIVILEGES],
}  # fmt: skip
# Who has these of the host has the host.
_HOST_PATHS = ("/", "/etc", "/proc", "/root", "/run", "/sys", "/var", "/var/run")
_ENGINE_SOCKETS = ("/docker.sock", "/podman.sock")
_NAMESPACES = ("cgroupns_mode", "ipc_mode", "network_mode", "pid_mode", "userns_mode", "uts")


def applied(params: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The options with those of the preset that the task does not give, and a warning where it loosens the preset.

    :param params: options as the argument spec leaves them; one that is not given is None.
    """
    if params.get("preset") != "hardened":
        return dict(params), []
    loosened = list(_loosened(params))
    filled = {**params, **{name: value for name, value in HARDENED.items() if params.get(name) is None}}
    words = [str(one) for one in filled["security_opts"]]
    if not any(one.startswith(NO_NEW_PRIVILEGES) for one in words):
        filled["security_opts"] = [*words, NO_NEW_PRIVILEGES]
    warning = f"The task loosens preset hardened: {', '.join(loosened)}."
    return filled, [warning] if loosened else []


def _loosened(params: Mapping[str, Any]) -> Iterator[str]:
    for name in ("privileged", "read_only"):
        if params.get(name) not in (None, HARDENED[name]):
            yield f"{name}={str(params[name]).lower()}"
    if (dropped := params.get("cap_drop")) is not None and "ALL" not in [str(one).upper() for one in dropped]:
        yield f"cap_drop={','.join(map(str, dropped))}"
    if params.get("capabilities"):
        yield f"capabilities={','.join(map(str, params['capabilities']))}"
    if any(str(one) == f"{NO_NEW_PRIVILEGES}:false" for one in params.get("security_opts") or ()):
        yield f"security_opts={NO_NEW_PRIVILEGES}:false"
    for name in ("memory", "pids_limit"):
        if str(params.get(name)) in ("0", "-1"):
            yield f"{name}={params[name]}"
    for name in _NAMESPACES:
        if params.get(name) == "host":
            yield f"{name}=host"
    yield from _of_the_host(params)


def _of_the_host(params: Mapping[str, Any]) -> Iterator[str]:
    """What is mounted of the host and gives a container all of it."""
    sources = [("volumes", str(one).partition(":")[0]) for one in params.get("volumes") or () if ":" in str(one)]
    sources += [("mounts", str(one.get("source"))) for one in params.get("mounts") or () if one.get("type") == "bind"]
    for option, source in sources:
        plain = source.rstrip("/") or "/"
        if plain in _HOST_PATHS or plain.endswith(_ENGINE_SOCKETS):
            yield f"{option}={source}"
