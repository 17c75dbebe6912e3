# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that only Podman has, and only in its own API: who has one of them is created by that (``plan/native.py``).

What Podman tells of one is read from its own description; of those that it does not tell of, the table of
``engine/differences/support.py`` says that our label keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import parsers
from . import health, secrets
from .row import NATIVE, Body, Inspect, Option, into_native, native_config

_STR = {"type": "str"}
_BOOL = {"type": "bool"}
_STRINGS = {"type": "list", "elements": "str"}
_UMASK = re.compile(r"0?[0-7]{1,3}")
_ZONE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+/-]*")
_VARIABLE = re.compile(r"[^\s=]+")
_MAPPING = re.compile(r"(\d{1,10}):(\d{1,10}):(\d{1,10})")
_ANNOTATION = re.compile(r"[^\s=]+")
# Podman's numbers, in its order; invalid is one of them.
_FAILURE_ACTIONS = {"none": 0, "kill": 2, "restart": 3, "stop": 4}
# Annotations that Podman, or the runtime, adds by itself.
_OWN_ANNOTATIONS = ("io.podman.annotations.", "io.container.manager", "org.opencontainers.image.", "io.kubernetes.cri")
_STARTUP = {
    "test": {"type": "raw", "required": True}, "interval": _STR, "timeout": _STR, "retries": {"type": "int"},
    "successes": {"type": "int"},
}  # fmt: skip
_STARTUP_USUAL = {"interval": 30 * parsers.NANO, "timeout": 30 * parsers.NANO, "retries": 0, "successes": 0}


def pod(option: str, value: Any) -> str:
    """A pod that is there: Podman's command line would make one of new:NAME."""
    if str(value).startswith("new:"):
        raise InvalidOption(
            option, value, "no pod is made here.", "Make it with remote_pod, and give its name without new:."
        )
    return parsers.object_name("pod", option, value) if value else ""


def read_pod(inspect: Inspect, engine: Engine) -> str:
    return str((inspect.get(NATIVE) or {}).get("PodName") or "")


def notes(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    for key in value:
        if not _ANNOTATION.fullmatch(str(key)):
            raise InvalidOption(option, key, "no annotation can have this name.", "Leave out blanks and '='.")
    return {str(key): parsers.plain_text(item) for key, item in value.items()}


def own_annotations(inspect: Inspect, engine: Engine) -> dict[str, str]:
    found: Mapping[str, str] = native_config("Annotations", {})(inspect, engine)
    return {key: value for key, value in found.items() if key.startswith(_OWN_ANNOTATIONS)}


def umask(option: str, value: Any) -> str:
    if not _UMASK.fullmatch(str(value)):
        raise InvalidOption(option, value, "this is no umask.", "Write it in octal and in quotes, such as '0027'.")
    return f"{int(str(value), 8):04o}"


def timezone(option: str, value: Any) -> str:
    text = str(value)
    if text and (not _ZONE.fullmatch(text) or ".." in text):
        raise InvalidOption(option, value, "this is no time zone.", "Write it like Europe/Berlin, or local.")
    return text


def variables(option: str, value: list[str]) -> list[str]:
    for name in value:
        if not _VARIABLE.fullmatch(str(name)):
            raise InvalidOption(option, name, "this is no variable's name.", "Write names only.")
    return sorted({str(name) for name in value})


def mappings(option: str, value: list[str]) -> list[str]:
    found = []
    for entry in value:
        match = _MAPPING.fullmatch(str(entry))
        if not match or not int(match[3]):
            raise InvalidOption(
                option, entry, "this is no mapping.", "Write INSIDE:HOST:SIZE, such as 0:100000:65536, in quotes."
            )
        found.append(":".join(str(int(number)) for number in match.groups()))
    return found


def read_mappings(key: str) -> Any:
    def read(inspect: Inspect, engine: Engine) -> list[str]:
        host = (inspect.get(NATIVE) or {}).get("HostConfig") or {}
        return list((host.get("IDMappings") or {}).get(key) or [])

    return read


def write_mappings(key: str) -> Any:
    def write(body: Body, value: list[str], engine: Engine) -> None:
        numbers = (map(int, entry.split(":")) for entry in value)
        maps = [{"container_id": inside, "host_id": outside, "size": size} for inside, outside, size in numbers]
        if maps:
            body.setdefault(NATIVE, {}).setdefault("idmappings", {})[key] = maps

    return write


def write_failure_action(body: Body, value: str, engine: Engine) -> None:
    into_native("health_check_on_failure_action")(body, _FAILURE_ACTIONS[value], engine)


def startup_check(option: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """As ``healthcheck`` of that module, in nanoseconds, with Podman's own usual values."""
    check = health.parse(option, {key: value.get(key) for key in ("test", "interval", "timeout", "retries")})
    if check["test"] == health.DISABLED:
        raise InvalidOption(f"{option}.test", value.get("test"), "it tests nothing.", "Leave the whole option out.")
    if value.get("successes") is not None:
        check["successes"] = parsers.count(f"{option}.successes", value["successes"])
    return {**_STARTUP_USUAL, **check}


def write_startup_check(body: Body, check: Mapping[str, Any], engine: Engine) -> None:
    into_native("startupHealthConfig")(body, {key.capitalize(): value for key, value in check.items()}, engine)


def _plain(name: str, spec: Mapping[str, Any], key: str, parse: Any, kind: str = "value", **more: Any) -> Option:
    """One that Podman does not tell of, or tells in words of its own: our label keeps it."""
    return Option(name, spec, kind, parse=parse, read=lambda inspect, engine: None, write=into_native(key), **more)


def _told(name: str, spec: Mapping[str, Any], parse: Any, keys: tuple[str, str], usual: Any, **more: Any) -> Option:
    """One that Podman tells in its own description, as ``Config.<the second key>``."""
    read = native_config(keys[1], usual)
    return Option(name, spec, "value", parse=parse, read=read, write=into_native(keys[0]), native=True, **more)


ROWS: tuple[Option, ...] = (
    Option("pod", _STR, "value", parse=pod, read=read_pod, write=into_native("pod"), native=True),
    Option(
        secrets.OPTION, {**_STRINGS, "no_log": False}, "set", comparison="strict",
        parse=secrets.parse, read=secrets.read, write=secrets.write, keeps=secrets.kept,
    ),
    Option(
        "annotations", {"type": "dict", "aliases": ["annotation"]}, "dict", native=True,
        parse=notes, read=native_config("Annotations", {}), write=into_native("annotations"),
        engine_own=own_annotations,
    ),
    _told("timezone", _STR, timezone, ("timezone", "Timezone"), ""),
    _told("umask", _STR, umask, ("umask", "Umask"), "0022"),
    _told("run_timeout", {"type": "int"}, parsers.count, ("timeout", "Timeout"), 0),
    Option(
        "healthcheck_failure_action", {**_STR, "choices": list(_FAILURE_ACTIONS), "aliases": ["health_on_failure"]},
        "value", native=True, parse=parsers.text, read=native_config("HealthcheckOnFailureAction", "none"),
        write=write_failure_action,
    ),
    Option(
        "startup_healthcheck", {"type": "dict", "options": _STARTUP}, "value",
        parse=startup_check, read=lambda inspect, engine: None, write=write_startup_check,
    ),
    *(
        Option(
            name, _STRINGS, "list", native=True,
            parse=mappings, read=read_mappings(told), write=write_mappings(key),
        )
        for name, key, told in (("uidmap", "UIDMap", "UidMap"), ("gidmap", "GIDMap", "GidMap"))
    ),
    _plain("systemd", {**_STR, "choices": ["true", "false", "always"]}, "systemd", parsers.text),
    _plain("image_volumes", {**_STR, "choices": ["anonymous", "ignore", "tmpfs"], "aliases": ["image_volume"]},
           "image_volume_mode", parsers.text),
    _plain("unsetenv", _STRINGS, "unsetenv", variables, "set"),
    _plain("unsetenv_all", _BOOL, "unsetenvall", parsers.boolean),
    _plain("read_only_tmpfs", _BOOL, "read_write_tmpfs", parsers.boolean),
    _plain("no_hosts", _BOOL, "use_image_hosts", parsers.boolean),
    _plain("hostusers", _STRINGS, "hostusers", lambda option, value: sorted(parsers.texts(option, value)), "set"),
    _plain("passwd", _BOOL, "manage_password", parsers.boolean),
    _plain("passwd_entry", _STR, "passwd_entry", parsers.text),
    _plain("group_entry", _STR, "group_entry", parsers.text),
    _plain("shm_size_systemd", _STR, "shm_size_systemd", parsers.size),
    _plain("cgroups", {**_STR, "choices": ["disabled", "enabled", "no-conmon", "split"]}, "cgroups_mode", parsers.text),
)  # fmt: skip
