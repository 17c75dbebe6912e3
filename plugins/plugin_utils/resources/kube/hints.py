# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From Podman's words about a YAML to what a user can do about them."""

from __future__ import annotations

import re

from ...telling import shortened
from ..container.result import hints

# The first that matches wins.
_HINTS = (
    (r"statfs \S+: no such file or directory|no such file or directory.*HostPath|HostPath",
     "Make this path on the host first, or correct hostPath; type: DirectoryOrCreate makes it."),
    (r"cannot assign requested address", "The host does not have this address: correct hostIP."),
    (r"sysctl \S+ is not namespaced|/proc/sys/", "No pod can set this here: correct sysctls."),
    (r"initializing source|(?i:no such image|image not known|manifest unknown)",
     "Put the image on the host first, as with remote_image, or correct image."),
    (r"is already in use|already exists", "Remove what has this name, or rename the pod or container in the YAML."),
    (r"address already in use|already allocated", "Use another hostPort, or end what has that port."),
    (r"init container \S+ exited", "Look at what the init container does: remote_container_logs shows its output."),
)  # fmt: skip


def hint_for(message: str) -> str:
    """The hint for Podman's error message; of a very long one, both ends are looked at."""
    message = shortened(message, hints.LONGEST_JUDGED)
    found = (hint for pattern, hint in _HINTS if re.search(pattern, message))
    return next(found, hints.hint_for(message))
