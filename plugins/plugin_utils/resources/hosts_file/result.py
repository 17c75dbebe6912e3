# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What remote_host and remote_host_info tell of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import Any

from ...hosts import chain
from ...hosts.entry import HostEntry, HostsFile
from ...hosts.variables import host_groups
from .options import Chosen
from .plan import Planned, found_by_name


def of_change(planned: Planned, path: str, backup: str | None) -> dict[str, Any]:
    """The result of remote_host.

    :param path: the file that is written, behind all links.
    :param backup: where the file is kept as it was, None where it is not.
    """
    return {
        "changed": planned.plan.changed,
        "path": path,
        "host": told(planned.entry) if planned.entry else None,
        "default_host": planned.hosts.default_host,
        "backup_file": backup,
        "actions": planned.plan.actions(),
        "diff": {
            "before": planned.before or "", "after": planned.after if planned.plan.changed else planned.before or "",
            "before_header": path, "after_header": path,
        },
    }  # fmt: skip


def of_file(hosts: HostsFile, chosen: Chosen, path: str) -> dict[str, Any]:
    """The result of remote_host_info."""
    entries = found_by_name(hosts)
    found = [
        {**told(entry), "jump_chain": [hop.place for hop in chain.hops(entry, entries)]}
        for entry in _chosen(hosts, chosen)
    ]
    return {"changed": False, "path": path, "hosts": found, "default_host": hosts.default_host}


def told(entry: HostEntry) -> dict[str, Any]:
    """An entry as data; None where the file says nothing."""
    return {**asdict(entry), "groups": list(entry.groups)}


def _chosen(hosts: HostsFile, chosen: Chosen) -> Iterator[HostEntry]:
    for entry in hosts.hosts:
        if chosen.names is not None and not any(fnmatchcase(entry.name, name) for name in chosen.names):
            continue
        if chosen.groups is not None and not set(chosen.groups) & set(host_groups(entry, hosts.default_host)):
            continue
        yield entry
