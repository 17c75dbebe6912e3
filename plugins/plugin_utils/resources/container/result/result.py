# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container as this collection returns it: one shape for both engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine, status_word
from ...shared import environment, labels, openly
from ...shared.moments import timestamp
from ...shared.secrets import Masker
from ..options import api_fields, secrets


def container_result(
    inspect: Mapping[str, Any], engine: Engine, *, mask_env: bool = True, masker: Masker | None = None
) -> dict[str, Any]:
    """The public shape of a container.

    :param inspect: the engine's raw inspect.
    :param mask_env: whether environment values whose names look secret are masked, also where they turn up elsewhere.
    :param masker: one that has learnt more secrets, instead of a new one.
    """
    env = api_fields.read_env(inspect, engine)
    masker = masker or Masker(mask_env)
    learn(masker, inspect)
    config, host = inspect.get("Config") or {}, inspect.get("HostConfig") or {}
    return {
        "id": inspect["Id"],
        "name": str(inspect.get("Name") or "").lstrip("/"),
        "image": config.get("Image") or "",
        "image_id": inspect.get("Image") or "",
        "command": masker.command(config.get("Cmd") or []),
        "entrypoint": masker.command(config.get("Entrypoint") or []),
        "env": masker.env(env),
        "labels": masker.env(config.get("Labels") or {}),
        "user": config.get("User") or "",
        "working_dir": config.get("WorkingDir") or "/",
        "hostname": config.get("Hostname") or "",
        "ports": _ports(inspect),
        "mounts": [_mount(mount) for mount in sorted(inspect.get("Mounts") or [], key=lambda m: m["Destination"])],
        "networks": _networks(inspect),
        "network_mode": "bridge" if host.get("NetworkMode") == "default" else host.get("NetworkMode") or "",
        "restart_policy": api_fields.read_restart_policy(inspect, engine),
        "restart_retries": api_fields.read_restart_retries(inspect, engine),
        "restart_count": inspect.get("RestartCount") or 0,
        "memory": host.get("Memory") or 0,
        "cpus": (host.get("NanoCpus") or 0) / 10**9,
        "privileged": bool(host.get("Privileged")),
        "read_only": bool(host.get("ReadonlyRootfs")),
        "created_by_us": labels.CREATED_LABEL in (config.get("Labels") or {}),
        **_state(inspect, masker),
    }


def learn(masker: Masker, inspect: Mapping[str, Any] | None) -> None:
    """Make a masker know the secrets of a container or an image, and what a container shows openly."""
    config, host = (inspect or {}).get("Config") or {}, (inspect or {}).get("HostConfig") or {}
    variables = environment.split_env(config.get("Env"))
    masker.learn(variables)
    masker.learn_values(variables.get(name, "") for name, _secret in secrets.variables(inspect or {}))
    masker.learn(config.get("Labels") or {})
    masker.learn((host.get("LogConfig") or {}).get("Config") or {})
    masker.leave(openly.of_container(inspect or {}))


def _state(inspect: Mapping[str, Any], masker: Masker) -> dict[str, Any]:
    state = inspect.get("State") or {}
    status = str(state.get("Status") or "")
    return {
        "status": status_word(status),
        "running": bool(state.get("Running")),
        "paused": bool(state.get("Paused")),
        "restarting": bool(state.get("Restarting")),
        "oom_killed": bool(state.get("OOMKilled")),
        "exit_code": state.get("ExitCode") or 0,
        "error": masker.text(str(state.get("Error") or "")),
        "health": (state.get("Health") or {}).get("Status") or None,
        "pid": state.get("Pid") or None,
        "created_at": timestamp(inspect.get("Created")),
        "started_at": timestamp(state.get("StartedAt")),
        "finished_at": timestamp(state.get("FinishedAt")),
    }


def _ports(inspect: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """{container port: where it is published}: what is bound while the container runs, else what is configured."""
    bound = (inspect.get("NetworkSettings") or {}).get("Ports") or {}
    configured = (inspect.get("HostConfig") or {}).get("PortBindings") or {}
    exposed = (inspect.get("Config") or {}).get("ExposedPorts") or {}
    return {
        port: [_binding(end) for end in bound.get(port) or configured.get(port) or []]
        for port in sorted({*bound, *configured, *exposed})
    }


def _binding(end: Mapping[str, str]) -> dict[str, Any]:
    port = end.get("HostPort") or ""
    number = int(port) if port.isdigit() else None  # not yet chosen by the engine
    return {"host_ip": end.get("HostIp") or "0.0.0.0", "host_port": number}  # noqa: S104 - reported, not bound to


def _mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": mount.get("Type") or "",
        "name": mount.get("Name") or None,
        "source": mount.get("Source") or "",
        "destination": mount["Destination"],
        "read_only": not mount.get("RW"),
    }


def _networks(inspect: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    networks = (inspect.get("NetworkSettings") or {}).get("Networks") or {}
    return {name: _network(endpoint or {}) for name, endpoint in sorted(networks.items())}


def _network(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ipv4_address": endpoint.get("IPAddress") or None,
        "ipv6_address": endpoint.get("GlobalIPv6Address") or None,
        "gateway": endpoint.get("Gateway") or None,
        "mac_address": endpoint.get("MacAddress") or None,
        "aliases": sorted(endpoint.get("Aliases") or []),
    }
