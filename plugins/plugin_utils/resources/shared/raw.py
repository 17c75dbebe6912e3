# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine says of a thing, as it says it, without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import driver_options
from .environment import split_env
from .secrets import Masker

# Under these keys lie dicts whose names are somebody's own, and may be those of secrets.
DRIVER_OPTIONS = frozenset({"DriverOpts", "Options"})
NAMED = DRIVER_OPTIONS | {"Annotations", "Labels", "LogOpts", "StorageOpt", "Sysctls"}
_COMMANDS = frozenset({"Args", "Cmd", "Entrypoint", "OnBuild", "Shell", "Test"})
# What is shown openly: see ``openly``.
_OPEN = frozenset({"Created", "Hostname", "Image", "ImageName", "Mountpoint", "Name", "NetworkMode", "User"})
_OPEN_ENDINGS = ("Address", "At", "Id", "ID", "Path")


def masked(description: Mapping[str, Any], masker: Masker, named: frozenset[str] = NAMED) -> dict[str, Any]:
    """A raw inspect without the values of secret-looking names and without what the masker has learnt; as it is where
    masking is switched off.

    :param named: the keys of dicts whose values are masked by their names.
    """
    if not masker.enabled:
        return dict(description)
    return {str(key): _value(str(key), value, masker, named) for key, value in description.items()}


def without_driver_secrets(description: Mapping[str, Any]) -> dict[str, Any]:
    """A raw inspect of a network or volume, without secrets in its drivers' options."""
    return masked(description, Masker(), named=DRIVER_OPTIONS)


def _value(key: str, value: Any, masker: Masker, named: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        if key in named:
            return _by_name(value, masker)
        inside = masked(value, masker, named)
        log_options = value.get("Config") if key == "LogConfig" else None
        return {**inside, "Config": _by_name(log_options, masker)} if log_options else inside
    if isinstance(value, list):
        return _list(key, value, masker, named)
    if not isinstance(value, str) or key in _OPEN or key.endswith(_OPEN_ENDINGS):
        return value
    return masker.text(value)


def _list(key: str, items: list[Any], masker: Masker, named: frozenset[str]) -> list[Any]:
    if key == "Env":
        return [_variable(str(item), masker) for item in items]
    return masker.command(items) if key in _COMMANDS else [_value(key, item, masker, named) for item in items]


def _variable(assignment: str, masker: Masker) -> str:
    """One of ``NAME=value``; a name without a value stays."""
    shown = [f"{name}={value}" for name, value in masker.env(split_env([assignment])).items()]
    return shown[0] if "=" in assignment else assignment


def _by_name(entries: Mapping[str, Any], masker: Masker) -> dict[str, Any]:
    texts = {key: value for key, value in entries.items() if isinstance(value, str)}
    return {**entries, **driver_options.masked(masker.env(texts))}
