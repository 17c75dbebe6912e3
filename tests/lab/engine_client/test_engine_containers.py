# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers on real engines: their life, their list, changes while they run, networks, logs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from engine_cases import MIB, Case, Make, fails

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError

# A process that ignores SIGTERM, so that what a stop timeout does can be measured; it says when it does.
STUBBORN = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"]


def _seconds(action: Callable[[], Any]) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began


def test_life_of_a_container(case: Case, make: Make) -> None:
    client, name = case.client, make(start=False, StopTimeout=0)
    assert case.state(name) == "created"
    client.containers.start(name)
    client.containers.start(name)
    assert case.state(name) == "running"
    client.containers.pause(name)
    assert case.state(name) == "paused"
    client.containers.unpause(name)
    client.containers.restart(name, 0)
    assert case.state(name) == "running"
    client.containers.stop(name, 0)
    client.containers.stop(name, 0)
    assert case.state(name) == "exited"
    client.containers.rename(name, f"{name}-new")
    assert client.containers.inspect(name) is None
    client.containers.rename(f"{name}-new", name)
    client.containers.remove(name)
    assert client.containers.inspect(name) is None


def test_stop_and_restart_give_the_containers_own_time(case: Case, make: Make) -> None:
    """Not the engines' 10 seconds."""
    name = make(*STUBBORN, StopTimeout=2)
    case.wait_for_log(name, "deaf")
    assert 1.9 < _seconds(lambda: case.client.containers.restart(name)) < 9
    case.wait_for_log(name, "deaf\ndeaf")
    assert 1.9 < _seconds(lambda: case.client.containers.stop(name)) < 9


def test_a_forced_removal_does_not_wait(case: Case, make: Make) -> None:
    name = make(*STUBBORN, StopTimeout=60)
    case.wait_for_log(name, "deaf")
    assert _seconds(lambda: case.client.containers.remove(name, force=True)) < 30


def test_list(case: Case, make: Make) -> None:
    label = f"engine-test={uuid.uuid4().hex}"
    labels = dict([label.split("=")])
    running, created = make(Labels=labels), make(start=False, Labels=labels)
    filters = {"label": [label]}

    def names(**options: Any) -> set[str]:
        return {entry["Names"][0] for entry in case.client.containers.list(filters=filters, **options)}

    assert names() == {f"/{running}", f"/{created}"}
    assert names(all=False) == {f"/{running}"}


def test_who_is_there_is_told_as_in_the_whole_list(case: Case, make: Make) -> None:
    """Running or not, and on Podman also the members of a pod."""
    client, label = case.client, {"engine-test": uuid.uuid4().hex}
    mine = {make(Labels=label), make(start=False, Labels=label), make(start=False)}
    pod = f"engine-test-{uuid.uuid4().hex}"
    if client.engine.own_api:
        client.pods.create({"name": pod, "labels": label})
    try:
        named, listed = (
            {one["Id"]: ([name.lstrip("/") for name in one["Names"]], one["Labels"] or {}) for one in found}
            for found in (client.containers.named(), client.containers.list(all=True))
        )
    finally:
        if client.engine.own_api:
            client.pods.remove(pod)
    told = {names[0]: labels for names, labels in named.values()}
    assert mine <= set(told) and sum(labels == label for labels in told.values()) >= 2
    assert named == {one: listed[one] for one in named} and set(named) == set(listed)


# Fields that an update changes and a new value for each, as inspect must report it afterwards.
# BlkioWeight is left out: Podman 5.4 changes it, and Docker drops it where the kernel has no weights, as the lab's.
LIVE: dict[str, dict[str, Any]] = {
    "Memory": {"Memory": 64 * MIB, "MemorySwap": 128 * MIB},
    "MemorySwap": {"Memory": 64 * MIB, "MemorySwap": 96 * MIB},
    "MemoryReservation": {"MemoryReservation": 16 * MIB},
    "NanoCpus": {"NanoCpus": 250_000_000},
    "CpuShares": {"CpuShares": 512},
    "CpuPeriod": {"CpuPeriod": 50_000, "CpuQuota": 20_000},
    "CpuQuota": {"CpuQuota": 30_000},
    "CpusetCpus": {"CpusetCpus": "0"},
    "CpusetMems": {"CpusetMems": "0"},
    "PidsLimit": {"PidsLimit": 99},
    "RestartPolicy": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}},
}


@pytest.mark.limits
@pytest.mark.parametrize("field", LIVE)
def test_update_takes_what_the_table_says_and_keeps_the_rest(case: Case, make: Make, field: str) -> None:
    name = make(HostConfig={"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}})
    if field not in case.client.engine.live_fields:
        with pytest.raises(EngineError) as caught:
            case.client.containers.update(name, LIVE[field])
        assert caught.value.kind == "unsupported"
        return
    case.client.containers.update(name, LIVE[field])
    host_config = (case.client.containers.inspect(name) or {})["HostConfig"]
    expected = {"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}, **LIVE[field]}
    assert {key: host_config[key] for key in expected} == expected


@pytest.mark.limits
@pytest.mark.provokes("unsupported")
def test_update_of_a_stopped_container(case: Case, make: Make) -> None:
    name = make(StopTimeout=0)
    case.client.containers.stop(name)
    if not case.client.engine.live_fields:
        fails("unsupported", 404, lambda: case.client.containers.update(name, {"Memory": 64 * MIB}))
        return

    def shown() -> bool:
        return (case.client.containers.inspect(name) or {})["HostConfig"]["Memory"] == 64 * MIB

    case.client.containers.update(name, {"Memory": 64 * MIB, "MemorySwap": 128 * MIB})
    assert shown() is not case.client.engine.stopped_update_shows_at_start
    case.client.containers.start(name)
    assert shown()


@pytest.fixture
def network(case: Case) -> Iterator[str]:
    name = f"engine-test-{uuid.uuid4().hex[:8]}"
    case.ssh(case.engine, "network", "create", name)
    yield name
    case.ssh(case.engine, "network", "rm", name)


def test_networks(case: Case, make: Make, network: str) -> None:
    name = make()

    def connected() -> dict[str, Any]:
        return (case.client.containers.inspect(name) or {})["NetworkSettings"]["Networks"]

    assert list(connected()) == [case.client.engine.default_network]
    case.client.networks.connect(network, name, {"Aliases": ["other"]})
    assert "other" in connected()[network]["Aliases"]
    case.client.networks.disconnect(network, name)
    assert network not in connected()
    assert (case.client.networks.inspect(network) or {})["Name"] == network
    assert case.client.networks.inspect("engine-test-nobody") is None


@pytest.mark.parametrize("tty", [False, True])
def test_logs(case: Case, make: Make, tty: bool) -> None:
    # stderr a moment later: the order of two streams written at once is nobody's
    script = "for i in 1 2 3 4 5 ä; do echo out$i; done; sleep 0.3; echo err >&2; sleep 0.3; printf end"
    name = make("sh", "-c", script, Tty=tty, start=False)
    assert case.client.containers.log_tail(name) == ""
    case.client.containers.start(name)
    case.wait_for_log(name, "end")
    assert case.client.containers.log_tail(name, 100) == "out1\nout2\nout3\nout4\nout5\noutä\nerr\nend"
    assert case.client.containers.log_tail(name, 3).splitlines()[-2:] == ["err", "end"]
    assert len(case.client.containers.log_tail(name, 3).splitlines()) == 3
