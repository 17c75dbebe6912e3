# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of reading a fleet: an entry for each host, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...telling import listed
from .options import Wanted, asked
from .totals import failed_hosts, totals

Entry = dict[str, Any]


def entry(
    host: str,
    groups: Sequence[str],
    engines: Sequence[Entry],
    error: Mapping[str, Any] | None = None,
    *,
    reached: bool,
    seconds: float = 0.0,
) -> Entry:
    """What is told of one host.

    :param error: {kind, message, hint} of what kept it from giving all that was asked for, None where nothing did.
    """
    told: Entry = {
        "host": host, "groups": sorted(groups), "reached": reached, "complete": error is None,
        "seconds": round(seconds, 3), "engines": list(engines),
    }  # fmt: skip
    return told if error is None else {**told, "error": dict(error)}


def result(hosts: Sequence[Entry], wanted: Wanted) -> Entry:
    """The module's result. It has failed where no host gave anything, or where not all did and ``require_complete``."""
    failed = failed_hosts(hosts)
    told: Entry = {
        "changed": False,
        "hosts": list(hosts),
        "failed_hosts": failed,
        "complete": not failed,
        "asked": asked(wanted),
        "totals": totals(hosts),
    }
    return {**told, **outcome(hosts, require_complete=wanted.require_complete)}


def outcome(hosts: Sequence[Entry], *, require_complete: bool) -> Entry:
    """Whether reading these hosts has failed, and what is told where some could not be read; {} where all could."""
    failed = failed_hosts(hosts)
    if not failed:
        return {}
    words = listed((f"{one['host']}: {one['message']}" for one in failed), "\n")
    number = f"{len(failed)} of {len(hosts)} hosts" if len(hosts) > 1 else "The host"
    msg = f"{number} could not be read completely:\n{words}"
    if require_complete or not any(one["reached"] for one in hosts):
        first = next(one["error"] for one in hosts if one.get("error"))
        return {"failed": True, "msg": msg, "error": first}
    return {"warnings": [msg]}
