# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers in the words of each peer and in ours, which have to mean the same.

Each is ``{name: (peer's options, ours)}``. They are made of ``container_place.APP``, an image with defaults of every
kind, in the networks ``FIXED`` (with a subnet) and ``lab-back``, with the volumes ``lab-volume`` and ``lab-other``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Options = dict[str, Any]
Cases = Mapping[str, tuple[Options, Options]]

FIXED = "lab-fixed"
FIRST, LAST = "plain", "beside"  # the last one uses networks and volumes of the others
HEALTH = {"test": "true || exit 1", "interval": "1m30s", "timeout": "7s", "retries": 4, "start_period": "10s"}


def subnet(engine: str) -> str:
    """The network ``FIXED`` of an engine of a host."""
    return "10.222.1.0/24" if engine == "docker" else "10.222.2.0/24"


def address(engine: str) -> str:
    return subnet(engine).replace(".0/24", ".50")


def docker_container(engine: str, prefix: str, port: int) -> Cases:
    """docker_container's options are ours."""
    options: dict[str, Options] = {
        FIRST: {"command": "sleep 1000"},
        "process": {
            "command": ["sleep", "1000"], "entrypoint": ["/bin/busybox"], "user": "web", "working_dir": "/tmp",
            "hostname": "H1", "domainname": "a.example", "groups": ["33", "34"], "stop_signal": "INT", "init": True,
            "stop_timeout": 7, "tty": True, "interactive": True, "labels": {"team": "shop", "com.example.b": "X a"},
            "env": {"A": "1", "EMPTY": "", "DB_PASSWORD": "x y", "U": "ü", "COLOR": "red"}, "healthcheck": HEALTH,
            "restart_policy": "on-failure", "restart_retries": 3, "log_driver": "json-file",
            "log_options": {"max-size": "1m", "max-file": "2"}, "network_mode": FIXED,
        },
        "volumes": {
            "volumes": ["lab-volume:/v1", "/srv:/v2:z,ro", "/anonymous", "/tmp:/v3:rslave", "lab-other:/v4:nocopy",
                        "/opt/:/v5/"],
            "mounts": [
                {"target": "/m1", "source": "/srv", "type": "bind", "read_only": True, "propagation": "rslave"},
                {"target": "/m2", "source": "lab-volume", "type": "volume", "no_copy": True},
                {"target": "/m3", "type": "tmpfs", "tmpfs_size": "8M", "tmpfs_mode": "1777"},
            ],
        },
        "ports": {
            "published_ports": [f"{port}:80", f"127.0.0.1:{port + 1}:81/udp", f"{port + 2}-{port + 3}:82-83",
                                f"{port + 4}-{port + 5}:84", "85", f"[::1]:{port + 6}:86"],
            "exposed_ports": ["90", "91/udp"],
        },
        "everywhere": {"published_ports": [f"{port + 7}:80"], "default_host_ip": ""},
        "networks": {
            "networks": [{"name": FIXED, "aliases": ["web", "db"], "ipv4_address": address(engine)},
                         {"name": "lab-back"}],
            "dns_servers": ["10.1.1.1"], "dns_search_domains": ["a.example"], "dns_opts": ["ndots:2"],
            "etc_hosts": {"db": "10.2.2.2", "gate": "host-gateway"},
        },
        "limits": {
            "memory": "128M", "memory_reservation": "64M", "memory_swap": "256M", "cpu_shares": 512,
            "cpus": 0.5, "pids_limit": 100, "oom_score_adj": 100, "shm_size": "32M", "cpuset_cpus": "0-1",
            "ulimits": ["nofile:1000:2000", "nproc:100"],
        },
        "security": {
            "read_only": True, "tmpfs": ["/t1:size=4m,mode=1777", "/t2"], "capabilities": ["NET_ADMIN", "cap_sys_time"],
            "cap_drop": ["MKNOD"], "security_opts": ["no-new-privileges:true"], "sysctls": {"net.core.somaxconn": 100},
            "devices": ["/dev/null:/dev/mine1:rwm", "/dev/zero:/dev/mine2:r", "/dev/full"],
        },
        "host": {"network_mode": "host", "pid_mode": "host", "ipc_mode": "host", "uts": "host", "userns_mode": "host"},
        LAST: {"network_mode": f"container:{prefix}{FIRST}", "volumes_from": [f"{prefix}{FIRST}:ro"]},
    }  # fmt: skip
    return {name: (given, given) for name, given in options.items()}


def podman_container(engine: str, prefix: str, port: int) -> Cases:
    ports = [f"{port}:80", f"127.0.0.1:{port + 1}:81/udp", f"{port + 2}-{port + 3}:82-83"]
    volumes = ["lab-volume:/v1", "/srv:/v2:z,ro", "/anonymous", "/tmp:/v3:rslave", "/opt/:/v5/"]
    limits = {
        "memory": "128m", "memory_reservation": "64m", "memory_swap": "256m", "cpu_shares": 512, "oom_score_adj": 100,
        "shm_size": "32m", "cpuset_cpus": "0-1",
    }  # fmt: skip
    return {
        FIRST: ({"command": "sleep 1000"}, {"command": "sleep 1000"}),
        "process": (
            {"command": ["1000"], "entrypoint": '["/bin/busybox","sleep"]', "user": "web", "workdir": "/tmp",
             "hostname": "H1", "group_add": ["33"], "stop_signal": 2, "stop_timeout": 7, "tty": True,
             "interactive": True, "label": {"team": "shop"}, "env": {"A": "1", "EMPTY": "", "COLOR": "red"},
             "healthcheck": HEALTH["test"], "healthcheck_interval": "90s", "healthcheck_timeout": "7s",
             "healthcheck_retries": 4, "healthcheck_start_period": "10s", "restart_policy": "on-failure:3",
             "log_driver": "k8s-file", "log_opt": {"max_size": "1mb"}},
            {"command": ["1000"], "entrypoint": ["/bin/busybox", "sleep"], "user": "web", "working_dir": "/tmp",
             "hostname": "H1", "groups": ["33"], "stop_signal": "SIGINT", "stop_timeout": 7, "tty": True,
             "interactive": True, "labels": {"team": "shop"}, "env": {"A": "1", "EMPTY": "", "COLOR": "red"},
             "healthcheck": HEALTH, "restart_policy": "on-failure", "restart_retries": 3, "log_driver": "json-file",
             "log_options": {"max-size": "1mb"}},
        ),
        "volumes": (
            {"volume": volumes, "publish": ports, "expose": ["90", "91/udp"]},
            {"volumes": volumes, "published_ports": ports, "exposed_ports": ["90", "91/udp"]},
        ),
        "networks": (
            {"network": [f"{FIXED}:alias=web,ip={address(engine)},mac=92:d0:c6:0a:29:33", "lab-back"],
             "dns": ["10.1.1.1"], "dns_search": "a.example", "dns_option": "ndots:2", "etc_hosts": {"db": "10.2.2.2"}},
            {"networks": [{"name": FIXED, "aliases": ["web"], "ipv4_address": address(engine),
                           "mac_address": "92:d0:c6:0a:29:33"}, {"name": "lab-back"}],
             "dns_servers": ["10.1.1.1"], "dns_search_domains": ["a.example"], "dns_opts": ["ndots:2"],
             "etc_hosts": {"db": "10.2.2.2"}},
        ),
        "limits": (
            {**limits, "cpus": "0.5", "pids_limit": "100"},
            {**limits, "cpus": 0.5, "pids_limit": 100},
        ),
        "security": (
            {"read_only": True, "tmpfs": {"/t1": "size=4m,mode=1777"}, "cap_add": ["NET_ADMIN", "SYS_TIME"],
             "cap_drop": ["MKNOD", "CHOWN"], "security_opt": ["no-new-privileges"],
             "sysctl": {"net.core.somaxconn": "100"}, "device": ["/dev/null:/dev/mine1:rwm", "/dev/full"]},
            {"read_only": True, "tmpfs": ["/t1:size=4m,mode=1777"], "capabilities": ["NET_ADMIN", "SYS_TIME"],
             "cap_drop": ["MKNOD", "CHOWN"], "security_opts": ["no-new-privileges:true"],
             "sysctls": {"net.core.somaxconn": "100"}, "devices": ["/dev/null:/dev/mine1:rwm", "/dev/full"]},
        ),
        "host": (
            {"network": "host", "pid": "host", "ipc": "host", "uts": "host"},
            {"network_mode": "host", "pid_mode": "host", "ipc_mode": "host", "uts": "host"},
        ),
        LAST: (
            {"network": f"container:{prefix}{FIRST}", "volumes_from": [f"{prefix}{FIRST}:ro"]},
            {"network_mode": f"container:{prefix}{FIRST}", "volumes_from": [f"{prefix}{FIRST}:ro"]},
        ),
    }  # fmt: skip


def compose(engine: str, project: str, port: int) -> Cases:
    """Services, and the containers that they have."""
    common = {
        "cap_drop": ["MKNOD"], "read_only": True, "restart": "always", "user": "web", "working_dir": "/tmp",
        "hostname": "h1", "command": "sleep 1000", "stop_signal": "SIGINT", "entrypoint": ["/bin/busybox"],
    }  # fmt: skip
    ports = [f"{port}:80", f"127.0.0.1:{port + 1}:81/udp"]
    return {
        FIRST: ({"command": "sleep 1000"}, {"command": "sleep 1000", "networks": [{"name": f"{project}_default"}]}),
        "web": (
            {"environment": {"A": "1", "EMPTY": "", "DB_PASSWORD": "x y"}, "labels": {"team": "shop"}, "ports": ports,
             "expose": ["90"], "healthcheck": HEALTH, "dns": ["10.1.1.1"], "extra_hosts": ["db:10.2.2.2"],
             "networks": {"front": {"aliases": ["www"], "ipv4_address": address(engine)}, "back": {}}},
            {"env": {"A": "1", "EMPTY": "", "DB_PASSWORD": "x y"}, "labels": {"team": "shop"}, "published_ports": ports,
             "exposed_ports": ["90"], "healthcheck": HEALTH, "dns_servers": ["10.1.1.1"],
             "etc_hosts": {"db": "10.2.2.2"},
             "networks": [{"name": f"{project}_front", "aliases": ["www"], "ipv4_address": address(engine)},
                          {"name": f"{project}_back"}]},
        ),
        "store": (
            {**common, "volumes": ["data:/v1", "/srv:/v2:ro", "/anonymous",
                                   {"type": "bind", "source": "/opt", "target": "/v3", "read_only": True},
                                   {"type": "volume", "source": "data", "target": "/v4"}],
             "tmpfs": ["/t1:size=4m"], "stop_grace_period": "7s"},
            {**{key: value for key, value in common.items() if key != "restart"}, "restart_policy": "always",
             "volumes": [f"{project}_data:/v1", "/srv:/v2:ro", "/anonymous", "/opt:/v3:ro", f"{project}_data:/v4"],
             "tmpfs": ["/t1:size=4m"], "stop_timeout": 7},
        ),
        "limits": (
            {"mem_limit": "128m", "mem_reservation": "64m", "cpus": 0.5, "pids_limit": 100, "shm_size": "32m",
             "restart": "on-failure:3",
             "logging": {"driver": "json-file", "options": {"max-size": "1m"}}},
            {"memory": "128M", "memory_reservation": "64M", "cpus": 0.5, "pids_limit": 100, "shm_size": "32M",
             "restart_policy": "on-failure", "restart_retries": 3,
             "log_driver": "json-file", "log_options": {"max-size": "1m"}},
        ),
        LAST: (
            {"network_mode": f"service:{FIRST}", "cap_add": ["NET_ADMIN"], "devices": ["/dev/null:/dev/mine1"]},
            {"network_mode": f"container:{project}-{FIRST}-1", "capabilities": ["NET_ADMIN"],
             "devices": ["/dev/null:/dev/mine1"]},
        ),
    }  # fmt: skip


def project(cases: Cases, engine: str, name: str, image: str) -> Options:
    """A compose file of the services."""
    services = {one: {"image": image, "pull_policy": "never", **service} for one, (service, _ours) in cases.items()}
    front = {"ipam": {"config": [{"subnet": subnet(engine)}]}}
    return {"name": name, "services": services, "volumes": {"data": {}}, "networks": {"front": front, "back": {}}}
