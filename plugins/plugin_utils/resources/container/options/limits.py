# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits of CPU, memory, processes and block I/O. The engines change most of them while a container runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ....engine.differences.engine import Engine
from ....errors import InvalidOption
from ...shared import values
from .row import Body, Inspect, Option, host_config, in_host, into_host

_INT = {"type": "int"}
_STR = {"type": "str"}
_CPUS = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")
_UNLIMITED = -1
_ULIMIT = re.compile(r"([a-z]+)[:=](-?\d+)(?::(-?\d+))?")
# Devices: the option, the key in HostConfig, and the parser of its rate.
_RATES = (
    ("device_read_bps", "BlkioDeviceReadBps", "str"),
    ("device_read_iops", "BlkioDeviceReadIOps", "int"),
    ("device_write_bps", "BlkioDeviceWriteBps", "str"),
    ("device_write_iops", "BlkioDeviceWriteIOps", "int"),
)


def updates(option: str, key: str) -> Callable[[Mapping[str, Any], Mapping[str, Any], Engine], Body | None]:
    """An update of one field. A zero is ignored by the engines: a limit is taken away by recreating only."""
    return lambda desired, actual, engine: {key: desired[option]} if desired[option] else None


def between(lowest: int, highest: int) -> Callable[[str, Any], int]:
    def parse(option: str, value: Any) -> int:
        if not lowest <= int(value) <= highest:
            raise InvalidOption(option, value, "it is out of range.", f"Use a number from {lowest} to {highest}.")
        return int(value)

    return parse


def weight(option: str, value: Any) -> int:
    return 0 if int(value) == 0 else between(10, 1000)(option, value)


def unlimited_count(option: str, value: Any) -> int:
    """Podman reports 0 and Docker null or -1 where there is no limit: -1 and 0 mean the same."""
    return max(int(value), 0) or _UNLIMITED if int(value) >= _UNLIMITED else values.count(option, value)


def read_pids_limit(inspect: Inspect, engine: Engine) -> int:
    limit = (inspect.get("HostConfig") or {}).get("PidsLimit") or _UNLIMITED
    return limit if limit > 0 else _UNLIMITED


def write_pids_limit(body: Body, limit: int, engine: Engine) -> None:
    into_host("PidsLimit")(body, engine.unlimited_pids if limit == _UNLIMITED else limit, engine)


def swap(option: str, value: Any) -> int:
    return _UNLIMITED if str(value).strip() in ("unlimited", "-1") else values.size(option, value)


def cpuset(option: str, value: Any) -> str:
    """Single numbers, sorted: 0-2,5 and 0,1,2,5 are the same."""
    text = str(value).replace(" ", "")
    if text and not _CPUS.fullmatch(text):
        raise InvalidOption(option, value, "this is no list of numbers.", "Write it like '0-3' or '0,2'.")
    return _plain_cpuset(text)


def _plain_cpuset(text: str) -> str:
    numbers: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _dash, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return ",".join(str(number) for number in sorted(numbers))


def read_cpuset(key: str) -> Callable[[Inspect, Engine], str]:
    return lambda inspect, engine: _plain_cpuset((inspect.get("HostConfig") or {}).get(key) or "")


def parse_rates(option: str, value: list[Mapping[str, Any]]) -> dict[str, int]:
    """{path of the device: bytes or operations a second}."""
    rates: dict[str, int] = {}
    for entry in value:
        path = values.directory(f"{option}.path", entry["path"])
        rate = values.size(f"{option}.rate", entry["rate"])
        if not rate:
            raise InvalidOption(f"{option}.rate", entry["rate"], "it is not positive.", "Use a positive number.")
        rates[path] = rate
    return rates


def read_rates(key: str) -> Callable[[Inspect, Engine], dict[str, int]]:
    def read(inspect: Inspect, engine: Engine) -> dict[str, int]:
        return {entry["Path"]: entry["Rate"] for entry in (inspect.get("HostConfig") or {}).get(key) or []}

    return read


def write_rates(key: str) -> Callable[[Body, Any, Engine], None]:
    def write(body: Body, rates: dict[str, int], engine: Engine) -> None:
        into_host(key)(body, [{"Path": path, "Rate": rate} for path, rate in rates.items()], engine)

    return write


def parse_ulimits(option: str, value: list[str]) -> dict[str, str]:
    """{name: "soft:hard"}."""
    limits: dict[str, str] = {}
    for entry in value:
        match = _ULIMIT.fullmatch(str(entry).lower())
        if not match:
            raise InvalidOption(option, entry, "this is no ulimit.", "Write NAME:SOFT:HARD, such as nofile:1024:4096.")
        limits[match[1]] = f"{match[2]}:{match[3] or match[2]}"
    return limits


def read_ulimits(inspect: Inspect, engine: Engine) -> dict[str, str]:
    """Podman prefixes the names with RLIMIT_."""
    found = (inspect.get("HostConfig") or {}).get("Ulimits") or []
    return {str(limit["Name"]).lower().removeprefix("rlimit_"): f"{limit['Soft']}:{limit['Hard']}" for limit in found}


def engine_ulimits(inspect: Inspect, engine: Engine) -> dict[str, str]:
    return read_ulimits(inspect, engine) if engine.adds_ulimits else {}


def write_ulimits(body: Body, limits: dict[str, str], engine: Engine) -> None:
    ends = {name: limit.split(":") for name, limit in limits.items()}
    entries = [{"Name": name, "Soft": int(soft), "Hard": int(hard)} for name, (soft, hard) in ends.items()]
    into_host("Ulimits")(body, entries, engine)


def _live(name: str, key: str, parse: Callable[[str, Any], Any], spec: Mapping[str, Any] | None = None) -> Option:
    return in_host(name, spec or _INT, key, 0, parse, update=updates(name, key))


def _cpuset(name: str, key: str) -> Option:
    return Option(
        name, _STR, "value", parse=cpuset, read=read_cpuset(key), write=into_host(key), update=updates(name, key)
    )


def _rate(name: str, key: str, kind: str) -> Option:
    suboptions = {"path": {"type": "str", "required": True}, "rate": {"type": kind, "required": True}}
    spec = {"type": "list", "elements": "dict", "options": suboptions}
    return Option(name, spec, "dict", parse=parse_rates, read=read_rates(key), write=write_rates(key))


ROWS: tuple[Option, ...] = (
    _live("blkio_weight", "BlkioWeight", weight),
    _live("cpu_period", "CpuPeriod", values.count),
    _live("cpu_quota", "CpuQuota", between(_UNLIMITED, 2**62)),
    _live("cpu_shares", "CpuShares", values.count),
    _cpuset("cpuset_cpus", "CpusetCpus"),
    _cpuset("cpuset_mems", "CpusetMems"),
    _live("kernel_memory", "KernelMemory", values.size, _STR),
    _live("memory_reservation", "MemoryReservation", values.size, _STR),
    _live("memory_swap", "MemorySwap", swap, _STR),
    Option(
        "memory_swappiness", _INT, "value",
        parse=between(0, 100), read=host_config("MemorySwappiness", None, keep_zero=True),
        write=into_host("MemorySwappiness"),
    ),
    Option(
        "pids_limit", _INT, "value",
        parse=unlimited_count, read=read_pids_limit, write=write_pids_limit,
        update=updates("pids_limit", "PidsLimit"),
    ),
    in_host("oom_killer", {"type": "bool"}, "OomKillDisable", False, values.boolean),
    in_host("oom_score_adj", _INT, "OomScoreAdj", 0, between(-1000, 1000)),
    in_host("shm_size", _STR, "ShmSize", 0, values.size),
    Option(
        "ulimits", {"type": "list", "elements": "str"}, "dict",
        parse=parse_ulimits, read=read_ulimits, write=write_ulimits, engine_own=engine_ulimits,
    ),
    *(_rate(*rate) for rate in _RATES),
)  # fmt: skip
