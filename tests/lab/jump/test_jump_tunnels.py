# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chains of jump hosts over real sshds that nobody else can reach: what is opened, shared, counted and closed."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jump_way import LONGEST, Hop, answers

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel as tunnels

from ..tunnel.conftest import eventually, ping, recovers, running
from .conftest import PODMAN, Jumper

MANY = 200
NETWORK = "10.213.96.0/24"


def test_nobody_gets_there_directly(jumper: Jumper) -> None:
    """What makes the other tests mean something: only the first hop is open to this machine."""
    first, second, *_others = jumper.way.hops
    assert answers(first.address, first.port)
    assert not answers(second.address, second.port)
    assert not answers(jumper.way.target.address, jumper.way.target.port)
    assert jumper.refused(jumper.target(connect_timeout=2)).kind == "unreachable"


@pytest.mark.parametrize("count", [2, LONGEST])
def test_each_hop_has_its_own_user_port_and_key_and_one_login(jumper: Jumper, count: int) -> None:
    hops = jumper.way.chain(count)
    tunnel = jumper.open(jumper.target(hops))
    assert ping(tunnel.forward(PODMAN)).startswith(b"HTTP/1.0 200")
    for hop in hops:
        assert f"Accepted publickey for {hop.user} " in jumper.way.log(hop)
    assert [jumper.way.logins(hop) for hop in [*hops, jumper.way.target]] == [1] * (count + 1)
    assert {f"jump host {hop.place}" for hop in hops} == set(jumper.tunnels()) - {"behind"}
    assert len(jumper.known_hosts.read_text().splitlines()) == count + 1


def test_more_than_ten_are_refused(jumper: Jumper) -> None:
    hops = [*jumper.way.hops, jumper.way.hops[0]]
    with pytest.raises(InvalidOption, match=r"chain of 11 jump hosts.*10 at most"):
        jumper.open(jumper.target(hops))
    assert jumper.way.logins(hops[0]) == 0


def test_a_circle_in_the_ssh_configuration_is_refused_by_name(jumper: Jumper) -> None:
    config = jumper.scratch / "config"
    config.write_text("Host *\n  ProxyJump gate.invalid\n")
    with pytest.raises(InvalidOption, match=r"circle: gate\.invalid .* itself"):
        jumper.open(jumper.target(ssh_args=("-F", str(config))))
    config.write_text("Host a.invalid\n  ProxyJump b.invalid\nHost b.invalid\n  ProxyJump a.invalid\n")
    with pytest.raises(InvalidOption, match=r"circle at a\.invalid"):
        jumper.open(jumper.target("a.invalid", ssh_args=("-F", str(config))))


@contextmanager
def addresses(jumper: Jumper, hop: Hop) -> Iterator[list[str]]:
    """200 addresses of the target's host that only that hop's host has a route to; sshd as Debian has it on each."""
    end = jumper.way.target
    on_end = ["ip", "route", "replace", "local", NETWORK, "dev", "lo"]
    jumper.way.lab.ssh(end.host, *on_end)
    jumper.way.lab.ssh(hop.host, "ip", "route", "replace", NETWORK, "via", end.address)
    try:
        yield [f"10.213.96.{number}" for number in range(1, MANY + 1)]
    finally:
        jumper.way.lab.ssh(hop.host, "ip", "route", "del", NETWORK)
        jumper.way.lab.ssh(end.host, "ip", "route", "del", "local", NETWORK, "dev", "lo")


def _pin(jumper: Jumper) -> None:
    """All the addresses are one sshd: 200 first contacts there would be penalised (PerSourcePenalties, noauth)."""
    end = jumper.way.target.address
    lines = [line.split(None, 1) for line in Path(jumper.way.lab.known_hosts).read_text().splitlines()]
    jumper.known_hosts.write_text("".join(f"10.213.96.* {key}\n" for host, key in lines if host == end))


def test_200_at_once_behind_one_hop_with_sshds_default_maxstartups(jumper: Jumper) -> None:
    """Port 22 of the target's host has Debian's settings: MaxStartups 10:30:100, MaxSessions 10.

    ssh's time-out is long: on two busy cores, the one sshd behind all the addresses took over 30 seconds for a banner.
    """
    hop = jumper.way.hops[0]
    target = jumper.target([hop], port=None, connect_timeout=90)
    with addresses(jumper, hop) as hosts, concurrent.futures.ThreadPoolExecutor(MANY) as pool:
        _pin(jumper)
        targets = [dataclasses.replace(target, host=host, name=host) for host in hosts]
        opened = list(pool.map(jumper.open, targets))
        assert len({tunnel.pid for tunnel in opened}) == MANY
        assert jumper.way.logins(hop) == 1
        assert ping(opened[-1].forward(PODMAN)).startswith(b"HTTP/1.0 200")
        for tunnel in opened:
            os.kill(tunnel.pid, signal.SIGTERM)
        assert eventually(lambda: not any(running(tunnel.pid) for tunnel in opened), 30)


def test_a_warm_task_over_a_hop_starts_no_process_takes_no_lock_and_reads_no_configuration(
    jumper: Jumper, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = jumper.target(jumper.way.chain(2), ssh_args=("-o", f"UserKnownHostsFile={jumper.known_hosts}"))
    jumper.open(target).forward(PODMAN)
    read: list[str] = []

    def forbidden(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a warm open does without")

    def noted(path: Any, *args: Any, **options: Any) -> Any:
        read.append(str(path))
        return real(path, *args, **options)

    real = open
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    monkeypatch.setattr(fcntl, "flock", forbidden)
    monkeypatch.setattr("builtins.open", noted)
    tunnel = jumper.open(target)
    assert not tunnel.opened
    assert ping(tunnel.forward(PODMAN))
    assert [Path(path).suffix for path in read] == [".json"], "its own record"


@pytest.mark.fault("The connection to a jump host is killed")
def test_a_hops_killed_master_is_started_anew(jumper: Jumper) -> None:
    hops = jumper.way.chain(2)
    first = jumper.open(jumper.target(hops))
    os.kill(jumper.tunnels()[f"jump host {hops[0].place}"].pid, signal.SIGKILL)
    assert eventually(lambda: not running(first.pid), 30), "what ran over it ends with it"
    second = jumper.open(jumper.target(hops))
    assert second.opened
    assert ping(second.forward(PODMAN))
    assert jumper.way.logins(hops[0]) == 2


def test_an_old_hop_is_replaced_and_what_runs_over_it_is_not_cut(jumper: Jumper) -> None:
    hops = jumper.way.chain(2)
    first = jumper.open(jumper.target(hops))
    local = first.forward(PODMAN)
    time.sleep(1)
    other = dataclasses.replace(jumper.target(hops), connect_timeout=9, private_key_file=None, name="other")
    other = dataclasses.replace(other, extra_args=(*other.extra_args, "-i", jumper.way.target.key))
    assert jumper.open(other, max_age=1).pid != first.pid
    assert jumper.way.logins(hops[1]) == 2
    assert ping(local).startswith(b"HTTP/1.0 200")


@pytest.mark.fault("The packets to a jump host vanish")
def test_a_hop_that_lost_its_connection_is_noticed_and_named(jumper: Jumper) -> None:
    """Its master still runs and believes in its peer, whose packets vanish."""
    hop, _second = hops = jumper.way.chain(2)
    jumper.open(jumper.target(hops))
    other = jumper.target(hops, name="other", port=22, connect_timeout=2)
    jumper.way.cut(hop)
    try:
        error = jumper.refused(other)
    finally:
        jumper.way.mend(hop)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert error.message.startswith(f"jump host {hop.place} on the way to other (")
    assert recovers(lambda: ping(jumper.open(jumper.target(hops)).forward(PODMAN))), "a later task connects anew"


def test_hops_end_with_the_last_tunnel_that_needs_them(jumper: Jumper) -> None:
    hops = jumper.way.chain(2)
    target = jumper.target(hops)
    gate = jumper.target(hops[:1], host=hops[1].address, port=22, name="gate")
    jumper.open(target)
    jumper.open(gate)
    assert tunnels.close_tunnel(target, jumper.runtime)
    assert set(jumper.tunnels()) == {"gate", f"jump host {hops[0].place}"}
    assert tunnels.close_tunnel(gate, jumper.runtime)
    assert jumper.tunnels() == {}
    assert not [path for path in jumper.runtime.iterdir() if path.name != "swept"]


def test_idle_hops_end_by_themselves_after_what_runs_over_them(jumper: Jumper) -> None:
    hops = jumper.way.chain(2)
    tunnel = jumper.open(jumper.target(hops), idle=5)
    pids = [info.pid for info in jumper.tunnels().values()]
    assert len(pids) == 3
    assert eventually(lambda: not any(running(pid) for pid in pids), 60)
    tunnels.sweep(jumper.runtime)
    assert not [path for path in jumper.runtime.iterdir() if path.name != "swept"]
    assert tunnel.pid in pids
