# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the container's process is run: signals, terminal, groups, security, kernel parameters, runtime, storage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from .row import Body, Inspect, Option, config, in_host, into

_BOOL = {"type": "bool"}
_STR = {"type": "str"}
_DICT = {"type": "dict"}
_STRINGS = {"type": "list", "elements": "str"}
# Linux' numbers, whatever the controller's are.
_SIGNALS = (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG "
    "XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
)
_NUMBERS = {name: number for number, name in enumerate(_SIGNALS.split(), start=1)}
_REAL_TIME = re.compile(r"RTM(IN|AX)([+-]\d+)?")
_FIRST_REAL_TIME, _LAST_REAL_TIME = 34, 64
USUAL_SIGNAL = "SIGTERM"


def signal(option: str, value: Any) -> str:
    """SIGNAME, or a number without a name; an empty one is the image's or the engine's."""
    text = str(value).upper().removeprefix("SIG")
    names = {str(number): name for name, number in _NUMBERS.items()}
    text = names.get(text, text)
    if text.isdigit() and _FIRST_REAL_TIME <= int(text) <= _LAST_REAL_TIME:
        return text
    if text and text not in _NUMBERS and not _REAL_TIME.fullmatch(text):
        raise InvalidOption(option, value, "there is no such signal.", "Write a name such as SIGINT, or its number.")
    return f"SIG{text}" if text else ""


def signal_number(value: Any) -> int:
    """Linux' number of a signal, by its name or number."""
    name = signal("stop_signal", value)
    number = canonical_signal(name, None)
    return int(number) if number.isdigit() else _NUMBERS[name.removeprefix("SIG")]


def read_signal(inspect: Inspect, engine: Engine) -> str:
    """Podman reports numbers."""
    return signal("stop_signal", (inspect.get("Config") or {}).get("StopSignal") or USUAL_SIGNAL)


def reword_signal(body: Body, given: Any) -> None:
    body["StopSignal"] = str(given)


def canonical_signal(name: str, engine: Engine | None) -> str:
    """Podman reports real-time signals by number, too."""
    match = _REAL_TIME.fullmatch(name.removeprefix("SIG"))
    if not match:
        return name
    return str((_FIRST_REAL_TIME if match[1] == "IN" else _LAST_REAL_TIME) + int(match[2] or 0))


def inherit_signal(image_config: Mapping[str, Any]) -> str:
    return signal("stop_signal", image_config.get("StopSignal") or USUAL_SIGNAL)


def canonical_security(options: list[str], engine: Engine) -> list[str]:
    """label:disable and label=disable are the same, and no-new-privileges may stand alone."""
    return sorted({_security(option) for option in options})


def _security(option: str) -> str:
    key, _equals, value = (option if "=" in option else option.replace(":", "=", 1)).partition("=")
    return "no-new-privileges" if key == "no-new-privileges" and value in ("", "true") else f"{key}={value}"


def engine_security(inspect: Inspect, engine: Engine) -> list[str]:
    """A privileged container gets some from the engine."""
    added = ("unmask=all", "label=disable")
    found = (inspect.get("HostConfig") or {}).get("SecurityOpt") or []
    return [option for option in canonical_security(found, engine) if option in added]


def parameters(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    """Texts; a number or a boolean is what the kernel would be told."""
    return {str(key): str(int(item) if isinstance(item, bool) else item) for key, item in value.items()}


ROWS: tuple[Option, ...] = (
    in_host("auto_remove", _BOOL, "AutoRemove", False, parsers.boolean),
    in_host("groups", _STRINGS, "GroupAdd", [], parsers.texts, kind="set"),
    in_host("init", _BOOL, "Init", False, parsers.boolean),
    Option(
        "interactive", _BOOL, "value",
        parse=parsers.boolean, read=config("OpenStdin", False), write=into("OpenStdin"),
    ),
    Option("tty", _BOOL, "value", parse=parsers.boolean, read=config("Tty", False), write=into("Tty")),
    in_host("runtime", _STR, "Runtime", "", parsers.text),
    in_host(
        "security_opts", _STRINGS, "SecurityOpt", [], parsers.texts,
        kind="set", canonical=canonical_security, engine_own=engine_security,
    ),
    Option(
        "stop_signal", _STR, "value",
        parse=signal, read=read_signal, write=into("StopSignal"), inherit=inherit_signal, canonical=canonical_signal,
        reword=reword_signal,
    ),
    in_host("storage_opts", _DICT, "StorageOpt", {}, parsers.driver_options, kind="dict"),
    in_host("sysctls", _DICT, "Sysctls", {}, parameters, kind="dict"),
)  # fmt: skip
