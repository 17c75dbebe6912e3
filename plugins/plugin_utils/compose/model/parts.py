# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of what stands within a service, or is shared by others: builds, deployments, hooks, devices."""

from __future__ import annotations

from typing import Any

from ..problems import Path, Problems
from .kinds import (
    Kind,
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
from .special import command, cpus, device_count, file_mode, ssh_keys, ulimit, written

HOOK = struct(
    {
        "command": command,
        "user": text,
        "privileged": boolean,
        "working_dir": text,
        "environment": environment,
    }
)
MOUNT = struct({"source": text, "target": text, "uid": text, "gid": text, "mode": optional(file_mode)})
DEVICE_REQUEST = struct(
    {"capabilities": texts, "driver": text, "count": device_count, "device_ids": texts, "options": mapping}
)
BUILD = struct(
    {
        "context": text,
        "dockerfile": text,
        "dockerfile_inline": text,
        "entitlements": texts,
        "args": environment,
        "provenance": text,
        "sbom": text,
        "ssh": ssh_keys,
        "labels": mapping,
        "cache_from": texts,
        "cache_to": texts,
        "no_cache": boolean,
        "additional_contexts": mapping,
        "pull": boolean,
        "extra_hosts": hosts,
        "isolation": text,
        "network": text,
        "target": text,
        "secrets": each(MOUNT),
        "shm_size": size_text,
        "tags": texts,
        "ulimits": named(ulimit),
        "platforms": texts,
        "privileged": boolean,
    }
)
WATCH = struct(
    {
        "path": written(text, ""),
        "action": written(text, ""),
        "target": text,
        "exec": HOOK,
        "include": texts,
        "ignore": texts,
        "initial_sync": boolean,
    },
    always=("exec",),
)
_UPDATE = struct(
    {
        "parallelism": optional(integer),
        "delay": duration,
        "failure_action": text,
        "monitor": duration,
        "max_failure_ratio": number,
        "order": text,
    }
)
_GENERIC = struct({"discrete_resource_spec": struct({"kind": written(text, ""), "value": written(integer, 0)})})
_RESOURCE = struct(
    {
        "cpus": cpus,
        "memory": size_text,
        "pids": integer,
        "devices": each(DEVICE_REQUEST),
        "generic_resources": each(_GENERIC),
    }
)
DEPLOY = struct(
    {
        "mode": text,
        "replicas": optional(integer),
        "labels": mapping,
        "update_config": _UPDATE,
        "rollback_config": _UPDATE,
        "resources": struct({"limits": _RESOURCE, "reservations": _RESOURCE}),
        "restart_policy": struct(
            {
                "condition": text,
                "delay": optional(duration),
                "max_attempts": optional(integer),
                "window": optional(duration),
            }
        ),
        "placement": struct(
            {
                "constraints": texts,
                "preferences": each(struct({"spread": text})),
                "max_replicas_per_node": integer,
            }
        ),
        "endpoint_mode": text,
    },
    always=("resources", "placement"),
)
_WEIGHT = {"Path": written(text, ""), "Weight": written(unsigned, 0)}
_RATE = {"Path": written(text, ""), "Rate": written(size_text, "0")}


def _capitalised(fields: dict[str, Kind]) -> Kind:
    """Keys that are printed with a capital, since compose gives them no other name."""
    written = struct(fields)

    def work(value: Any, path: Path, problems: Problems) -> Any:
        return written({str(key).capitalize(): item for key, item in (value or {}).items()}, path, problems)

    return work


BLKIO = struct(
    {
        "weight": unsigned,
        "weight_device": each(_capitalised(_WEIGHT)),
        "device_read_bps": each(_capitalised(_RATE)),
        "device_read_iops": each(_capitalised(_RATE)),
        "device_write_bps": each(_capitalised(_RATE)),
        "device_write_iops": each(_capitalised(_RATE)),
    }
)
