# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options that every module has. Each comes from the task, a variable, the environment, the ini file or
a default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ..dataclass import dataclass
from ..errors import InvalidOption
from ..resources.container.options import port_ranges
from ..resources.shared import result_format
from ..resources.shared.policy import FULL, POLICIES, Exemption, exemption
from ..resources.shared.work.audit import SYSLOG
from ..session.settings import ConnectionSettings
from ..ssh.transport import OPENSSH, PARAMIKO

INI_SECTION = "sshfleet"
ENGINES = ("auto", "podman", "docker")
LONGEST_SOCKET = 107  # bytes; sockaddr_un has 108, with the zero at the end
TRANSPORTS = ("auto", "forward", "dial", OPENSSH, PARAMIKO)


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"choose one of {', '.join(choices)}")
        return str(value)

    return convert


def _socket(value: Any) -> str:
    text = str(value)
    if not text.startswith("/") or any(ord(c) < 32 for c in text) or ":" in text:
        raise ValueError("it must be the absolute path of a Unix socket on the target, without a colon")
    if len(os.fsencode(text)) > LONGEST_SOCKET:
        raise ValueError(
            f"no Unix socket can have a path of more than {LONGEST_SOCKET} bytes, and this has "
            f"{len(os.fsencode(text))}: name a shorter one, or a link to it"
        )
    return text


def _whole(minimum: int, maximum: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        try:
            number = int(str(value))
        except ValueError:
            raise ValueError("it must be a whole number") from None
        if isinstance(value, bool) or not minimum <= number <= maximum:
            raise ValueError(f"it must be from {minimum} to {maximum}")
        return number

    return convert


def _ports(value: Any) -> str:
    first, last = port_ranges.parse_range(value)
    return f"{first}-{last}"


_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _flag(value: Any) -> bool:
    try:
        return _FLAGS[str(value).lower()]
    except KeyError:
        raise ValueError("it must be true or false") from None


def _listed(value: Any) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("it must be a list of texts")
    return [part.strip() for part in parts if part.strip()]


def _exemptions(value: Any) -> tuple[Exemption, ...]:
    return tuple(exemption(text) for text in _listed(value))


def _audit(value: Any) -> str:
    text = os.path.expanduser(str(value))  # noqa: PTH111 - what is no path stays as it is
    if text and text != SYSLOG and not os.path.isabs(text):  # noqa: PTH117
        raise ValueError(f"name a file by its absolute path, or {SYSLOG}")
    return text


@dataclass(frozen=True)
class Setting:
    """One option that is looked up: its name in a task, its variable, its default, and the function that checks a
    value.
    """

    name: str
    variable: str
    default: Any
    convert: Callable[[Any], Any]
    spec: dict[str, Any]

    @property
    def env(self) -> str:
        return self.variable.upper()


SETTINGS = (
    Setting("engine", "sshfleet_engine", "auto", _one_of(ENGINES), {"type": "str", "choices": list(ENGINES)}),
    Setting("engine_socket", "sshfleet_engine_socket", None, _socket, {"type": "str"}),
    Setting("engine_timeout", "sshfleet_engine_timeout", 60, _whole(1, 86400), {"type": "int"}),
    Setting("engine_answer_limit", "sshfleet_engine_answer_limit", 64, _whole(1, 4096), {"type": "int"}),
    Setting("engine_answer_depth", "sshfleet_engine_answer_depth", 50, _whole(10, 500), {"type": "int"}),
    Setting(
        "transport", "sshfleet_transport", "auto", _one_of(TRANSPORTS), {"type": "str", "choices": list(TRANSPORTS)}
    ),
    Setting("tunnel_idle", "sshfleet_tunnel_idle", 600, _whole(1, 86400), {"type": "int"}),
    Setting("tunnel_retries", "sshfleet_tunnel_retries", 3, _whole(1, 20), {"type": "int"}),
)

# An option of remote_container only, and looked up in the same places.
AUTO_PORTS_RANGE = Setting(
    "auto_ports_range", "sshfleet_auto_ports_range", port_ranges.DEFAULT_RANGE, _ports, {"type": "str"}
)
# It is no setting of a connection, and means nothing to modules that have no peer; they take it all the same, because
# module_defaults of the action group give it to all.
RESULT_FORMAT = Setting(
    "result_format", "sshfleet_result_format", result_format.UNIFIED, _one_of(result_format.FORMATS),
    {"type": "str", "choices": list(result_format.FORMATS)},
)  # fmt: skip
# What may be changed and how that is written down. A task can confirm, and say where; it cannot loosen a policy.
AUDIT = Setting("audit", "sshfleet_audit", None, _audit, {"type": "str"})
AUDIT_REQUIRED = Setting("audit_required", "sshfleet_audit_required", False, _flag, {"type": "bool"})
CONFIRM = Setting("confirm", "sshfleet_confirm", None, _listed, {"type": "list", "elements": "str"})
POLICY = Setting("policy", "sshfleet_policy", FULL, _one_of(POLICIES), {"type": "str", "choices": list(POLICIES)})
POLICY_ALLOW = Setting("policy_allow", "sshfleet_policy_allow", (), _exemptions, {"type": "list", "elements": "str"})
PROTECTED = Setting("protected", "sshfleet_protected", False, _flag, {"type": "bool"})
RULES = (AUDIT, AUDIT_REQUIRED, CONFIRM, POLICY, POLICY_ALLOW, PROTECTED)
LOOKED_UP = (*SETTINGS, AUTO_PORTS_RANGE, RESULT_FORMAT, *RULES)

# The options have no default here: an absent one is looked up in variables, environment and ini first.
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    s.name: dict(s.spec) for s in (*SETTINGS, RESULT_FORMAT, AUDIT, AUDIT_REQUIRED, CONFIRM)
}


# The same options as Ansible's configuration manager wants them; their values are checked by convert, not there.
CONFIG_DEFINITIONS: dict[str, dict[str, Any]] = {
    s.name: {
        "default": s.default,
        "vars": [{"name": s.variable}],
        "env": [{"name": s.env}],
        "ini": [{"section": INI_SECTION, "key": s.name}],
    }
    for s in LOOKED_UP
}

Lookup = Callable[[str], tuple[Any, str]]


def resolve(arguments: Mapping[str, Any], look_up: Lookup) -> ConnectionSettings:
    """Resolve every connection option.

    :param arguments: the validated task arguments, in which an absent option is None.
    :param look_up: returns an option's (value, origin) from variables, environment, ini file or the default.
    :raises InvalidOption: a value that can't be used; the error names where it came from.
    """
    return ConnectionSettings(**{setting.name: resolve_one(setting, arguments, look_up) for setting in SETTINGS})


def resolve_one(setting: Setting, arguments: Mapping[str, Any], look_up: Lookup) -> Any:
    """Resolve one option, as :func:`resolve` does."""
    value, origin = arguments.get(setting.name), "task"
    if value is None:
        value, origin = look_up(setting.name)
    return value if origin == "default" else _checked(setting, origin, value)


def _checked(setting: Setting, origin: str, value: Any) -> Any:
    try:
        return setting.convert(value)
    except ValueError as problem:
        option = setting.name if origin == "task" else f"{setting.name} ({origin})"
        raise InvalidOption(option, value, f"{problem}.") from None
