# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One shape for what Podman and Docker say about themselves. Pure: documents in, plain dicts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .differences.engine import IDLE, status_word
from .identity import EngineIdentity, is_rootless


def engine_facts(
    identity: EngineIdentity, info: Mapping[str, Any], disk_usage: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The public description of an engine.

    ``info`` is ``GET /info``; ``disk_usage`` is what ``client.system.disk_usage`` returns and only there when given.
    Sizes and ``memory_total`` are bytes; ``security_options`` are names without parameters (['seccomp', …]).
    """
    security = _security_options(info)
    described = {
        "name": identity.name,
        "version": identity.version,
        "api_version": identity.api_version,
        "os": identity.os,
        "arch": identity.arch,
        "kernel": identity.kernel,
        "distribution": str(info.get("OperatingSystem") or ""),
        "distribution_version": str(info.get("OSVersion") or ""),
        "hostname": str(info.get("Name") or ""),
        "cpus": int(info.get("NCPU") or 0),
        "memory_total": int(info.get("MemTotal") or 0),
        "cgroup_version": int(info.get("CgroupVersion") or 1),
        "cgroup_driver": str(info.get("CgroupDriver") or ""),
        "storage_driver": str(info.get("Driver") or ""),
        "root_dir": str(info.get("DockerRootDir") or ""),
        "runtime": str(info.get("DefaultRuntime") or ""),
        "rootless": is_rootless(info),
        "security_options": [option for option in security if option != "rootless"],
        "containers": {
            "total": int(info.get("Containers") or 0),
            "running": int(info.get("ContainersRunning") or 0),
            "paused": int(info.get("ContainersPaused") or 0),
            "stopped": int(info.get("ContainersStopped") or 0),
        },
        "images": int(info.get("Images") or 0),
        "warnings": [str(warning) for warning in info.get("Warnings") or []],
    }
    return described if disk_usage is None else {**described, "disk_usage": dict(disk_usage)}


def disk_usage(df: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """``GET /system/df`` as {images, containers, volumes, build_cache: {count, size, reclaimable}}, sizes in bytes.

    ``reclaimable`` is what removing everything unused would free: images without containers, containers that do not
    run, volumes that no container has. Layers that images share are counted once in ``size``, if the engine tells it.
    """
    return {
        "images": _images(df.get("Images") or [], df.get("LayersSize")),
        "containers": _containers(df.get("Containers") or []),
        "volumes": _volumes(df.get("Volumes") or []),
        "build_cache": _build_cache(df.get("BuildCache") or []),
    }


def _images(images: Sequence[Mapping[str, Any]], layers_size: int | None) -> dict[str, int]:
    # LayersSize is always 0 on Podman 4.
    size = layers_size or sum(_size(image) for image in images)
    own = (_size(image) - max(image.get("SharedSize") or 0, 0) for image in images if not image.get("Containers"))
    return {"count": len(images), "size": size, "reclaimable": sum(own)}


def _containers(containers: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    idle = [container for container in containers if status_word(str(container.get("State"))) in IDLE]
    return {
        "count": len(containers),
        "size": sum(_size(container, "SizeRw") for container in containers),
        "reclaimable": sum(_size(container, "SizeRw") for container in idle),
    }


def _volumes(volumes: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    usage = [volume.get("UsageData") or {} for volume in volumes]
    return {
        "count": len(volumes),
        "size": sum(_size(one) for one in usage),
        "reclaimable": sum(_size(one) for one in usage if not one.get("RefCount")),
    }


def _build_cache(records: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "count": len(records),
        "size": sum(_size(record) for record in records if not record.get("Shared")),
        "reclaimable": sum(_size(record) for record in records if not record.get("Shared") and not record.get("InUse")),
    }


def _size(entry: Mapping[str, Any], key: str = "Size") -> int:
    """Bytes; engines say -1 for 'not computed'."""
    return max(int(entry.get(key) or 0), 0)


def _security_options(info: Mapping[str, Any]) -> list[str]:
    """['seccomp', 'apparmor'] of ['name=seccomp,profile=default', 'name=apparmor']."""
    options = (str(option).partition(",")[0] for option in info.get("SecurityOptions") or [])
    return [option.removeprefix("name=") for option in options]
