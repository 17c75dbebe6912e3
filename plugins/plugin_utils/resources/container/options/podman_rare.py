# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only Podman's own API can say and few containers need: files of the host that it takes, the log of health
checks, systemd's notifications, and what it tells the kernel (``pkg/specgen/specgen.go`` of its source, 4.3 to 5.8).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from .row import NATIVE, Body, Inspect, Option, into_native, native_config

_STR = {"type": "str"}
_INT = {"type": "int"}
_BOOL = {"type": "bool"}
_STRINGS = {"type": "list", "elements": "str"}
_NO_FILES = ("image", "none")
_LOGS = ("local", "events_logger")
# A file of a cgroup, such as memory.high.
_OF_CGROUP = re.compile(r"[a-z]+(\.[A-Za-z0-9_]+)+")


def related(given: Mapping[str, Any]) -> None:
    """
    :raises InvalidOption: one that another one, or the lack of it, leaves without effect.
    """
    if given.get("init_path") and not given.get("init"):
        raise InvalidOption("init_path", given["init_path"], "without init, nothing starts it.", "Set init to true.")
    if given.get("hosts_file") and given.get("no_hosts"):
        raise InvalidOption(
            "hosts_file", given["hosts_file"], "with no_hosts, the image's file stays as it is.",
            "Leave one of the two out.",
        )  # fmt: skip


def file_of_host(option: str, value: Any) -> str:
    """An absolute path: the engine's working directory is nobody's business."""
    return parsers.directory(option, value)


def hosts_file(option: str, value: Any) -> str:
    return str(value) if value in _NO_FILES else file_of_host(option, value)


def log_destination(option: str, value: Any) -> str:
    if value not in _LOGS and not str(value).startswith("/"):
        raise InvalidOption(
            option, value, "health checks are logged nowhere else.",
            f"Use {', '.join(_LOGS)}, or the absolute path of a directory of the host.",
        )  # fmt: skip
    return parsers.text(option, value)


def directories(option: str, value: list[str]) -> list[str]:
    return sorted({file_of_host(option, one) for one in parsers.texts(option, value)})


def dependencies(option: str, value: list[str]) -> list[str]:
    return sorted({parsers.name(option, one) for one in value})


def cgroup_files(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    for name in value:
        if not _OF_CGROUP.fullmatch(str(name)):
            raise InvalidOption(option, name, "this is no file of a cgroup.", "Name it as memory.high, without a path.")
    return {str(name): parsers.text(option, parsers.plain_text(item)) for name, item in value.items()}


def write_personality(body: Body, value: str, engine: Engine) -> None:
    into_native("personality")(body, {"domain": value}, engine)


def _none(inspect: Inspect, engine: Engine) -> Any:
    """Podman does not tell: our label keeps it."""
    return None


def read_hosts_file(inspect: Inspect, engine: Engine) -> str:
    return str(((inspect.get(NATIVE) or {}).get("HostConfig") or {}).get("HostsFile") or "")


def read_no_hostname(inspect: Inspect, engine: Engine) -> bool:
    return bool((inspect.get(NATIVE) or {}).get("UseImageHostname"))


def _untold(name: str, spec: Mapping[str, Any], key: str, parse: Any, kind: str = "value") -> Option:
    return Option(name, spec, kind, parse=parse, read=_none, write=into_native(key))


def _told(name: str, spec: Mapping[str, Any], key: str, parse: Any, read: Any, kind: str = "value") -> Option:
    return Option(name, spec, kind, parse=parse, read=read, write=into_native(key), native=True)


ROWS: tuple[Option, ...] = (
    _told(
        "sdnotify", {**_STR, "choices": ["conmon", "container", "healthy", "ignore"]}, "sdnotifyMode",
        parsers.text, native_config("sdNotifyMode", "container"),
    ),
    _untold("requires", _STRINGS, "dependencyContainers", dependencies, "set"),
    _told("chrootdirs", _STRINGS, "chroot_directories", directories, native_config("ChrootDirs", []), "set"),
    _told("hosts_file", _STR, "base_hosts_file", hosts_file, read_hosts_file),
    _told("no_hostname", _BOOL, "use_image_hostname", parsers.boolean, read_no_hostname),
    _untold("init_path", _STR, "init_path", file_of_host),
    _told("health_log_destination", _STR, "healthLogDestination", log_destination,
          native_config("HealthLogDestination", "local")),
    _told("health_max_log_count", _INT, "healthMaxLogCount", parsers.count, native_config("HealthcheckMaxLogCount", 0)),
    _told("health_max_log_size", _INT, "healthMaxLogSize", parsers.count, native_config("HealthcheckMaxLogSize", 0)),
    Option("personality", {**_STR, "choices": ["LINUX", "LINUX32"]}, "value",
           parse=parsers.text, read=_none, write=write_personality),
    _untold("seccomp_policy", {**_STR, "choices": ["default", "image"]}, "seccomp_policy", parsers.text),
    _untold("cgroup_conf", {"type": "dict"}, "unified", cgroup_files, "dict"),
)  # fmt: skip
