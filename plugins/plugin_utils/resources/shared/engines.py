# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs between the engines, as data; every line was found by trying on Podman 4.3, 5.4, Docker 20.10, 26.1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# The capabilities that Docker gives every container, and those that Podman 4.4 and newer do.
_DOCKER = (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID "
    "SYS_CHROOT"
)
_OTHERS = (
    "AUDIT_CONTROL AUDIT_READ BLOCK_SUSPEND BPF CHECKPOINT_RESTORE DAC_READ_SEARCH IPC_LOCK IPC_OWNER LEASE "
    "LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE NET_ADMIN NET_BROADCAST PERFMON SYSLOG SYS_ADMIN SYS_BOOT SYS_MODULE "
    "SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM"
)
DOCKER_CAPABILITIES = frozenset(_DOCKER.split())
PODMAN_CAPABILITIES = DOCKER_CAPABILITIES - {"AUDIT_WRITE", "MKNOD", "NET_RAW"}
ALL_CAPABILITIES = DOCKER_CAPABILITIES | frozenset(_OTHERS.split())

# Environment variables that Podman adds to every container; their values are its own.
PODMAN_ENV = frozenset({"container", "HOME", "HOSTNAME", "PATH", "TERM"})
# Options that Podman appends to every tmpfs, and the tmpfs mounts it adds to a read-only container.
PODMAN_TMPFS_OPTIONS = frozenset({"rw", "rprivate", "nosuid", "nodev", "tmpcopyup"})
PODMAN_READ_ONLY_TMPFS = frozenset({"/dev", "/dev/shm", "/run", "/tmp", "/var/tmp"})  # noqa: S108 - mount points
# The name of the default network, by engine; both call the mode "bridge".
DEFAULT_NETWORK = {"podman": "podman", "docker": "bridge"}
# The first Podman whose update call was seen to work; 4.3 has none.
PODMAN_UPDATE = (5, 4)
PODMAN_PASTA = (4, 4)
DOCKER_WITHOUT_KERNEL_MEMORY = (23,)
# The first Docker that creates a container in more than one network (API 1.44).
DOCKER_ALL_NETWORKS = (25,)
LIVE_FIELDS = frozenset(
    {"BlkioWeight", "CpuPeriod", "CpuQuota", "CpuShares", "CpusetCpus", "CpusetMems", "NanoCpus"}
    | {"Memory", "MemoryReservation", "MemorySwap", "PidsLimit", "RestartPolicy"}
)


@dataclass(frozen=True)
class Engine:
    """An engine as far as containers are concerned. ``version`` holds the leading numbers, such as (4, 3, 1)."""

    name: str
    version: tuple[int, ...] = ()

    @classmethod
    def of(cls, identity: Any) -> Engine:
        """From anything with ``name`` and ``version`` texts, such as an EngineIdentity."""
        numbers = re.match(r"[\d.]{0,50}", str(identity.version))
        return cls(identity.name, tuple(int(n) for n in (numbers.group() if numbers else "").split(".") if n))

    @property
    def podman(self) -> bool:
        return self.name == "podman"

    def live_fields(self, running: bool) -> frozenset[str]:
        """The fields of HostConfig that the engine's update call changes, and that inspect shows at once.

        What Podman changes in a stopped container, but for the restart policy, shows only after its next start.
        """
        if not self.podman:
            return LIVE_FIELDS | ({"KernelMemory"} if self.version < DOCKER_WITHOUT_KERNEL_MEMORY else frozenset())
        if self.version < PODMAN_UPDATE:
            return frozenset()
        return LIVE_FIELDS if running else frozenset({"RestartPolicy"})

    @property
    def creates_in_all_networks(self) -> bool:
        """Whether a creation takes more than one network."""
        return not self.podman and self.version >= DOCKER_ALL_NETWORKS

    @property
    def sets_policy_live(self) -> bool:
        """Whether the restart policy of a container can be changed, be it stopped or not."""
        return not self.podman or self.version >= PODMAN_UPDATE

    @property
    def reported_base(self) -> frozenset[str]:
        """The capability set from which Podman's inspect reports the difference (Docker reports what was asked)."""
        return PODMAN_CAPABILITIES if self.version >= (5,) else DOCKER_CAPABILITIES

    @property
    def default_network(self) -> str:
        return DEFAULT_NETWORK[self.name]
