# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health check: {test: [...], interval: nanoseconds, ...} with what the task gives; a disabled one is NONE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import values
from .row import Body, Inspect, Option

Check = dict[str, Any]

SUBOPTIONS: dict[str, dict[str, Any]] = {
    "test": {"type": "raw"},
    "test_cli_compatible": {"type": "bool", "default": False},
    "interval": {"type": "str"},
    "timeout": {"type": "str"},
    "retries": {"type": "int"},
    "start_period": {"type": "str"},
    "start_interval": {"type": "str"},
}
DISABLED = ["NONE"]
_KEYS = {
    "test": "Test", "interval": "Interval", "timeout": "Timeout", "retries": "Retries",
    "start_period": "StartPeriod", "start_interval": "StartInterval",
}  # fmt: skip
_UNITS = {"h": 3600 * values.NANO, "m": 60 * values.NANO, "s": values.NANO, "ms": 10**6, "us": 10**3}
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?(?:(\d+)us)?")
_TEST_KINDS = ("NONE", "CMD", "CMD-SHELL")


def duration(option: str, value: Any) -> int:
    """Nanoseconds of a text such as 1m30s."""
    match = _DURATION.fullmatch(str(value))
    if not match or not str(value):
        raise InvalidOption(option, value, "this is no duration.", "Write it like 1m30s; units are h, m, s, ms, us.")
    return sum(int(number or 0) * unit for number, unit in zip(match.groups(), _UNITS.values(), strict=True))


def parse(option: str, value: Mapping[str, Any]) -> Check:
    check: Check = {}
    if value.get("test") is not None:
        check["test"] = _test(f"{option}.test", value["test"])
    elif not value.get("test_cli_compatible"):
        check["test"] = list(DISABLED)
    if check.get("test") == DISABLED:
        return check
    for key in ("interval", "timeout", "start_period", "start_interval"):
        if value.get(key) not in (None, ""):
            check[key] = duration(f"{option}.{key}", value[key])
    if value.get("retries") is not None:
        check["retries"] = values.count(f"{option}.retries", value["retries"])
    return check


def _test(option: str, value: Any) -> list[str]:
    if isinstance(value, str):
        return ["CMD-SHELL", value] if value and value != "NONE" else list(DISABLED)
    if not isinstance(value, list) or not value or value[0] not in _TEST_KINDS:
        raise InvalidOption(
            option, value, f"it is neither a text nor a list that begins with one of {', '.join(_TEST_KINDS)}.",
            "Write it like ['CMD', 'program', 'argument'], or a text for the shell.",
        )  # fmt: skip
    return list(DISABLED) if value[0] == DISABLED[0] else [str(item) for item in value]


def read(inspect: Inspect, engine: Engine) -> Check:
    found = (inspect.get("Config") or {}).get("Healthcheck") or {}
    test = found.get("Test") or []
    if not found or test[:1] == DISABLED:
        return {"test": list(DISABLED)}
    numbers = {name: found.get(key) or 0 for name, key in _KEYS.items() if name != "test"}
    return {**numbers, "test": test} if test else numbers


def require_supported(check: Mapping[str, Any], engine: Engine) -> None:
    """Podman does not merge a check with the image's.

    :raises InvalidOption: for a check without a test.
    """
    if check and not engine.merges_healthchecks and "test" not in check:
        raise InvalidOption(
            "healthcheck.test", None, "Podman does not take it from the image when the task gives other settings.",
            "Give the test in the task.",
        )  # fmt: skip


def engine_own(inspect: Inspect, engine: Engine) -> dict[str, Any]:
    """What a task does not say is the engine's or the image's."""
    return read(inspect, engine)


def write(body: Body, check: Check, engine: Engine) -> None:
    body["Healthcheck"] = {_KEYS[name]: value for name, value in check.items()}


ROWS: tuple[Option, ...] = (
    Option(
        "healthcheck", {"type": "dict", "options": SUBOPTIONS}, "dict",
        parse=parse, read=read, write=write, engine_own=engine_own,
    ),
)  # fmt: skip
