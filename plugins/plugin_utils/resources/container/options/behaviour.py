# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say how a task goes about things, and what they do to the options of the container."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from ....dataclass import dataclass
from ....errors import InvalidOption
from ...shared import parsers
from ...shared.platforms import parse_platform
from .process import signal

SPEC: dict[str, dict[str, Any]] = {
    "auto_ports_range": {"type": "str"},
    "cleanup": {"type": "bool", "default": False},
    "command_handling": {"type": "str", "choices": ["compatibility", "correct"], "default": "correct"},
    "container_default_behavior": {
        "type": "str", "choices": ["compatibility", "no_defaults"], "default": "no_defaults",
    },
    "default_host_ip": {"type": "str"},
    "detach": {"type": "bool"},
    "env_file": {"type": "path"},
    "force_kill": {"type": "bool", "default": False, "aliases": ["forcekill"]},
    "image_label_mismatch": {"type": "str", "choices": ["ignore", "fail"], "default": "ignore"},
    "kill_signal": {"type": "str"},
    "networks_cli_compatible": {"type": "bool", "default": True},
    "output_logs": {"type": "bool", "default": False},
    "paused": {"type": "bool"},
    "platform": {"type": "str"},
    "removal_wait_timeout": {"type": "float"},
}  # fmt: skip

# What container_default_behavior=compatibility stands for.
OLD_DEFAULTS = {
    "auto_remove": False, "detach": True, "init": False, "interactive": False, "memory": "0", "paused": False,
    "privileged": False, "read_only": False, "tty": False,
}  # fmt: skip


@dataclass(frozen=True)
class Behaviour:
    """How the task goes about things."""

    detach: bool = True
    cleanup: bool = False
    output_logs: bool = False
    force_kill: bool = False
    kill_signal: str | None = None
    removal_wait_timeout: float | None = None  # seconds; None for as long as it takes
    image_label_mismatch: str = "ignore"
    platform: str | None = None


def prepared(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with what other parameters say about them."""
    result = dict(params)
    if params.get("container_default_behavior") == "compatibility":
        result |= {name: default for name, default in OLD_DEFAULTS.items() if params.get(name) is None}
    if params.get("command_handling") == "compatibility":
        result |= _old_commands(params)
    if result.get("paused") is not None:
        result["state"] = _paused_state(params.get("state", "started"), bool(result["paused"]))
    return result


def _old_commands(params: Mapping[str, Any]) -> dict[str, Any]:
    """Lists were joined with blanks and then split as a shell would; empty ones were as if not given."""
    changed: dict[str, Any] = {}
    for name in ("command", "entrypoint"):
        value = params.get(name)
        if isinstance(value, (list, tuple)):
            changed[name] = shlex.split(" ".join(str(item) for item in value)) or None
    return changed


def _paused_state(state: str, paused: bool) -> str:
    """The state that ``paused`` makes of the task's. It is for containers that the task starts, as in
    community.docker.
    """
    if state == "started":
        return "paused" if paused else "unpaused"
    if (paused and state in ("healthy", "unpaused")) or (not paused and state == "paused"):
        raise InvalidOption("paused", paused, f"state is {state}.", "Leave out paused, or use state=started.")
    return state


def parse(params: Mapping[str, Any]) -> Behaviour:
    """The behaviour that the parameters ask for.

    :raises InvalidOption: for a value that has no meaning.
    """
    signal_name = params.get("kill_signal")
    if signal_name is not None:
        signal_name = signal("kill_signal", signal_name) or None
    given = {name: params[name] for name in _PLAIN if params.get(name) is not None}
    platform = params.get("platform")
    return Behaviour(**given, kill_signal=signal_name, platform=parse_platform(platform) if platform else None)


_PLAIN = ("detach", "cleanup", "output_logs", "force_kill", "removal_wait_timeout", "image_label_mismatch")


def with_default_host_ip(params: Mapping[str, Any]) -> str | None:
    """The address that ports without one are bound to; '' stands for all, None for the engine's usual one."""
    address: str | None = params.get("default_host_ip")
    return parsers.address("default_host_ip", address) if address else address
