# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Readers, writers and update parts of the options that are one value each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ...shared.environment import split_env
from ...shared.labels import APPLIED_LABEL, CREATED_LABEL, PROJECT_LABEL, REPLACES_LABEL
from .row import Body, Inspect

# Docker sets the swap limit to twice the memory at creation, and wants both in an update.
_SWAP_FACTOR = 2
_COMPOSE = "com.docker.compose."


def read_env(inspect: Inspect, engine: Engine) -> dict[str, str]:
    return split_env((inspect.get("Config") or {}).get("Env"))


def inherit_env(image_config: Mapping[str, Any]) -> dict[str, str]:
    return split_env(image_config.get("Env"))


def engine_env(inspect: Inspect, engine: Engine) -> dict[str, str]:
    return {key: value for key, value in read_env(inspect, engine).items() if key in engine.added_env}


def write_env(body: Body, env: dict[str, str], engine: Engine) -> None:
    body["Env"] = [f"{key}={value}" for key, value in env.items()]


def inherit_labels(image_config: Mapping[str, Any]) -> dict[str, str]:
    return dict(image_config.get("Labels") or {})


def makers_labels(inspect: Inspect, engine: Engine) -> dict[str, str]:
    """What says who has made the container: we, or compose. Of what others add, only the keys count."""
    labels: Mapping[str, str] = (inspect.get("Config") or {}).get("Labels") or {}
    compose = {key: "" for key in labels if key.startswith(_COMPOSE)}
    return {CREATED_LABEL: "", REPLACES_LABEL: "", APPLIED_LABEL: "", PROJECT_LABEL: "", **compose}


def write_labels(body: Body, labels: dict[str, str], engine: Engine) -> None:
    body["Labels"] = {**labels, **body.get("Labels", {})}


def inherit_command(image_config: Mapping[str, Any]) -> list[str]:
    return list(image_config.get("Cmd") or [])


def canonical_directory(path: str, engine: Engine) -> str:
    """Podman reports / where Docker reports nothing."""
    return path.rstrip("/") or "/"


def read_restart_policy(inspect: Inspect, engine: Engine) -> str:
    return str(_restart_policy(inspect).get("Name") or "no")


def read_restart_retries(inspect: Inspect, engine: Engine) -> int:
    return int(_restart_policy(inspect).get("MaximumRetryCount") or 0)


def _restart_policy(inspect: Inspect) -> Mapping[str, Any]:
    return (inspect.get("HostConfig") or {}).get("RestartPolicy") or {}


def write_restart_policy(body: Body, value: str, engine: Engine) -> None:
    body.setdefault("HostConfig", {}).setdefault("RestartPolicy", {})["Name"] = value


def write_restart_retries(body: Body, value: int, engine: Engine) -> None:
    body.setdefault("HostConfig", {}).setdefault("RestartPolicy", {})["MaximumRetryCount"] = value


def update_restart_policy(desired: Mapping[str, Any], actual: Mapping[str, Any], engine: Engine) -> Body | None:
    policy = desired.get("restart_policy", actual.get("restart_policy"))
    retries = desired.get("restart_retries", actual.get("restart_retries", 0)) if policy == "on-failure" else 0
    return {"RestartPolicy": {"Name": policy, "MaximumRetryCount": retries}}


def update_memory(desired: Mapping[str, Any], actual: Mapping[str, Any], engine: Engine) -> Body | None:
    """The engines ignore a zero: a limit is taken away by recreating only."""
    memory = desired["memory"]
    swap = desired.get("memory_swap", memory * _SWAP_FACTOR)
    return {"Memory": memory, "MemorySwap": swap} if memory else None


def update_cpus(desired: Mapping[str, Any], actual: Mapping[str, Any], engine: Engine) -> Body | None:
    return {"NanoCpus": desired["cpus"]} if desired["cpus"] else None


def canonical_cpus(cpus: int, engine: Engine) -> int:
    """What the engine can keep of it."""
    return cpus // engine.cpus_step * engine.cpus_step
