# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What engines report in another way than today's Docker, and what is evened out without asking which engine it is.

The rows of ``REPORTS`` are fields of ``Engine``. Those of ``EVENED_OUT`` say why something is done for every engine in
the same way; they were tried as the others were.
"""

from __future__ import annotations

from .rows import DOCKER, PODMAN, Difference

_DOCKERS = (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID "
    "SYS_CHROOT"
)
_OTHERS = (
    "AUDIT_CONTROL AUDIT_READ BLOCK_SUSPEND BPF CHECKPOINT_RESTORE DAC_READ_SEARCH IPC_LOCK IPC_OWNER LEASE "
    "LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE NET_ADMIN NET_BROADCAST PERFMON SYSLOG SYS_ADMIN SYS_BOOT SYS_MODULE "
    "SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM"
)
# The capabilities that the engines give every container.
DOCKER_CAPABILITIES = frozenset(_DOCKERS.split())
PODMAN_CAPABILITIES = DOCKER_CAPABILITIES - {"AUDIT_WRITE", "MKNOD", "NET_RAW"}
ALL_CAPABILITIES = DOCKER_CAPABILITIES | frozenset(_OTHERS.split())

REPORTS: tuple[Difference, ...] = (
    Difference(
        "keeps_words", PODMAN, False,
        "It reports volumes, capabilities and stop signals in words of its own. Docker reports them as they were "
        "written, and there they are written as in the task, so that docker_container finds no difference either.",
    ),
    Difference(
        "default_capabilities", PODMAN, PODMAN_CAPABILITIES,
        "A container has neither AUDIT_WRITE nor MKNOD nor NET_RAW unless they are asked for.",
    ),
    Difference(
        "capabilities_relative_to", PODMAN, DOCKER_CAPABILITIES,
        "Added and dropped capabilities are reported as the difference to Docker's usual set: what a container really "
        "has is compared.",
        before=(5, 0),
    ),
    Difference(
        "capabilities_relative_to", PODMAN, PODMAN_CAPABILITIES,
        "Added and dropped capabilities are reported as the difference to its usual set: what a container really has "
        "is compared.",
        since=(5, 0),
    ),
    Difference(
        "added_env", PODMAN, frozenset({"container", "HOME", "HOSTNAME", "PATH", "TERM"}),
        "It adds container, HOSTNAME, PATH, and HOME or TERM to every container's environment: no drift.",
    ),
    Difference(
        "added_tmpfs_options", PODMAN, frozenset({"rw", "rprivate", "nosuid", "nodev", "tmpcopyup"}),
        "It adds options to every tmpfs, rw among them: no drift.", before=(5, 5), read="5.4 does, and 5.8 does not",
    ),
    Difference(
        "added_tmpfs_options", PODMAN, frozenset({"rprivate", "nosuid", "nodev", "tmpcopyup"}),
        "It adds options to every tmpfs: no drift.", since=(5, 5),
    ),
    Difference(
        "read_only_adds_tmpfs", PODMAN, frozenset({"/run", "/tmp", "/var/tmp"}),  # noqa: S108 - mount points
        "The tmpfs mounts that it adds to a container with a read-only root are reported: no drift.",
        before=(4, 4), read="since 4.4 they are added and not reported, by Podman's source",
    ),
    Difference(
        "adds_ulimits", PODMAN, True,
        "It adds nofile and nproc to ulimits, 4.3 where others are asked for, 5.4 always: no drift.",
    ),
    Difference(
        "network_mode_hides_name", PODMAN, True,
        "The network mode is reported as bridge for every network: the container's networks are compared.",
    ),
    Difference("default_mode_words", PODMAN, frozenset({"private"}), "It calls its usual network mode private, too."),
    Difference("json_file_is_k8s_file", PODMAN, True, "It reports the log driver json-file as k8s-file: the same."),
    Difference(
        "noquota_apart", PODMAN, True, "It reports a volume's option noquota under a name of its own: the same."
    ),
    Difference(
        "reports_bind_labels", PODMAN, False,
        "Once a container has been started, z and Z of its paths of the host are not reported: they are not compared.",
    ),
)  # fmt: skip

EVENED_OUT: tuple[Difference, ...] = (
    Difference(
        "stop_refuses_paused", PODMAN, True, "A paused container can't be stopped or restarted: it is resumed before."
    ),
    Difference(
        "exec_creation_looks_for_user", DOCKER, True,
        "A command for a user whom the container does not have is refused before it is prepared, and elsewhere when it "
        "starts: it is told as a command that could not be started.",
        since=(28, 0), read="28.5 does, and 26.1 does not",
    ),
    Difference(
        "rename_refuses_same", DOCKER, True, "A container can't be given the name that it has: it is not asked for."
    ),
    Difference(
        "create_refuses_networks", DOCKER, True, "A creation takes one network only: see above.", before=(25, 0)
    ),
    Difference(
        "publishes_only_exposed", DOCKER, True,
        "Only ports that are exposed, too, are published: published_ports exposes them.",
    ),
    Difference(
        "reports_assigned_ports", PODMAN, True,
        "A port that it chose is reported as if it had been asked for: where none was asked for, any is right.",
    ),
    Difference(
        "any_address", PODMAN, "0.0.0.0",  # noqa: S104 - what is reported
        "A port on all addresses is reported with 0.0.0.0: the same as without an address.", since=(5, 0),
    ),
    Difference(
        "default_working_dir", PODMAN, "/", "Where no working directory was asked for, / is reported: the same as none."
    ),
    Difference("stop_signal_is_number", PODMAN, True, "The stop signal is reported as a number: the same as its name."),
    Difference(
        "boot_starts_unless_stopped", PODMAN, True,
        "podman-restart.service starts containers of the policy unless-stopped, too: the unit's own text is looked at.",
        since=(5, 8), read="seen on 5.8.6",
    ),
    Difference(
        "shows_env_secrets", PODMAN, True,
        "A variable that has its value from a secret is reported with that value, and not with the secret's name: who "
        "uses such a secret is known of containers of Podman's own command line only.",
        before=(5, 3),
    ),
    Difference(
        "stops_degraded_pods", PODMAN, False,
        "A pod of which not all containers run is not stopped when it is asked to be: its containers are, one by one.",
    ),
    Difference(
        "leaves_failed_pods", PODMAN, True,
        "A pod that could not be created is there all the same, without its own container: it is removed.",
        before=(5, 0), read="5.4 removes it itself",
    ),
)  # fmt: skip
