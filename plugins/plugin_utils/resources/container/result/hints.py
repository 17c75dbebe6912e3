# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the engine's words to what a user can do about them."""

from __future__ import annotations

import re

from ....telling import shortened

_LXC_DEVICES = (
    "The host is itself an LXC container that may not set up devices. Its parent has to allow it: add "
    "'lxc.cgroup.devices.allow = a' (with cgroup v2 'lxc.cgroup2.devices.allow = a') to the container's "
    "configuration there, and restart it."
)

LONGEST_JUDGED = 4_000  # characters

# The first that matches wins.
HINTS: tuple[tuple[str, str], ...] = (
    (r"devices\.allow: operation not permitted", _LXC_DEVICES),
    (
        r"creating cgroup directory .*(No such file or directory|Read-only file system)",
        "The host has no cgroup tree for containers: the role server_setup names what it lacks.",
    ),
    (
        r"cannot expose privileged port",
        "An engine without root publishes host ports from 1024 on: choose another one in published_ports, or lower "
        "net.ipv4.ip_unprivileged_port_start on the host.",
    ),
    (
        r"(mkdir|l?stat|statfs|open) \S+: permission denied",
        "An engine without root reads and makes only what its user may: name a path of that user's, or give the right "
        "to it on the host.",
    ),
    (
        r"cannot setres[ug]id|setgroups: |unable to setup user: invalid argument|insufficient [UG]IDs available",
        "An engine without root has only the UIDs and GIDs of its user's range in /etc/subuid and /etc/subgid: use a "
        "smaller one, or widen the range there and run 'podman system migrate' as that user.",
    ),
    (
        r"oom_score_adj: Permission denied",
        "An engine without root can't give a container a lower oom_score_adj than it has itself: raise it.",
    ),
    (
        r"port is already allocated|address already in use",
        "Something else on the host listens on this port: choose another one in published_ports, "
        "or find out with 'ss -lntup' what it is.",
    ),
    (
        r"(?i)no such image|image not known",
        "Check the reference in image; with pull=never the image has to be on the host already.",
    ),
    (
        r"(?i)pull access denied|unauthorized|authentication required|denied: requested access",
        "The registry wants a login, or there is no such repository.",
    ),
    (
        r"(?i)manifest unknown|not found: manifest|name unknown|failed to resolve reference .*: not found",
        "The registry does not have this image: check name and tag.",
    ),
    (
        r"(?i)no route to host|no such host|connection refused|i/o timeout|dial tcp|network is unreachable|\bTLS\b",
        "The host cannot reach the registry. Where there is none, put the image on the host in another way, "
        "and set pull=never.",
    ),
    (
        r"(?i)short-name|did not resolve to an alias",
        "Podman knows no registry for a name without one: write it in full, such as docker.io/library/NAME.",
    ),
    (
        r"init binary|\"docker-init\"",
        "The host lacks the program that init needs (catatonit for Podman, docker-init for Docker): install it there, "
        "or set init to false.",
    ),
    (
        r"could not find (slirp4netns|pasta)",
        "The host lacks the program that this network_mode needs: install it there, or use another network_mode.",
    ),
    (
        r"only supported for rootless mode",
        "Podman as root has no such network: use network_mode=bridge, or the Podman of another user.",
    ),
    (
        r"(?i)no command (or entrypoint )?(specified|provided)",
        "The image has no command of its own: give one in command or entrypoint.",
    ),
    (
        r"controller `\w+` is not available|open `[a-z]+\.[a-z.]+` for writing: No such file",
        "The host has no controller for this limit (cgroup v2): leave the limit out on this host. An engine without "
        "root has those that systemd delegates to its user: 'Delegate=cpu cpuset io memory pids' in the section "
        "[Service] of /etc/systemd/system/user@.service.d/delegate.conf.",
    ),
    (
        r"(?i)executable file `|container process: .*executable file not found|no such file or directory: OCI runtime"
        r"|exec: .*no such file or directory|command that was not found",
        "The image has no such program: check command and entrypoint.",
    ),
    (r"executable file not found", "The host lacks this program: install it there."),
    (r"(?i)unable to find user|no matching entries in passwd", "The image has no such user: check user, or use a UID."),
    (
        r"(?i)network .*not found|unable to find network",
        "Create the network first, or check networks and network_mode.",
    ),
    (
        r"(?i)dependent containers",
        "Other containers use this one's network or volumes: remove those first.",
    ),
    (r"(?i)operation not permitted|unable to apply caps", "The host may not give the container this right."),
    (r"(?i)minimum memory limit", "Raise memory."),
)


def hint_for(message: str, default: str = "") -> str:
    """The hint for an engine's error message; of a very long one, both ends are looked at."""
    message = shortened(message, LONGEST_JUDGED)
    return next((hint for pattern, hint in HINTS if re.search(pattern, message)), default)
