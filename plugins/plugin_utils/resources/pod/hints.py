# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From Podman's words about a pod to what a user can do about them."""

from __future__ import annotations

import re

from ...telling import shortened
from ..container.result import hints

# Where a pod's options have other names than a container's, or containers have none. The first that matches wins.
_HINTS = (
    (r"cannot assign requested address", "The host does not have this address: correct published_ports."),
    (r"statfs \S+: no such file or directory", "Make this path on the host first, or correct volumes."),
    (r"sysctl \S+ is not namespaced|/proc/sys/", "No pod can set this here: correct sysctls."),
    (
        r"initializing source|(?i:no such image|image not known|manifest unknown)",
        "Put the image on the host first, as with remote_image, or correct infra_image.",
    ),
    (r"is already in use|already exists", "Choose another name or infra_name, or remove what has it."),
)


def hint_for(message: str) -> str:
    """The hint for Podman's error message; of a very long one, both ends are looked at."""
    message = shortened(message, hints.LONGEST_JUDGED)
    found = (hint for pattern, hint in _HINTS if re.search(pattern, message))
    return next(found, hints.hint_for(message))
