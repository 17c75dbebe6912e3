# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log driver and its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ...shared import parsers
from .row import Body, Inspect, Option

# Podman's own word for its json-file.
_SAME = {"k8s-file": "json-file"}


def _log_config(inspect: Inspect) -> Mapping[str, Any]:
    return (inspect.get("HostConfig") or {}).get("LogConfig") or {}


def parse_options(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    """Numbers and booleans become what the engines' command lines would send."""
    return {str(key): parsers.plain_text(item) for key, item in value.items()}


def read_driver(inspect: Inspect, engine: Engine) -> str:
    return str(_log_config(inspect).get("Type") or "")


def read_options(inspect: Inspect, engine: Engine) -> dict[str, str]:
    return dict(_log_config(inspect).get("Config") or {})


def write_driver(body: Body, value: str, engine: Engine) -> None:
    body.setdefault("HostConfig", {}).setdefault("LogConfig", {})["Type"] = value


def write_options(body: Body, value: dict[str, str], engine: Engine) -> None:
    body.setdefault("HostConfig", {}).setdefault("LogConfig", {})["Config"] = value


ROWS: tuple[Option, ...] = (
    Option(
        "log_driver", {"type": "str"}, "value",
        parse=parsers.text, read=read_driver, write=write_driver,
        canonical=lambda name, engine: _SAME.get(name, name) if engine.json_file_is_k8s_file else name,
    ),
    Option(
        "log_options", {"type": "dict", "aliases": ["log_opt"]}, "dict", secret=True,
        parse=parse_options, read=read_options, write=write_options,
    ),
)  # fmt: skip
