# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An engine and its version as one value, from which everybody takes in what it differs from others.

Nobody else compares names or versions of engines: ``engine`` and ``resources`` ask for a fact by its name.
"""

from __future__ import annotations

import re
from typing import Any

from ...dataclass import dataclass
from . import behaviour, reports
from .rows import TITLES, WITHOUT_ROOT, Difference, Version, written

_LEADING_NUMBERS = re.compile(r"[\d.]{0,50}")

# By what they are about, in the words of the documentation; what is here are fields of ``Engine``.
TOPICS: dict[str, tuple[Difference, ...]] = {
    "Creating containers": behaviour.CREATING,
    "Changing, stopping and removing containers": behaviour.CHANGING,
    "Networks": behaviour.NETWORKS,
    "Images": behaviour.IMAGES,
    "Inside containers": behaviour.INSIDE,
    "Secrets": behaviour.SECRETS,
    "Pods": behaviour.PODS,
    "What is reported": reports.REPORTS,
}
DIFFERENCES: tuple[Difference, ...] = tuple(row for rows in TOPICS.values() for row in rows)


class Facts:
    """What today's Docker does. The rows of ``DIFFERENCES`` say what is otherwise on which engine, and what it means.

    Timeouts are in seconds, ``cpus_step`` in billionths of a CPU.
    """

    # Creating containers
    default_stop_timeout: int | None = None  # None: that of the engine, 10, without writing it down
    creates_in_all_networks: bool = True
    takes_interface_sysctls: bool = False
    mac_is_of_container: bool = False
    connects_with_mac: bool = False
    misreads_long_mounts: bool = False
    unlimited_pids: int = -1
    cpus_step: int = 1
    merges_healthchecks: bool = True
    takes_all_device_drivers: bool = True
    takes_port_ranges: bool = True
    binds_to_zones: bool = True
    default_host_ip: str = "0.0.0.0"  # noqa: S104 - what docker_container asks for
    has_quadlets: bool = False
    auto_update_takes_access: bool = False
    auto_update_hides_errors: bool = False
    prepares_systemd: bool = False
    command_socket_option: str = "--host"
    command_finds_own_engine: bool = False
    shares_uts: bool = False
    user_modes: tuple[str, ...] = ()
    kernel_checks: frozenset[str] | None = None  # None: all that it is asked about
    checks_cgroup_v2: bool = True
    # Changing, stopping and removing containers
    live_fields: frozenset[str] = behaviour.LIVE_FIELDS
    stopped_update_shows_at_start: bool = False
    update_resets_restart_policy: bool = False
    update_ignores_nano_cpus: bool = False
    update_refuses_cpus_beside_quota: bool = True
    restart_ignores_stop_timeout: bool = False
    force_remove_waits: bool = False
    remove_refuses_dependents: bool = False
    has_pods: bool = False
    found_by_name_at_start: bool = False
    keeps_ports_of_failed_starts: bool = False
    notes_failed_connections: bool = False
    starts_containers_at_boot: bool = True
    # Networks
    default_network: str = "bridge"
    own_networks: frozenset[str] = frozenset({"bridge", "host", "none"})
    own_api: bool = False
    tells_fixed_addresses: bool = True
    connects_paused: bool = True
    # Images
    asks_registries: bool = True
    guesses_registries: bool = False
    image_force_removes_containers: bool = False
    image_removal_takes_parents: bool = False
    reuses_single_layers: bool = False
    loads_oci_layouts: bool = False
    loads_compressed: bool = True
    build_takes_namespaces: bool = False
    build_resolves_host_gateway: bool = True
    build_gives_platforms: bool = False
    # Inside containers
    archives_tell_owners: bool = True
    archives_reach_tmpfs: bool = False
    ps_columns: str = "-eo pid,ppid,user,pcpu,etime,args"
    failed_execs_say_so_in_stdout: bool = True
    keeps_execs: bool = False
    execs_add_words: bool = False
    # Secrets, which of these engines Podman has: what its newest does
    plain_secret_names: int = 0  # the most characters of one; 0 where names may have nearly any others
    replaces_secrets: bool = True
    lists_secret_labels: bool = True
    # Pods
    pods_restart: bool = True
    numbers_deployments: bool = False
    kube_lacks: frozenset[str] = frozenset()
    # What is reported
    keeps_words: bool = True
    default_capabilities: frozenset[str] = reports.DOCKER_CAPABILITIES
    capabilities_relative_to: frozenset[str] | None = None  # None: they are reported as they were asked for
    added_env: frozenset[str] = frozenset()
    added_tmpfs_options: frozenset[str] = frozenset()
    read_only_adds_tmpfs: frozenset[str] = frozenset()
    adds_ulimits: bool = False
    network_mode_hides_name: bool = False
    default_mode_words: frozenset[str] = frozenset()
    json_file_is_k8s_file: bool = False
    noquota_apart: bool = False
    reports_bind_labels: bool = True


@dataclass(frozen=True)
class Engine(Facts):
    """``name`` is podman or docker, ``version`` holds the leading numbers, such as (4, 3, 1)."""

    name: str
    version: Version = ()
    rootless: bool = False

    def __post_init__(self) -> None:
        for row in DIFFERENCES:
            if row.holds_for(self):
                object.__setattr__(self, row.name, row.value)

    @classmethod
    def of(cls, identity: Any) -> Engine:
        """The engine of an identity: of anything with ``name`` and ``version`` texts."""
        numbers = _LEADING_NUMBERS.match(str(identity.version))
        version = tuple(int(n) for n in (numbers.group() if numbers else "").split(".") if n)
        return cls(identity.name, version, bool(getattr(identity, "rootless", False)))

    @property
    def title(self) -> str:
        """Such as: Podman 4.3.1."""
        words = (TITLES[self.name], written(self.version), WITHOUT_ROOT if self.rootless else "")
        return " ".join(word for word in words if word)

    def warning(self, text: str) -> str:
        """A warning of the engine's own, for people, as community.docker words it."""
        return f"{TITLES[self.name]} warning: {text}"

    def changes_live(self, running: bool) -> frozenset[str]:
        """The fields of HostConfig that the engine's update call changes, and that inspect shows at once."""
        if running or not self.stopped_update_shows_at_start:
            return self.live_fields
        return self.live_fields & {"RestartPolicy"}

    @property
    def sets_policy_live(self) -> bool:
        """Whether the restart policy of a container can be changed, be it stopped or not."""
        return "RestartPolicy" in self.live_fields


def having(name: str, value: str) -> str:
    """The engines and versions that have a value among those of a fact, for people: Podman 4.4 and newer."""
    return " and ".join(row.versions() for row in DIFFERENCES if row.name == name and value in row.value)


# Words for "this container does not run and has run": inspect's, and the list's on Podman just after the end.
STATUS_WORDS = {"stopped": "exited", "configured": "created", "initialized": "created", "stopping": "running"}
# States, in these words, in which a container does nothing; one that is paused, or about to be restarted, is not there.
IDLE = frozenset({"created", "exited", "dead"})


def status_word(reported: str) -> str:
    """One word for a container's state on every engine: created, running, paused, exited, … (Docker's words)."""
    return STATUS_WORDS.get(reported, reported)
