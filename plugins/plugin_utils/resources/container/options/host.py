# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel of a host cannot do for its containers: the engines drop such an option, with a warning at most. A
limit that would not hold is refused; of a share, without which a container has as much as any other, it is told.

It is told by what an engine says of its host (``GET /info``). Podman looks at its kernel with cgroup v1 only; with v2,
its runtime refuses what no kernel has there when the container starts, which is when another one may have gone for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ....dataclass import dataclass
from ....engine.differences.engine import Engine
from ....engine.identity import is_rootless
from ....errors import InvalidOption

Info = Mapping[str, Any]

# The first Linux without weights of block I/O in cgroup v1.
_WITHOUT_WEIGHTS = 5


@dataclass(frozen=True)
class Lack:
    """``option`` has no effect on a host for which ``missing`` holds; ``what`` it lacks is for people.

    A value in ``nothing`` asks for nothing. ``is_told`` says that it is not refused, ``gone`` that no kernel has
    it with cgroup v2.
    """

    option: str
    what: str
    missing: Callable[[Info], bool]
    nothing: tuple[Any, ...] = (None, 0, -1, "")
    is_told: bool = False
    gone: bool = False


def _flag(key: str) -> Callable[[Info], bool]:
    return lambda info: info.get(key) is False


def _warned(pattern: str) -> Callable[[Info], bool]:
    return lambda info: any(re.search(pattern, str(warning)) for warning in info.get("Warnings") or ())


def _weightless(info: Info) -> bool:
    kernel = re.match(r"\d{1,9}", str(info.get("KernelVersion") or ""))
    gone = _cgroup(info) == "1" and kernel is not None and int(kernel.group()) >= _WITHOUT_WEIGHTS
    return gone or _warned(r"No (blkio |io\.)weight support")(info)


def _cgroup(info: Info) -> str:
    return str(info.get("CgroupVersion") or "1")


LACKS: tuple[Lack, ...] = (
    Lack("blkio_weight", "weights of block I/O", _weightless, is_told=True),
    Lack("cgroup_conf", "cgroup v2", lambda info: _cgroup(info) == "1", nothing=(None, {})),
    Lack("cpu_period", "quotas of CPU time", _flag("CpuCfsPeriod")),
    Lack("cpu_quota", "quotas of CPU time", _flag("CpuCfsQuota")),
    Lack("cpu_shares", "weights of CPU time", _flag("CPUShares")),
    Lack("cpus", "quotas of CPU time", _flag("CpuCfsQuota")),
    Lack("cpuset_cpus", "sets of CPUs", _flag("CPUSet")),
    Lack("cpuset_mems", "sets of memory nodes", _flag("CPUSet")),
    Lack("device_read_bps", "limits of block I/O", _warned(r"read_bps_device|\(rbps\)")),
    Lack("device_read_iops", "limits of block I/O", _warned(r"read_iops_device|\(riops\)")),
    Lack("device_write_bps", "limits of block I/O", _warned(r"write_bps_device|\(wbps\)")),
    Lack("device_write_iops", "limits of block I/O", _warned(r"write_iops_device|\(wiops\)")),
    Lack("memory", "limits of memory", _flag("MemoryLimit")),
    Lack("memory_reservation", "limits of memory", _flag("MemoryLimit")),
    Lack("memory_swap", "limits of swap", _flag("SwapLimit")),
    Lack("memory_swappiness", "swappiness of a cgroup", lambda _info: False, nothing=(None,), gone=True),
    Lack("oom_killer", "way to disable the OOM killer", _flag("OomKillDisable"), gone=True),
    Lack("pids_limit", "limits of processes", _flag("PidsLimit")),
)


def asked(values: Mapping[str, Any], names: Iterable[str], engine: Engine) -> list[Lack]:
    """The rows of the table that some of the given options ask about: without any, no ``Info`` is needed."""
    wanted = set(names) if engine.kernel_checks is None else set(names) & engine.kernel_checks
    return [row for row in LACKS if row.option in wanted and values.get(row.option) not in row.nothing]


def lacking(values: Mapping[str, Any], names: Iterable[str], info: Info, engine: Engine) -> list[Lack]:
    """The rows for what would be dropped on this host.

    :param values: the normalised options.
    :param names: those among them that matter.
    """
    nothing, first = _limits_nothing(info), _cgroup(info) == "1"
    says = first or engine.checks_cgroup_v2
    return [
        row
        for row in asked(values, names, engine)
        if nothing or (row.gone and not first) or (says and row.missing(info))
    ]


def require(rows: Iterable[Lack], values: Mapping[str, Any], info: Info, engine: Engine) -> None:
    """Refuse what would be dropped, unless it is only told.

    :param rows: of :func:`lacking`.
    :raises InvalidOption: naming the option, the engine, and the kernel.
    """
    for row in rows:
        if not row.is_told:
            does = "would drop it" if engine.checks_cgroup_v2 or _cgroup(info) == "1" else "starts no container with it"
            problem = f"{engine.title} {does}, because {_has_no(row, info)}."
            raise InvalidOption(row.option, values[row.option], problem, "Leave it out on this host.")


def remarks(rows: Iterable[Lack], info: Info) -> list[str]:
    """What is told of what is dropped and not refused."""
    return [f"{row.option} has no effect: {_has_no(row, info)}." for row in rows if row.is_told]


def _limits_nothing(info: Info) -> bool:
    """An engine without root has no cgroups of version 1, whatever it says."""
    return _cgroup(info) == "1" and is_rootless(info)


def _has_no(row: Lack, info: Info) -> str:
    if _limits_nothing(info):
        return "an engine without root limits nothing on a host with cgroup v1"
    return f"the host's kernel ({info.get('KernelVersion')}, cgroup v{_cgroup(info)}) has no {row.what}"
