# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of a service, each with its kind: the one table of what the result has of it.

Source: what ``docker compose config --format json`` 2.40.3 prints. A key that is not here has no form there either.
"""

from __future__ import annotations

from .kinds import (
    Kind,
    any_texts,
    boolean,
    duration,
    each,
    environment,
    hosts,
    integer,
    mapping,
    named,
    number,
    optional,
    size_text,
    struct,
    text,
    texts,
    unsigned,
)
from .parts import BLKIO, BUILD, DEPLOY, DEVICE_REQUEST, HOOK, MOUNT, WATCH
from .special import command, health_test, many_texts, ulimit, written

HEALTHCHECK = struct(
    {
        "test": health_test,
        "timeout": optional(duration),
        "interval": optional(duration),
        "retries": optional(integer),
        "start_period": optional(duration),
        "start_interval": optional(duration),
        "disable": boolean,
    }
)
SERVICE_NETWORK = struct(
    {
        "aliases": texts,
        "driver_opts": mapping,
        "gw_priority": integer,
        "interface_name": text,
        "ipv4_address": text,
        "ipv6_address": text,
        "link_local_ips": texts,
        "mac_address": text,
        "priority": integer,
    }
)
PORT = struct(
    {
        "name": text,
        "mode": text,
        "host_ip": text,
        "target": integer,
        "published": text,
        "protocol": text,
        "app_protocol": text,
    }
)
VOLUME = struct(
    {
        "type": text,
        "source": text,
        "target": text,
        "read_only": boolean,
        "consistency": text,
        "bind": struct({"selinux": text, "propagation": text, "create_host_path": boolean, "recursive": text}),
        "volume": struct({"labels": mapping, "nocopy": boolean, "subpath": text}),
        "tmpfs": struct({"size": size_text, "mode": unsigned}),
        "image": struct({"subpath": text}),
    }
)
# In the order in which docker compose declares them, which its hashes of services go by.
SERVICE_KEYS: dict[str, Kind] = {
    "profiles": texts,
    "annotations": mapping,
    "attach": optional(boolean),
    "build": BUILD,
    "develop": struct({"watch": each(WATCH)}),
    "blkio_config": BLKIO,
    "cap_add": texts,
    "cap_drop": texts,
    "cgroup_parent": text,
    "cgroup": text,
    "cpu_count": integer,
    "cpu_percent": number,
    "cpu_period": integer,
    "cpu_quota": integer,
    "cpu_rt_period": integer,
    "cpu_rt_runtime": integer,
    "cpus": number,
    "cpuset": text,
    "cpu_shares": integer,
    "command": command,
    "configs": each(MOUNT),
    "container_name": text,
    "credential_spec": struct({"config": text, "file": text, "registry": text}),
    "depends_on": named(struct({"condition": text, "restart": boolean, "required": written(boolean, False)})),
    "deploy": DEPLOY,
    "device_cgroup_rules": texts,
    "devices": each(struct({"source": text, "target": text, "permissions": text})),
    "dns": texts,
    "dns_opt": texts,
    "dns_search": texts,
    "domainname": text,
    "entrypoint": command,
    "provider": struct({"type": text, "options": many_texts}),
    "environment": environment,
    "expose": any_texts,
    "external_links": texts,
    "extra_hosts": hosts,
    "group_add": texts,
    "gpus": each(DEVICE_REQUEST),
    "hostname": text,
    "healthcheck": HEALTHCHECK,
    "image": text,
    "init": optional(boolean),
    "ipc": text,
    "isolation": text,
    "labels": mapping,
    "links": texts,
    "logging": struct({"driver": text, "options": mapping}),
    "mem_limit": size_text,
    "mem_reservation": size_text,
    "memswap_limit": size_text,
    "mem_swappiness": size_text,
    "mac_address": text,
    "models": named(struct({"endpoint_var": text, "model_var": text})),
    "network_mode": text,
    "networks": named(SERVICE_NETWORK),
    "oom_kill_disable": boolean,
    "oom_score_adj": integer,
    "pid": text,
    "pids_limit": integer,
    "platform": text,
    "ports": each(PORT),
    "privileged": boolean,
    "pull_policy": text,
    "read_only": boolean,
    "restart": text,
    "runtime": text,
    "scale": optional(integer),
    "secrets": each(MOUNT),
    "security_opt": texts,
    "shm_size": size_text,
    "stdin_open": boolean,
    "stop_grace_period": optional(duration),
    "stop_signal": text,
    "storage_opt": mapping,
    "sysctls": mapping,
    "tmpfs": texts,
    "tty": boolean,
    "ulimits": named(ulimit),
    "use_api_socket": boolean,
    "user": text,
    "userns_mode": text,
    "uts": text,
    "volumes": each(VOLUME),
    "volumes_from": texts,
    "working_dir": text,
    "post_start": each(HOOK),
    "pre_stop": each(HOOK),
}
SERVICE = struct(SERVICE_KEYS)
