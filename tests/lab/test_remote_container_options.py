# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine, its version or its host cannot do for a container is refused by name, and never silently dropped."""

from __future__ import annotations

from typing import Any

from container_place import APP, NAME, Place, actions, on_every_place, places
from container_walk import WALK, full
from engine_cases import MIB

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences import support
from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.differences.engine import Engine
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.table import BY_NAME

__all__ = ["places"]  # a fixture


def refused(option: str, engine: Engine) -> bool:
    row = BY_NAME[option]
    try:
        support.require(option, row.parse(option, full(option, WALK[option][0])), engine)
    except InvalidOption:
        return True
    return False


@on_every_place
def test_what_an_engine_cannot_do_is_refused_with_its_version(place: Place) -> None:
    engine = place.client.engine
    names = [name for name in WALK if refused(name, engine)]
    assert names or place.engine == "docker"
    for name in names:
        result = place.run(**{"image": APP, "init": True, name: WALK[name][0]})
        assert result["failed"] and result["error"]["option"] == name, result
        assert f"{engine.title} does not support it." in result["msg"]
    assert NAME not in place.names()


@on_every_place
def test_a_share_that_the_hosts_kernel_does_not_know_is_told_in_check_mode_too(place: Place) -> None:
    """Where it knows it, it takes."""
    if place.engine == "podman" and not place.limits:  # it says nothing of its host, and starts no such container
        return
    base = {"image": APP, "stop_timeout": 0}
    weighted = {**base, "blkio_weight": 300}
    info = place.client.system.info()
    for found in ([], [base]):
        place.run(name=NAME, state="absent")
        place.steps(found)
        check, done, again = place.run(**weighted, check=True), place.run(**weighted), place.run(**weighted)
        assert actions(check) == actions(done) and not again["changed"]
        lacks = info["CgroupVersion"] == "1" or not place.limits
        for told in (check, done, again):
            has_no = any("blkio_weight has no effect" in text for text in told.get("warnings", ()))
            assert has_no == lacks and (not lacks or info["KernelVersion"] in " ".join(told["warnings"]))


# More in memory than the limit that comes later; what is in a tmpfs cannot be written out.
FILL = ["sh", "-c", "busybox dd if=/dev/zero of=/full/x bs=1M count=30; sleep 1000"]


@on_every_place
def test_an_update_that_the_kernel_refuses_recreates(place: Place) -> None:
    if not place.limits:
        return
    base = {
        "image": APP, "stop_timeout": 0, "command": FILL, "tmpfs": ["/full:size=40m"], "user": "root",
        "memory": "64M", "memory_swap": "64M",
    }  # fmt: skip
    (first,) = place.steps([base])
    looks = (place.cli("exec", NAME, "busybox", "stat", "-c", "%s", "/full/x", check=False) for _look in range(20))
    assert any(seen.strip() == str(30 * 2**20) for seen in looks)
    less = {**base, "memory": "16M", "memory_swap": "16M"}
    if place.client.system.info()["CgroupVersion"] == "2":  # that kernel takes it, and ends what has more
        done, again = place.steps([less, less])
        assert actions(done)[-1] == "update" and actions(again) in ([], ["start"])
        return
    done, again = place.steps([less, less])
    assert actions(done)[-1] == "recreate" and done["container"]["id"] != first["container"]["id"]
    assert not again["changed"]


LIMITED = {"memory": "64M", "memory_reservation": "32M", "cpus": 0.5, "cpuset_cpus": "0", "pids_limit": 55}
# Where the kernel keeps them, by version of cgroups.
KEPT_IN = {
    "1": (
        *("memory/memory.limit_in_bytes", "memory/memory.soft_limit_in_bytes", "cpu/cpu.cfs_quota_us"),
        *("cpu/cpu.cfs_period_us", "cpuset/cpuset.cpus", "pids/pids.max"),
    ),
    "2": ("memory.max", "memory.low", "cpu.max", "cpuset.cpus", "pids.max"),
}


@on_every_place
def test_limits_are_the_kernels(place: Place) -> None:
    """Those of a container that runs are changed, where that needs no other one."""
    if not place.limits:
        return
    info = place.client.system.info()
    base: dict[str, Any] = {"image": APP, "stop_timeout": 0, **LIMITED}
    changed = {"memory": "80M", "cpus": 0.75, "pids_limit": 66}
    if info["SwapLimit"]:
        base["memory_swap"], changed["memory_swap"] = "96M", "128M"
    paths = [f"/sys/fs/cgroup/{path}" for path in KEPT_IN[info["CgroupVersion"]]]
    if info["CgroupVersion"] == "2":
        paths.append("/sys/fs/cgroup/memory.swap.max")
    for given, kept in ((base, [64, 32, 50_000, 55, 32]), ({**base, **changed}, [80, 32, 75_000, 66, 48])):
        place.steps([given])
        memory, reserved, quota, pids, swap = kept
        wanted = [memory * MIB, reserved * MIB, quota, 100_000, 0, pids]
        wanted += [swap * MIB] if info["CgroupVersion"] == "2" else []
        assert place.cli("exec", NAME, "busybox", "cat", *paths).split() == [str(value) for value in wanted]


@on_every_place
def test_what_takes_more_memory_than_it_may_is_killed_and_with_cgroup_v2_that_is_told(place: Place) -> None:
    if not place.limits:
        return
    info = place.client.system.info()
    swap = {"memory_swap": "16M"} if info["SwapLimit"] else {}
    eats = ["busybox", "tail", "/dev/zero"]
    done = place.run(image=APP, command=eats, memory="16M", **swap, detach=False)
    assert done["container"]["exit_code"] == 137, done
    # With cgroup v1 in an LXC host, Podman does not see why, and Docker not always.
    assert done["container"]["oom_killed"] or info["CgroupVersion"] == "1", done["container"]
