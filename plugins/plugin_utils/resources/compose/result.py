# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task tells of a resolved project, without its secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...compose.project import Resolved
from ...engine.differences.engine import Engine
from ..container.result.result import container_result
from ..shared import openly
from ..shared.secrets import MASK, Masker, looks_secret
from .translation import labels

# Lists of words, in which a word after an option may be a secret.
_COMMANDS = frozenset({"command", "entrypoint", "test"})


def shown_openly(config: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a model that a password which is the same word hides nothing of."""
    for kind in ("services", "networks", "volumes", "configs", "secrets"):
        for name, one in (config.get(kind) or {}).items():
            yield name
            yield from openly.of_options(one or {})


def result(resolved: Resolved, masker: Masker, escape_dollars: bool) -> dict[str, Any]:
    """The task's result."""
    config = _masked(resolved.config, masker) if masker.enabled else resolved.config
    return {
        "config": escaped(config) if escape_dollars else config,
        "project_name": resolved.config["name"],
        "project_directory": resolved.folder,
        "files": resolved.files,
        "profiles": resolved.profiles,
        "disabled_services": resolved.disabled,
        "warnings": resolved.warnings,
    }


def on_host(
    config: Mapping[str, Any], inspects: Iterable[Mapping[str, Any]], engine: Engine, masker: Masker
) -> dict[str, Any]:
    """The containers of a project that a host has, and the services of which none runs there.

    :param inspects: the engine's, of all containers of the project.
    """
    found: list[dict[str, Any]] = []
    for inspect in inspects:
        own: Mapping[str, str] = (inspect.get("Config") or {}).get("Labels") or {}
        if own.get(labels.ONE_OFF) != "True":
            container = container_result(inspect, engine, masker=masker)
            found.append({"service": own.get(labels.SERVICE) or "", "container": container})
    running = {one["service"] for one in found if one["container"]["running"]}
    return {
        "containers": sorted(found, key=lambda one: (one["service"], one["container"]["name"])),
        "services_not_running": [service for service in config["services"] if service not in running],
    }


def _masked(value: Any, masker: Masker, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {name: _masked(item, masker, name) for name, item in value.items()}
    if isinstance(value, list):
        return masker.command(value) if key in _COMMANDS else [_masked(item, masker) for item in value]
    if looks_secret(key) and value not in (None, "") and not isinstance(value, bool):
        return MASK
    return masker.strictly(value) if isinstance(value, str) else value


def escaped(value: Any) -> Any:
    """Each dollar doubled, so that the model is a compose file again."""
    if isinstance(value, Mapping):
        return {key.replace("$", "$$"): escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value.replace("$", "$$") if isinstance(value, str) else value
