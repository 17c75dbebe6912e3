# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of a container's options in quadlets: the key of each, and podman run's flag for the same.

The keys are those of Podman 4.9. What has none there, or has a value that a key can't hold on every release, is given
with its flag in ``PodmanArgs=``, which takes quotes alike on all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....dataclass import dataclass
from . import values
from .values import Values

# What the value of a key may be: the rest of the line, words without quotes, or one quoted word.
LINE, WORD, QUOTED = "line", "word", "quoted"


@dataclass(frozen=True)
class Row:
    """One option. ``key`` is '' where no quadlet of Podman 4.9 has one."""

    option: str
    flag: str
    values: Callable[[Any], Values] = values.one
    key: str = ""
    form: str = LINE


ROWS: tuple[Row, ...] = (
    Row("entrypoint", "entrypoint", values.words),
    Row("env", "env", values.pairs, "Environment", QUOTED),
    Row("labels", "label", values.pairs, "Label", QUOTED),
    Row("published_ports", "publish", values.ports, "PublishPort"),
    Row("exposed_ports", "expose", values.each, "ExposeHostPort"),
    Row("publish_all_ports", "publish-all", values.switch),
    Row("volumes", "volume", values.volumes, "Volume"),
    Row("tmpfs", "tmpfs", values.with_colon, "Tmpfs", WORD),
    Row("mounts", "mount", values.mounts, "Mount", QUOTED),
    Row("volumes_from", "volumes-from", values.each),
    Row("user", "user", values.one, "User", WORD),
    Row("groups", "group-add", values.each),
    Row("working_dir", "workdir", values.one, "WorkingDir"),
    Row("hostname", "hostname", values.one, "HostName"),
    Row("init", "init", values.switch, "RunInit"),
    Row("interactive", "interactive", values.switch),
    Row("tty", "tty", values.switch),
    Row("privileged", "privileged", values.switch),
    Row("capabilities", "cap-add", values.each, "AddCapability", WORD),
    Row("cap_drop", "cap-drop", values.each, "DropCapability", WORD),
    Row("security_opts", "security-opt", values.no_new_privileges, "NoNewPrivileges"),
    Row("security_opts", "security-opt", values.security),
    Row("read_only", "read-only", values.switch, "ReadOnly"),
    Row("sysctls", "sysctl", values.pairs, "Sysctl", WORD),
    Row("ulimits", "ulimit", values.pairs, "Ulimit", WORD),
    Row("devices", "device", values.devices, "AddDevice", WORD),
    Row("device_requests", "device", values.requests, "AddDevice", WORD),
    Row("device_cgroup_rules", "device-cgroup-rule", values.each),
    Row("dns_servers", "dns", values.each, "DNS", WORD),
    Row("dns_opts", "dns-option", values.each, "DNSOption", WORD),
    Row("dns_search_domains", "dns-search", values.each, "DNSSearch", WORD),
    Row("etc_hosts", "add-host", values.with_colon),
    Row("mac_address", "mac-address"),
    Row("ipc_mode", "ipc"),
    Row("pid_mode", "pid"),
    Row("uts", "uts"),
    Row("userns_mode", "userns", values.one, "UserNS", WORD),
    Row("cgroupns_mode", "cgroupns"),
    Row("healthcheck", "health-cmd", values.health_test, "HealthCmd"),
    Row("healthcheck", "health-interval", values.health_value("interval"), "HealthInterval"),
    Row("healthcheck", "health-timeout", values.health_value("timeout"), "HealthTimeout"),
    Row("healthcheck", "health-retries", values.health_value("retries"), "HealthRetries"),
    Row("healthcheck", "health-start-period", values.health_value("start_period"), "HealthStartPeriod"),
    Row("healthcheck", "", values.no_start_interval),
    Row("stop_signal", "stop-signal"),
    Row("stop_timeout", "stop-timeout"),
    Row("log_driver", "log-driver", values.one, "LogDriver"),
    Row("log_options", "log-opt", values.pairs),
    Row("memory", "memory"),
    Row("memory_reservation", "memory-reservation"),
    Row("memory_swap", "memory-swap"),
    Row("memory_swappiness", "memory-swappiness"),
    Row("cpus", "cpus", values.cpus),
    Row("cpu_period", "cpu-period"),
    Row("cpu_quota", "cpu-quota"),
    Row("cpu_shares", "cpu-shares"),
    Row("cpuset_cpus", "cpuset-cpus"),
    Row("cpuset_mems", "cpuset-mems"),
    Row("blkio_weight", "blkio-weight"),
    Row("device_read_bps", "device-read-bps", values.with_colon),
    Row("device_read_iops", "device-read-iops", values.with_colon),
    Row("device_write_bps", "device-write-bps", values.with_colon),
    Row("device_write_iops", "device-write-iops", values.with_colon),
    Row("pids_limit", "pids-limit", values.one, "PidsLimit"),
    Row("oom_killer", "oom-kill-disable", values.switch),
    Row("oom_score_adj", "oom-score-adj"),
    Row("shm_size", "shm-size", values.one, "ShmSize"),
    Row("secrets", "secret", values.each, "Secret"),
    Row("annotations", "annotation", values.pairs, "Annotation", QUOTED),
    Row("timezone", "tz", values.one, "Timezone"),
    Row("umask", "umask"),
    Row("run_timeout", "timeout"),
    Row("healthcheck_failure_action", "health-on-failure", values.one, "HealthOnFailure"),
    Row("startup_healthcheck", "health-startup-cmd", values.health_test, "HealthStartupCmd"),
    Row("startup_healthcheck", "health-startup-interval", values.health_value("interval"), "HealthStartupInterval"),
    Row("startup_healthcheck", "health-startup-timeout", values.health_value("timeout"), "HealthStartupTimeout"),
    Row("startup_healthcheck", "health-startup-retries", values.health_value("retries"), "HealthStartupRetries"),
    Row("startup_healthcheck", "health-startup-success", values.health_value("successes"), "HealthStartupSuccess"),
    Row("uidmap", "uidmap", values.each, "UIDMap"),
    Row("gidmap", "gidmap", values.each, "GIDMap"),
    Row("image_volumes", "image-volume"),
    Row("systemd", "systemd"),
    Row("unsetenv", "unsetenv", values.each),
    Row("unsetenv_all", "unsetenv-all", values.switch),
    Row("read_only_tmpfs", "read-only-tmpfs", values.switch, "ReadOnlyTmpfs"),
    Row("no_hosts", "no-hosts", values.switch),
    Row("hostusers", "hostuser", values.each),
    Row("passwd", "passwd", values.switch),
    Row("passwd_entry", "passwd-entry"),
    Row("group_entry", "group-entry"),
    Row("shm_size_systemd", "shm-size-systemd"),
    Row("cgroups", "cgroups"),
    Row("sdnotify", "sdnotify", values.notify, "Notify"),
    Row("chrootdirs", "chrootdirs", values.each),
    Row("hosts_file", "hosts-file"),
    Row("no_hostname", "no-hostname", values.switch),
    Row("init_path", "init-path"),
    Row("health_log_destination", "health-log-destination"),
    Row("health_max_log_count", "health-max-log-count"),
    Row("health_max_log_size", "health-max-log-size"),
    Row("personality", "personality"),
    Row("seccomp_policy", "seccomp-policy"),
    Row("cgroup_conf", "cgroup-conf", values.pairs),
)
# Written in a way of their own: the command, the networks, and systemd's restart policy.
OWN = frozenset({"command", "network_mode", "networks", "restart_policy"})
# What a quadlet can't have, with what to write instead.
REFUSED = {
    "auto_remove": "Leave it out: a quadlet's container is always removed when it ends.",
    "cgroup_parent": "Name the slice of its unit: sections: {Service: {Slice: NAME.slice}}.",
    "domainname": "Give hostname with its domain.",
    "kernel_memory": "Leave it out; Podman has no such limit.",
    "links": "In a network, containers know each other by name and alias: give networks.",
    "pod": "Name the pod's quadlet: sections: {Container: {Pod: NAME.pod}}, which Podman 5 and newer takes.",
    "requires": "Name the other's unit: sections: {Unit: {Requires: NAME.service, After: NAME.service}}.",
    "restart_retries": "Use systemd's limits: sections: {Unit: {StartLimitBurst: 3, StartLimitIntervalSec: 60}}.",
    "runtime": "Give it to podman itself: sections: {Container: {GlobalArgs: --runtime=NAME}}.",
    "storage_opts": "Give them to podman itself: sections: {Container: {GlobalArgs: --storage-opt=NAME=VALUE}}.",
    "volume_driver": "Make the volume beforehand, or by a .volume.",
}
# How a task of remote_container goes about it; a unit is about nothing of that. ``detach`` is always so.
WITHOUT_MEANING = frozenset(
    {"adopt", "auto_ports_range", "cleanup", "comparisons", "container_default_behavior", "detach", "force_kill"}
    | {"healthy_wait_timeout", "image_comparison", "image_label_mismatch", "image_name_mismatch", "keep_volumes"}
    | {"kill_signal", "output_logs", "paused", "pull_check_mode_behavior", "recreate", "removal_wait_timeout"}
    | {"restart", "state", "wait_for"}
)
# A container's restart policy -> that of its unit. Who stops a unit keeps it stopped until the next boot.
RESTART = {"no": "no", "on-failure": "on-failure", "always": "always", "unless-stopped": "always"}
