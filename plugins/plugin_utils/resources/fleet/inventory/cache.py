# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of a reading for the next run: the hosts that were read completely, as long as they are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..options import Wanted, asked

FORMAT = 1  # to be raised when what is kept changes its shape
Entries = dict[str, dict[str, Any]]


def digest(*parts: Any) -> str:
    """A short name for anything made of plain data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def keep(entries: Mapping[str, Mapping[str, Any]], wanted: Wanted, ways: Mapping[str, str]) -> dict[str, Any]:
    """What a cache is given.

    :param ways: by host, the digest of how it is reached. A host without one, or with an error, is not kept.
    """
    hosts = {
        host: {"way": ways[host], "entry": dict(entry)}
        for host, entry in entries.items()
        if host in ways and not entry.get("error")
    }
    return {"format": FORMAT, "asked": digest(asked(wanted)), "hosts": hosts}


def kept(content: Any, wanted: Wanted, ways: Mapping[str, str]) -> Entries:
    """The entries of these hosts in what a cache has; those that were read otherwise, or elsewhere, are left out."""
    try:
        if content["format"] != FORMAT or content["asked"] != digest(asked(wanted)):
            return {}
        hosts = content["hosts"]
        same = {host: hosts[host] for host, way in ways.items() if host in hosts and hosts[host]["way"] == way}
        return {host: one["entry"] for host, one in same.items() if "engines" in one["entry"]}
    except (KeyError, TypeError):  # others write into caches, too
        return {}
