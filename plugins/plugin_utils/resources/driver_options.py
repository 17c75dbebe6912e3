# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in the driver options of networks and volumes, such as the password of a CIFS mount, as results show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import (
    MASK,
    looks_secret,
    mask_assignments,
    mask_url,
)

# The parts of mount options, ``o: addr=nas,username=app,password=...``; a comma belongs to a value where it is written
# twice, or between quotation marks.
_PART = re.compile(r"""(?<![\w.-])(?P<key>[\w.-]++)=(?P<value>(?:"[^"]*"|'[^']*'|,,|[^,])*)""")


def masked(options: Mapping[str, str]) -> dict[str, str]:
    """Driver options without the values of secret-looking names, also where these are parts of mount options."""
    return {
        key: MASK if value and looks_secret(key) else _PART.sub(_part, mask_url(value))
        for key, value in options.items()
    }


def _part(found: re.Match[str]) -> str:
    if looks_secret(found["key"]) and found["value"]:
        return f"{found['key']}={MASK}"
    return mask_assignments(found[0])


def secrets(options: Mapping[str, str]) -> Iterator[str]:
    """The values that are masked in parts of mount options, which are to be kept out of the engine's messages too."""
    for value in options.values():
        for part in _PART.finditer(value):
            if looks_secret(part["key"]):
                yield part["value"]


def masked_pair(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Both sides of a difference; where they look alike once masked, it says which is which."""
    old, new = masked(before), masked(after)
    for key in set(old) & set(new):
        if old[key] == new[key] and before[key] != after[key]:
            old[key] += " (old)"
            new[key] += " (new)"
    return old, new
