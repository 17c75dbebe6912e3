# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host's kernel cannot do: refused by name, or told, where the engine says so; what asks for nothing is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import host
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME

DOCKER, PODMAN = Engine("docker", (26, 1, 5)), Engine("podman", (5, 4, 2))
OLD = {"CgroupVersion": "1", "KernelVersion": "6.1.0-49-amd64"}
NEW = {"CgroupVersion": "2", "KernelVersion": "6.1.0-49-amd64"}
NO_WEIGHT = {"Warnings": ["WARNING: No io.weight support"]}

REFUSED: list[tuple[str, Any, dict[str, Any], Engine]] = [
    ("memory", 2**26, {**OLD, "MemoryLimit": False}, DOCKER),
    ("memory_swap", 2**27, {**OLD, "SwapLimit": False}, PODMAN), ("memory_swappiness", 0, NEW, DOCKER),
    ("oom_killer", True, {**NEW, "OomKillDisable": False}, DOCKER), ("cpus", 5, {**OLD, "CpuCfsQuota": False}, DOCKER),
    ("pids_limit", 5, {**OLD, "PidsLimit": False}, DOCKER), ("cpuset_cpus", "0", {**NEW, "CPUSet": False}, DOCKER),
    ("device_read_bps", {"/dev/a": 1}, {**OLD, "Warnings": ["WARNING: No blkio throttle.read_bps_device support"]},
     DOCKER),
    ("device_write_iops", {"/dev/a": 1}, {**NEW, "Warnings": ["WARNING: No io.max (wiops) support"]}, DOCKER),
    ("memory_swappiness", 0, NEW, PODMAN), ("oom_killer", True, {**NEW, "OomKillDisable": True}, PODMAN),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value", "info", "engine"), REFUSED, ids=str)
def test_what_would_be_dropped_is_refused(option: str, value: Any, info: dict[str, Any], engine: Engine) -> None:
    rows = host.lacking({option: value}, [option], info, engine)
    with pytest.raises(InvalidOption, match=r"6\.1\.0-49-amd64, cgroup v[12]") as refused:
        host.require(rows, {option: value}, info, engine)
    assert refused.value.option == option and refused.value.hint and host.remarks(rows, info) == []


@pytest.mark.parametrize(("info", "engine"), [(OLD, DOCKER), (OLD, PODMAN), ({**NEW, **NO_WEIGHT}, DOCKER)])
def test_a_share_that_would_be_dropped_is_told(info: dict[str, Any], engine: Engine) -> None:
    rows = host.lacking({"blkio_weight": 300}, ["blkio_weight"], info, engine)
    host.require(rows, {"blkio_weight": 300}, info, engine)
    (told,) = host.remarks(rows, info)
    assert told.startswith("blkio_weight has no effect: the host's kernel (6.1.0-49-amd64, cgroup v")


PASSES: list[tuple[str, Any, dict[str, Any], Engine]] = [
    ("blkio_weight", 0, OLD, DOCKER), ("blkio_weight", 300, NEW, DOCKER), ("blkio_weight", 300, NEW, PODMAN),
    ("blkio_weight", 300, {**OLD, "KernelVersion": "4.19.0"}, DOCKER), ("memory", 2**26, {}, DOCKER),
    ("memory", 0, {**OLD, "MemoryLimit": False}, DOCKER), ("pids_limit", -1, {**OLD, "PidsLimit": False}, DOCKER),
    ("memory_swap", -1, {**OLD, "SwapLimit": False}, DOCKER), ("memory_swappiness", 20, OLD, DOCKER),
    ("oom_killer", False, {**NEW, "OomKillDisable": False}, DOCKER), ("oom_killer", True, OLD, PODMAN),
    ("memory_swappiness", 20, OLD, PODMAN),
    # With cgroup v2, Podman says so of everything.
    ("memory", 2**26, {**NEW, "MemoryLimit": False}, PODMAN), ("memory", 2**26, {**OLD, "MemoryLimit": True}, DOCKER),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value", "info", "engine"), PASSES, ids=str)
def test_what_is_possible_or_unknown_passes(option: str, value: Any, info: dict[str, Any], engine: Engine) -> None:
    assert host.lacking({option: value}, [option], info, engine) == []


def test_only_the_named_options_matter() -> None:
    values = {"blkio_weight": 300, "memory": 5, "env": {}}
    assert [row.option for row in host.asked(values, values, DOCKER)] == ["blkio_weight", "memory"]
    assert [row.option for row in host.asked(values, values, PODMAN)] == ["blkio_weight"]
    assert host.asked(values, ["env"], DOCKER) == []
    assert host.lacking(values, ["memory"], OLD, DOCKER) == []
    assert {row.option for row in host.LACKS} <= set(BY_NAME)


@pytest.mark.parametrize(
    "said", [{"Rootless": True, "MemoryLimit": True}, {"SecurityOptions": ["name=seccomp", "name=rootless"]}]
)
def test_an_engine_without_root_limits_nothing_with_cgroup_v1_whatever_it_says(said: dict[str, Any]) -> None:
    podman = Engine("podman", (5, 4, 2), rootless=True)
    for option in ("memory", "cpus", "pids_limit", "device_read_bps"):
        rows = host.lacking({option: 5}, [option], {**OLD, **said}, podman)
        with pytest.raises(InvalidOption, match=r"5\.4\.2 without root would drop it, because an engine without root"):
            host.require(rows, {option: 5}, {**OLD, **said}, podman)
        assert not host.lacking({option: 5}, [option], {**NEW, **said}, podman)
