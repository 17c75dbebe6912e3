# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place where Podman and Docker, and their versions, are told apart: facts as data, each seen on a real engine.

What an engine does with each option of a container is the table in resources/container/support.py.
Seen on Podman 4.3.1 and 5.4.2, Docker 20.10.24 and 26.1.5, rootful, through the Docker-compatible API 1.41.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .identity import EngineIdentity

PODMAN_CAPABILITIES = frozenset(
    {"CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE"}
    | {"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"}
)
DOCKER_CAPABILITIES = PODMAN_CAPABILITIES | {"AUDIT_WRITE", "MKNOD", "NET_RAW"}
RESOURCES = frozenset(
    {"Memory", "MemorySwap", "MemoryReservation", "NanoCpus", "CpuShares", "CpusetCpus", "PidsLimit", "RestartPolicy"}
)


@dataclass(frozen=True)
class Dialect:
    """How an engine reports, defaults and behaves. The defaults of the fields are Docker's."""

    # --- requests
    # HostConfig fields that POST /containers/{id}/update changes; empty where the engine has no such request.
    live_update: frozenset[str] = RESOURCES
    # Memory cannot be updated without MemorySwap where the container had none.
    update_pairs_memory_swap: bool = True
    # What an update of an exited container changed (but for RestartPolicy) is reported only when it has been started.
    stopped_update_shows_at_start: bool = False
    # An update without RestartPolicy sets it to "no".
    update_resets_restart_policy: bool = False
    # NanoCpus in an update is ignored; CpuPeriod and CpuQuota are not.
    update_ignores_nano_cpus: bool = False
    # Stopping or restarting a paused container is refused: it has to be unpaused first.
    stop_refuses_paused: bool = False
    # A restart without a timeout kills at once, whatever the container's StopTimeout.
    restart_ignores_stop_timeout: bool = False
    # A forced removal waits for the container's StopTimeout before it kills.
    force_remove_waits: bool = False
    # Renaming a container to the name it has is refused.
    rename_refuses_same: bool = True
    # More than one network in NetworkingConfig at creation.
    create_takes_networks: bool = True
    # A container whose network or volumes others use cannot be removed before them.
    remove_refuses_dependents: bool = False
    # "busybox" finds localhost/busybox (and the configured registries' images).
    resolves_short_names: bool = False

    # GET /distribution/{name}/json, which asks the registry for an image's digest.
    asks_registries: bool = True
    # A name without a registry may be taken for any registry's image whose name ends like it, by every request.
    guesses_registries: bool = False
    # A build takes its hosts as one JSON list, and its network as the namespace that it is.
    build_takes_namespaces: bool = False
    # host-gateway among a build's hosts is resolved; else the host is left out without a word.
    build_resolves_host_gateway: bool = True
    # A build gives ARG TARGETARCH and its like their values.
    build_gives_platforms: bool = False
    # A forced removal of an image removes the containers made from it too.
    image_force_removes_containers: bool = False
    # An archive may lack the content of each layer that some image has; else only that of the lowest ones, together.
    reuses_single_layers: bool = False
    # An OCI layout without a manifest.json of docker-archive's can be loaded.
    loads_oci_layouts: bool = False
    # An archive may be compressed.
    loads_compressed: bool = True

    # An archive of a container's files tells whose they are; else all are said to be the container's user's.
    archives_tell_owners: bool = True
    # It holds what the container sees on a tmpfs; else what is beneath.
    archives_reach_tmpfs: bool = False

    # Only ports that are in Config.ExposedPorts too are published.
    publishes_only_exposed: bool = True

    # --- defaults, where the user says nothing
    # Seconds; None where the engine uses 10. Podman 4.3 takes 0, so its stop kills at once unless one is given.
    default_stop_timeout: int | None = None
    default_network: str = "bridge"
    default_capabilities: frozenset[str] = DOCKER_CAPABILITIES
    default_working_dir: str = ""
    # Names in Config.Env that the engine adds by itself.
    added_env: frozenset[str] = frozenset()
    # Mount points that ReadonlyRootfs adds to HostConfig.Tmpfs.
    read_only_adds_tmpfs: frozenset[str] = frozenset()
    # Options that the engine appends to each entry of HostConfig.Tmpfs and HostConfig.Binds.
    added_mount_options: frozenset[str] = frozenset()

    # --- what inspect reports
    # CapAdd and CapDrop are the difference between the container's set and this one; None: just what was given.
    capabilities_relative_to: frozenset[str] | None = None
    # NetworkMode is "bridge" for every bridge network; the networks are the keys of NetworkSettings.Networks.
    network_mode_hides_name: bool = False
    # StopSignal is a number in a string ("15"), also where none was set.
    stop_signal_is_number: bool = False
    # An empty HostPort is reported as the port that was assigned.
    reports_assigned_ports: bool = False
    # The HostIp that stands for "all addresses" in HostConfig.PortBindings.
    any_address: str = ""


DOCKER = Dialect()
PODMAN = Dialect(
    archives_tell_owners=False,
    archives_reach_tmpfs=True,
    asks_registries=False,
    guesses_registries=True,
    build_takes_namespaces=True,
    build_gives_platforms=True,
    image_force_removes_containers=True,
    reuses_single_layers=True,
    loads_oci_layouts=True,
    publishes_only_exposed=False,
    update_pairs_memory_swap=False,
    stopped_update_shows_at_start=True,
    update_resets_restart_policy=True,
    update_ignores_nano_cpus=True,
    stop_refuses_paused=True,
    restart_ignores_stop_timeout=True,
    force_remove_waits=True,
    rename_refuses_same=False,
    remove_refuses_dependents=True,
    resolves_short_names=True,
    default_network="podman",
    default_capabilities=PODMAN_CAPABILITIES,
    default_working_dir="/",
    added_env=frozenset({"PATH", "HOME", "HOSTNAME", "container"}),
    added_mount_options=frozenset({"rw", "rprivate", "nosuid", "nodev", "rbind", "tmpcopyup"}),
    capabilities_relative_to=PODMAN_CAPABILITIES,
    network_mode_hides_name=True,
    stop_signal_is_number=True,
    reports_assigned_ports=True,
    any_address="0.0.0.0",  # noqa: S104 - what is reported, not what is bound
)
PODMAN_4 = replace(
    PODMAN,
    live_update=frozenset(),
    loads_compressed=False,
    build_resolves_host_gateway=False,
    default_stop_timeout=0,
    added_env=frozenset({"PATH", "TERM", "HOSTNAME", "container"}),
    read_only_adds_tmpfs=frozenset({"/run", "/tmp", "/var/tmp"}),  # noqa: S108 - names in an answer
    capabilities_relative_to=DOCKER_CAPABILITIES,
    any_address="",
)

# API 1.44 came with Docker 25.
DOCKER_BEFORE_25 = replace(DOCKER, create_takes_networks=False)

# (name, first release, dialect), newest first; the last row of a name serves everything older.
DIALECTS: tuple[tuple[str, tuple[int, int], Dialect], ...] = (
    ("podman", (5, 0), PODMAN),
    ("podman", (0, 0), PODMAN_4),
    ("docker", (25, 0), DOCKER),
    ("docker", (0, 0), DOCKER_BEFORE_25),
)

# Words for "this container does not run and has run": inspect's, and the list's on Podman just after the end.
STATUS_WORDS = {"stopped": "exited", "configured": "created", "initialized": "created"}


def dialect(identity: EngineIdentity) -> Dialect:
    """The dialect of an engine."""
    return next(row for name, since, row in DIALECTS if name == identity.name and identity.release >= since)


def status_word(reported: str) -> str:
    """One word for a container's state on every engine: created, running, paused, exited, … (Docker's words)."""
    return STATUS_WORDS.get(reported, reported)
