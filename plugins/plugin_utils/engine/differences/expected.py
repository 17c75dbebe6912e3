# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no test of ours has met: engines newer than those of the tests' hosts, and what cgroup v2 has otherwise.

Read in release notes, histories of APIs and sources. Nothing asks for these rows but the documentation; what code has
to know of them is a row of the other tables.
"""

from __future__ import annotations

from ...dataclass import dataclass
from .rows import DOCKER, PODMAN, Row


@dataclass(frozen=True)
class Expected(Row):
    """What a newer engine does otherwise, and what becomes of it, in sentences for people."""

    engine: str
    sentence: str


_NOTES = "release notes and source of the engine"
NEWER: tuple[Expected, ...] = (
    Expected(
        DOCKER,
        "It takes no API before 1.44, and knows newer ones than were tried. It is asked for 1.51, with which it "
        "answers as Docker 28.5: what is new is not seen, and what is gone from newer ones is there.",
        since=(29, 0), read=_NOTES,
    ),
    Expected(
        DOCKER,
        "Where it is installed anew, images are in containerd's store, which was tried on 28.5 (the feature "
        "containerd-snapshotter). The ID of an image is then the digest of its manifest, another one than on hosts "
        "with the earlier store: what comes from an archive or another host is compared by its configuration. An image "
        "may hold several platforms: a pull for one that has come already changes nothing.",
        since=(29, 0), read=_NOTES,
    ),
    Expected(
        DOCKER,
        "Its rules for packets may be nftables' own (firewall-backend). The role lxc_host makes room for iptables' "
        "only.",
        since=(29, 0), read=_NOTES,
    ),
    Expected(
        PODMAN,
        "It does not run on a host with cgroup v1, and needs nftables: it starts no container in an LXC host whose "
        "parent has cgroup v1, but for one with the unified hierarchy.",
        since=(6, 0), read=_NOTES,
    ),
    Expected(
        PODMAN, "The network mode slirp4netns is gone: it is refused, and pasta stays.", since=(6, 0), read=_NOTES
    ),
    Expected(
        PODMAN,
        "Containers of two networks do not reach each other, also in networks that were made elsewhere than over "
        "Docker's API.",
        since=(6, 0), read=_NOTES,
    ),
    Expected(
        PODMAN,
        "A volume can be mounted from a subpath on, and interfaces get their names in the order of the networks: "
        "mounts.subpath stays refused, and networks are still connected one after the other.",
        since=(6, 0), read=_NOTES,
    ),
    Expected(
        PODMAN,
        "A container's state is told in Docker's words; its own from before are read as well.",
        since=(6, 0), read=_NOTES,
    ),
)  # fmt: skip

# What is otherwise with cgroup v2 than with v1: subject, and what it is with v2 and what becomes of it here.
CGROUP_V2: tuple[tuple[str, str], ...] = (
    ("memory_swappiness", "The kernel has no swappiness of a cgroup: it is refused."),
    ("oom_killer", "It can't be switched off for a cgroup: that is refused."),
    ("kernel_memory", "There is no limit of it, and the engines of hosts with cgroup v2 refuse it anyway."),
    (
        "memory",
        "A running container may get less than it uses: the kernel's OOM killer ends what has more, and that it ended "
        "is told. With v1 the kernel refuses that, and the container is recreated.",
    ),
    ("memory_reservation", "It is memory.low, which protects memory, where v1 has a soft limit that takes it back."),
    ("memory_swap", "The kernel limits swap by itself (memory.swap.max); the sum is asked for and reported."),
    (
        "cpu_shares",
        "It becomes a weight of 1 to 10000 (cpu.weight), 35 for 256 shares; it is reported as it was asked for.",
    ),
    (
        "blkio_weight",
        "It becomes io.bfq.weight or io.weight, where the kernel has one (3940 for 400), and is changed while the "
        "container runs; with v1, no kernel since Linux 5.0 has it.",
    ),
    (
        "device_read_bps and its like",
        "They are lines of io.max. One that the kernel cannot limit, such as /dev/random, fails at the start.",
    ),
    (
        "device_cgroup_rules",
        "A program in the kernel decides on devices instead of a list in the devices cgroup, so that an LXC host needs "
        "no devices.allow of its parent for that.",
    ),
    ("cgroupns_mode", "Without it, a container sees its own cgroups only (private), with v1 the host's."),
    (
        "stats (of remote_container_info)",
        "The cache of files that is not counted as used is called otherwise (inactive_file, with v1 "
        "total_inactive_file), and so are reads and writes of blocks: both are read. There is no usage by CPU, which "
        "is not asked for.",
    ),
    (
        "limits on a host without controllers",
        "Docker says what it lacks, and the option is refused. Podman does not, and its runtime fails: the task's "
        "error says that the host has no controller for it.",
    ),
)
