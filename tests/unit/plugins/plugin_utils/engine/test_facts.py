# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One shape of two engines' words. The documents are what the engines answered, shortened to what is read."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.facts import disk_usage, engine_facts
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.identity import EngineIdentity

PODMAN = EngineIdentity("podman", "4.3.1", "1.41", "linux", "amd64", "6.1.0")
DOCKER = EngineIdentity("docker", "26.1.5+dfsg1", "1.45", "linux", "amd64", "6.1.0")

PODMAN_INFO = {
    "Containers": 3, "ContainersRunning": 1, "ContainersPaused": 1, "ContainersStopped": 1, "Images": 2,
    "Driver": "overlay", "CgroupDriver": "systemd", "CgroupVersion": "1", "OperatingSystem": "debian",
    "OSVersion": "12", "Architecture": "amd64", "NCPU": 2, "MemTotal": 25276514304, "Name": "dev1", "Rootless": False,
    "DockerRootDir": "/var/lib/containers/storage", "DefaultRuntime": "crun", "Warnings": [],
    "SecurityOptions": ["name=seccomp,profile=default"],
}  # fmt: skip
DOCKER_INFO = {
    "Containers": 3, "ContainersRunning": 1, "ContainersPaused": 1, "ContainersStopped": 1, "Images": 2,
    "Driver": "overlay2", "CgroupDriver": "cgroupfs", "CgroupVersion": "2", "OSVersion": "13",
    "OperatingSystem": "Debian GNU/Linux 13 (trixie)", "Architecture": "x86_64", "NCPU": 2, "MemTotal": 25276514304,
    "DockerRootDir": "/var/lib/docker", "Name": "dev2", "DefaultRuntime": "runc",
    "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"], "Warnings": None,
}  # fmt: skip
COUNTS = {"total": 3, "running": 1, "paused": 1, "stopped": 1}


def test_podman() -> None:
    assert engine_facts(PODMAN, PODMAN_INFO) == {
        "name": "podman", "version": "4.3.1", "api_version": "1.41", "os": "linux", "arch": "amd64", "kernel": "6.1.0",
        "distribution": "debian", "distribution_version": "12", "hostname": "dev1", "cpus": 2,
        "memory_total": 25276514304, "cgroup_version": 1, "cgroup_driver": "systemd", "storage_driver": "overlay",
        "root_dir": "/var/lib/containers/storage", "runtime": "crun", "rootless": False,
        "security_options": ["seccomp"], "containers": COUNTS, "images": 2, "warnings": [],
    }  # fmt: skip


def test_docker_has_the_same_shape() -> None:
    facts = engine_facts(DOCKER, DOCKER_INFO)
    assert facts.keys() == engine_facts(PODMAN, PODMAN_INFO).keys()
    assert facts["arch"] == "amd64"
    assert facts["cgroup_version"] == 2
    assert facts["warnings"] == []
    assert facts["security_options"] == ["seccomp", "cgroupns"]


ROOTLESS = [
    ({"Rootless": True}, True),
    ({"SecurityOptions": ["name=rootless", "name=seccomp,profile=builtin"]}, True),
    ({"SecurityOptions": ["name=seccomp,profile=builtin"]}, False),
    ({}, False),
]


@pytest.mark.parametrize(("info", "rootless"), ROOTLESS)
def test_rootless(info: dict[str, Any], rootless: bool) -> None:
    facts = engine_facts(DOCKER, info)
    assert facts["rootless"] is rootless
    assert "rootless" not in facts["security_options"]


def test_disk_usage_only_when_given() -> None:
    assert "disk_usage" not in engine_facts(DOCKER, DOCKER_INFO)
    assert engine_facts(DOCKER, DOCKER_INFO, disk_usage({}))["disk_usage"]["images"]["count"] == 0


def _usage(count: int, size: int, reclaimable: int) -> dict[str, int]:
    return {"count": count, "size": size, "reclaimable": reclaimable}


NOTHING = _usage(0, 0, 0)
# the answer of GET /system/df -> images, containers, volumes, build cache
DISK = [
    ({}, (NOTHING, NOTHING, NOTHING, NOTHING)),
    (
        {"LayersSize": None, "Images": None, "Containers": None, "Volumes": None, "BuildCache": None},
        (NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    (  # Podman 4: no LayersSize
        {
            "LayersSize": 0,
            "Images": [{"Containers": 2, "Size": 100, "SharedSize": 0}, {"Containers": 0, "Size": 50, "SharedSize": 0}],
            "Containers": [{"SizeRw": 12, "State": "running"}, {"SizeRw": 30, "State": "exited"}],
            "Volumes": [{"UsageData": {"RefCount": 1, "Size": 7}}, {"UsageData": {"RefCount": 0, "Size": 5}}],
        },
        (_usage(2, 150, 50), _usage(2, 42, 30), _usage(2, 12, 5), NOTHING),
    ),
    (  # Docker: shared layers once, SizeRw left out when 0, a paused container is not idle
        {
            "LayersSize": 120,
            "Images": [{"Containers": 1, "Size": 9, "SharedSize": 8}, {"Containers": 0, "Size": 99, "SharedSize": 79}],
            "Containers": [{"State": "created"}, {"SizeRw": 8, "State": "paused"}, {"SizeRw": 2, "State": "stopped"}],
            "Volumes": [{"UsageData": {"RefCount": -1, "Size": -1}}, {"UsageData": None}],
            "BuildCache": [
                {"Size": 10, "InUse": True, "Shared": False},
                {"Size": 20, "InUse": False, "Shared": False},
                {"Size": 40, "InUse": False, "Shared": True},
            ],
        },
        (_usage(2, 120, 20), _usage(3, 10, 2), _usage(2, 0, 0), _usage(3, 30, 20)),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("df", "expected"), DISK)
def test_disk_usage(df: dict[str, Any], expected: tuple[dict[str, int], ...]) -> None:
    assert tuple(disk_usage(df).values()) == expected
    assert list(disk_usage(df)) == ["images", "containers", "volumes", "build_cache"]
