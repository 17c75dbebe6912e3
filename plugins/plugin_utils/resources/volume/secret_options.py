# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in a volume's driver options, such as the password of a CIFS mount, kept out of results and diffs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.secrets import MASK, looks_secret, mask_env

# The parts of mount options: ``o: addr=nas,username=app,password=...``.
_PART = re.compile(r"(?P<key>[\w.-]+)=(?P<value>[^,]*)")


def masked(options: Mapping[str, str]) -> dict[str, str]:
    """Driver options without the values of secret-looking names, also where these are parts of mount options."""
    return {key: _PART.sub(_part, value) for key, value in mask_env(options).items()}


def _part(found: re.Match[str]) -> str:
    secret = looks_secret(found["key"]) and found["value"]
    return f"{found['key']}={MASK}" if secret else found[0]


def masked_pair(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Both sides of a difference; where they look alike once masked, it says which is which."""
    old, new = masked(before), masked(after)
    for key in set(old) & set(new):
        if old[key] == new[key] and before[key] != after[key]:
            old[key] += " (old)"
            new[key] += " (new)"
    return old, new
