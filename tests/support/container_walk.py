# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two values for each container option, for the tests that walk all options: with recorded data and on real engines."""

from __future__ import annotations

from typing import Any

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME

OTHER = "lab-app-other"  # another container


def rate(value: Any) -> list[dict[str, Any]]:
    return [{"path": "/dev/null", "rate": value}]


def mounts(read_only: bool) -> list[dict[str, Any]]:
    return [
        {"target": "/m/bind", "source": "/srv", "type": "bind", "read_only": read_only, "propagation": "rslave"},
        {"target": "/m/volume", "source": "lab-volume", "no_copy": True},
        {"target": "/m/tmpfs", "type": "tmpfs", "tmpfs_size": "1M", "tmpfs_mode": "1777"},
    ]


CDI = [{"driver": "cdi", "device_ids": ["lab.example/device=0"]}]
# Option: the values before and after. Docker on the lab's kernel cannot weigh block I/O, and its runtime is runc.
WALK: dict[str, tuple[Any, Any]] = {
    "blkio_weight": (300, 400),
    "cgroup_parent": ("labone.slice", "labtwo.slice"),
    "cgroupns_mode": ("host", "private"),
    "cpu_period": (50000, 40000),
    "cpu_quota": (25000, 20000),
    "cpu_shares": (512, 256),
    "cpuset_cpus": ("0", "0-1"),
    "cpuset_mems": ("0", "0"),
    "device_cgroup_rules": (["c 42:* rwm"], ["c 43:* rwm"]),
    "device_read_bps": (rate("1M"), rate("2M")),
    "device_read_iops": (rate(100), rate(200)),
    "device_requests": (CDI, [{**CDI[0], "device_ids": ["lab.example/device=1"]}]),
    "device_write_bps": (rate("1M"), rate("3M")),
    "device_write_iops": (rate(100), rate(300)),
    "devices": (["/dev/null:/dev/mine:r"], ["/dev/zero:/dev/mine:r"]),
    "dns_opts": (["ndots:2"], ["ndots:3"]),
    "dns_search_domains": (["a.example", "b.example"], ["b.example", "a.example"]),
    "dns_servers": (["10.1.1.1"], ["10.1.1.1", "10.1.1.2"]),
    "domainname": ("a.example", "b.example"),
    "etc_hosts": ({"db": "10.2.2.2"}, {"db": "10.2.2.3"}),
    "exposed_ports": (["81"], ["81", "82-83/udp"]),
    "groups": (["33"], ["33", "34"]),
    "healthcheck": ({"test": "exit 0", "interval": "65s"}, {"test": "exit 0", "interval": "1m6s"}),
    "init": (False, True),  # Podman has none where processes are shared
    "interactive": (True, False),
    "ipc_mode": ("private", "shareable"),
    "kernel_memory": ("32M", "48M"),
    "links": ([f"{OTHER}:one"], [f"{OTHER}:two"]),
    "log_driver": ("json-file", "journald"),
    "log_options": ({"max-size": "1m"}, {"max-size": "2m"}),
    "mac_address": ("92:d0:c6:0a:29:33", "92:d0:c6:0a:29:34"),
    "memory_reservation": ("32M", "48M"),
    "memory_swap": ("128M", "256M"),
    "memory_swappiness": (0, 20),
    "mounts": (mounts(True), mounts(False)),
    "oom_killer": (False, True),
    "oom_score_adj": (100, 200),
    "pid_mode": (f"container:{OTHER}", ""),
    "pids_limit": (100, -1),
    "publish_all_ports": (False, True),
    "runtime": ("runc", "runc"),
    "security_opts": (["no-new-privileges"], ["no-new-privileges:true", "apparmor=unconfined"]),
    "shm_size": ("32M", "48m"),
    "stop_signal": ("SIGINT", "10"),
    "sysctls": ({"net.core.somaxconn": 99}, {"net.core.somaxconn": 100}),
    "tty": (True, False),
    "ulimits": (["nofile:1000:2000"], ["nofile:1000:3000"]),
    "userns_mode": ("host", ""),
    "uts": ("host", ""),
    "volume_driver": ("local", "local"),
    "volumes_from": ([OTHER], [f"{OTHER}:ro"]),
    "auto_remove": (False, True),
    "annotations": ({"team": "shop"}, {"team": "bank"}),
    "gidmap": (["0:100000:5000"], ["0:200000:5000"]),
    "healthcheck_failure_action": ("kill", "stop"),
    "image_volumes": ("ignore", "tmpfs"),
    "pod": ("lab-pod", "lab-other"),
    "run_timeout": (60, 70),
    "secrets": (["lab-secret"], ["lab-secret,type=env,target=KEY"]),
    "startup_healthcheck": ({"test": "exit 0"}, {"test": "exit 0", "successes": 2}),
    "systemd": ("false", "always"),
    "timezone": ("UTC", "local"),
    "uidmap": (["0:100000:5000"], ["0:200000:5000"]),
    "umask": ("0027", "77"),
    "unsetenv": (["A"], ["A", "B"]),
    "unsetenv_all": (False, True),
    "cgroups": ("disabled", "no-conmon"),
    "group_entry": ("shop:x:7:", "bank:x:7:"),
    "hostusers": (["games"], ["games", "news"]),
    "no_hosts": (False, True),
    "passwd": (True, False),
    "passwd_entry": ("shop:x:7:7::/:/bin/sh", "bank:x:7:7::/:/bin/sh"),
    "read_only_tmpfs": (True, False),
    "shm_size_systemd": ("1M", "2M"),
    "sdnotify": ("ignore", "conmon"),
    "requires": ([OTHER], [OTHER]),
    "chrootdirs": (["/srv/a"], ["/srv/a", "/srv/b"]),
    "hosts_file": ("none", "/etc/hostname"),
    "no_hostname": (False, True),
    "init_path": ("/bin/true", "/bin/false"),
    "health_log_destination": ("events_logger", "/tmp"),
    "health_max_log_count": (7, 0),
    "health_max_log_size": (99, 0),
    "personality": ("LINUX32", "LINUX"),
    "seccomp_policy": ("default", "default"),
    "cgroup_conf": ({"cgroup.max.depth": "5"}, {"cgroup.max.depth": "6"}),
}


def full(option: str, value: Any) -> Any:
    """A value with all suboptions, as the argument spec would give it."""
    names = BY_NAME[option].spec.get("options") or {}
    if isinstance(value, list) and names:
        return [{name: spec.get("default") for name, spec in names.items()} | entry for entry in value]
    return value
