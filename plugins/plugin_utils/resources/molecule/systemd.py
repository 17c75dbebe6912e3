# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd needs as a container's first process. Tried with cgroups v1 and v2, in LXC hosts too, without
``privileged``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...engine.differences.engine import Engine

_CGROUPS = "/sys/fs/cgroup"
_TMPFS = ("/run", "/run/lock", "/tmp:exec,mode=1777")  # noqa: S108 - the container's
_OF_BOTH = {"command": ["/sbin/init"], "stop_signal": "SIGRTMIN+3"}


def systemd(options: Mapping[str, Any], engine: str) -> dict[str, Any]:
    """The options of a container with what its first process, systemd, needs beside them.

    :param engine: its name.
    """
    found = {**_OF_BOTH, **options}
    if Engine(engine, ()).prepares_systemd:
        return found
    found.setdefault("cgroupns_mode", "host")
    found["env"] = {"container": "docker", **(options.get("env") or {})}
    found["tmpfs"] = _with(list(options.get("tmpfs") or ()), _TMPFS, 0)
    found["volumes"] = _with(list(options.get("volumes") or ()), (f"{_CGROUPS}:{_CGROUPS}:rw",), 1)
    return found


def _with(entries: list[str], more: tuple[str, ...], part: int) -> list[str]:
    """Entries, and more of these where none has the same path inside.

    :param part: where that path is, between colons.
    """
    there = {entry.split(":")[min(part, entry.count(":"))] for entry in entries}
    return [*entries, *(entry for entry in more if entry.split(":")[part] not in there)]
