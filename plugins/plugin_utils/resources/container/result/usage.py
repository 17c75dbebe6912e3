# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a container uses, does and has changed: one shape for both engines. Pure: the engines' answers in, dicts out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...shared.moments import timestamp
from ...shared.secrets import Masker

Stats = Mapping[str, Any]

_COLUMNS = {
    "PID": "pid", "PPID": "ppid", "USER": "user", "UID": "user", "%CPU": "cpu_percent", "C": "cpu_percent",
    "ELAPSED": "elapsed", "COMMAND": "command", "CMD": "command",
}  # fmt: skip
# ps writes [[days-]hours:]minutes:seconds, Podman 1h2m3.4s.
_ELAPSED = (
    re.compile(r"(?:(?:(?P<d>\d+)-)?(?P<h>\d+):)?(?P<m>\d+):(?P<s>\d+)"),
    re.compile(r"(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)(?:\.\d+)?s|[\d.]+[mµn]s)?"),
)
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_KINDS = {0: "modified", 1: "added", 2: "removed"}
_NANO = 10**9
# Above this, a limit is the kernel's word for none.
_NO_LIMIT = 1 << 60


def stats_result(first: Stats, second: Stats) -> dict[str, Any]:
    """The usage, from two looks at a running container.

    ``cpu_percent`` is that of one CPU, over the time between them; sizes are in bytes, counters from the container's
    start on.
    """
    memory = _memory(second)
    return {
        "read_at": timestamp(second.get("read")),
        "cpu_percent": _cpu_percent(first, second),
        "cpu_seconds": round(_cpu_total(second) / _NANO, 3),
        **memory,
        "network_received": sum(_counters(second, "rx_bytes")),
        "network_sent": sum(_counters(second, "tx_bytes")),
        "block_read": _block(second, "read"),
        "block_written": _block(second, "write"),
        "pids": int((second.get("pids_stats") or {}).get("current") or 0),
    }


def _cpu_total(stats: Stats) -> int:
    return int(((stats.get("cpu_stats") or {}).get("cpu_usage") or {}).get("total_usage") or 0)


def _cpu_percent(first: Stats, second: Stats) -> float:
    between = _seconds(second.get("read")) - _seconds(first.get("read"))
    used = (_cpu_total(second) - _cpu_total(first)) / _NANO
    return round(max(used, 0.0) / between * 100, 2) if between > 0 else 0.0


def _seconds(moment: Any) -> float:
    text = timestamp(moment)
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _memory(stats: Stats) -> dict[str, Any]:
    """What could be taken back at once, the cache of files not in use, is not counted, as the engines' own tools do."""
    memory = stats.get("memory_stats") or {}
    details = memory.get("stats") or {}
    cache = int(details.get("inactive_file") or details.get("total_inactive_file") or 0)
    usage, limit = int(memory.get("usage") or 0), int(memory.get("limit") or 0)
    used = usage - cache if cache < usage else usage
    known = 0 < limit < _NO_LIMIT
    return {
        "memory_used": used,
        "memory_limit": limit if known else None,
        "memory_percent": round(used / limit * 100, 2) if known else None,
    }


def _counters(stats: Stats, name: str) -> Iterable[int]:
    return (int(network.get(name) or 0) for network in (stats.get("networks") or {}).values())


def _block(stats: Stats, what: str) -> int:
    entries = (stats.get("blkio_stats") or {}).get("io_service_bytes_recursive") or []
    return sum(int(entry.get("value") or 0) for entry in entries if str(entry.get("op")).lower() == what)


def top_result(top: Mapping[str, Any], masker: Masker) -> list[dict[str, Any]]:
    """The processes: [{pid, ppid, user, cpu_percent, elapsed, command}], None for what the engine does not tell."""
    names = [_COLUMNS.get(str(title).upper(), "") for title in top.get("Titles") or []]
    return [_process(names, fields, masker) for fields in top.get("Processes") or []]


def _process(names: Sequence[str], fields: Sequence[str], masker: Masker) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(("pid", "ppid", "user", "cpu_percent", "elapsed", "command"))
    for name, field in zip(names, fields, strict=False):
        if name:
            row[name] = _field(name, str(field).strip())
    if row["command"] is not None:
        row["command"] = masker.text(row["command"])
    return row


def _field(name: str, text: str) -> Any:
    try:
        return _READ[name](text) if name in _READ else text
    except ValueError:
        return None


def _elapsed(text: str) -> int:
    """Whole seconds."""
    for pattern in _ELAPSED:
        if text and (found := pattern.fullmatch(text)):
            return sum(_SECONDS[unit] * int(number) for unit, number in found.groupdict("0").items())
    raise ValueError(text)


_READ: dict[str, Callable[[str], Any]] = {"pid": int, "ppid": int, "cpu_percent": float, "elapsed": _elapsed}


def changes_result(changes: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What differs from the image: [{path, kind}], kind being modified, added or removed; sorted by path."""
    found = [
        {"path": str(change["Path"]), "kind": _KINDS.get(int(change.get("Kind") or 0), "modified")}
        for change in changes
    ]
    return sorted(found, key=lambda change: change["path"])
