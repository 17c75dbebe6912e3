# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What fails on a way over jump hosts, by whose fault, and in which words: each provoked for real."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator

import pytest
from jump_way import Hop

from .conftest import Jumper


@pytest.fixture
def hops(jumper: Jumper) -> Iterator[list[Hop]]:
    """Two hops; the second one's sshd is as before afterwards."""
    chain = jumper.way.chain(2)
    yield chain
    jumper.way.restart(chain[1])


@pytest.mark.fault("A jump host does not take the key")
def test_a_hop_without_the_key(jumper: Jumper, hops: list[Hop]) -> None:
    target = jumper.target(hops)
    error = jumper.refused(dataclasses.replace(target, jump_keys=((hops[0].place, hops[0].key),)))
    assert (error.kind, error.unreachable) == ("authentication", True)
    assert error.message.startswith(f"jump host {hops[1].place} on the way to behind (root@")
    assert f"-J {hops[0].place}" in error.hint


@pytest.mark.fault("A jump host's port is closed")
def test_a_hop_whose_port_is_closed(jumper: Jumper, hops: list[Hop]) -> None:
    first = dataclasses.replace(hops[0], port=9)
    error = jumper.refused(jumper.target([first, hops[1]]))
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert error.message.startswith(f"jump host {first.place} on the way to behind (root@")
    assert "Connection refused" in error.message


def test_the_ports_behind_a_hop(jumper: Jumper, hops: list[Hop]) -> None:
    error = jumper.refused(jumper.target(hops, port=9))
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert f"jump host {hops[1].place}: open failed: connect failed: Connection refused" in error.message
    assert "after 3 tries" in error.message
    error = jumper.refused(jumper.target(hops, host="no-such-host.invalid"))
    assert (error.kind, error.unreachable) == ("name", True)


@pytest.mark.fault("The host behind a jump host swallows packets")
def test_a_black_hole_behind_a_hop(jumper: Jumper, hops: list[Hop]) -> None:
    """The target is open to the second hop's host, the third hop of the way only to that of the second."""
    closed = jumper.way.hops[3]
    error = jumper.refused(jumper.target(hops, host=closed.address, port=closed.port, connect_timeout=3))
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "timed out" in error.message
    assert "tries" not in error.message
    assert jumper.way.logins(hops[0]) == 1, "the hops are fine, and stay"


PROHIBITING = ["AllowTcpForwarding no", "PermitOpen 127.0.0.1:1", "DisableForwarding yes"]


@pytest.mark.fault("A jump host lets nothing through")
@pytest.mark.provokes("jump_prohibited")
@pytest.mark.parametrize("option", PROHIBITING)
def test_a_hop_that_lets_nothing_through(jumper: Jumper, hops: list[Hop], option: str) -> None:
    jumper.way.restart(hops[1], option)
    error = jumper.refused(jumper.target(hops))
    assert (error.kind, error.unreachable) == ("jump_prohibited", True)
    assert f"jump host {hops[1].place}" in error.message
    assert option.split()[0] in error.hint
    jumper.way.restart(hops[1])
    assert jumper.open(jumper.target(hops)).opened, "once it is mended, the next task gets through"


def test_a_changed_host_key_of_a_hop(jumper: Jumper, hops: list[Hop]) -> None:
    jumper.known_hosts.write_text(
        f"[{hops[1].address}]:{hops[1].port} ssh-ed25519 "
        "AAAAC3NzaC1lZDI1NTE5AAAAIBTEc7vGYKUZy2wwDzk5tAb5SGIMlUCe1DbyVmNqFhoB\n"
    )
    error = jumper.refused(jumper.target(hops))
    assert (error.kind, error.unreachable) == ("host_key", True)
    assert error.message.startswith(f"The host key of jump host {hops[1].place} on the way to behind")


def test_drops_behind_a_hop_have_the_long_budget(jumper: Jumper, hops: list[Hop]) -> None:
    """The target's sshd has one place; it is free again after some seconds, in which three tries would be over."""
    end = jumper.way.target
    jumper.way.restart(end, "MaxStartups 1:100:1", "LoginGraceTime 60")
    hold = f"exec 3<>/dev/tcp/{end.address}/{end.port}; sleep 4"
    holder = threading.Thread(target=lambda: jumper.way.lab.ssh(hops[1].host, "bash", "-c", f"'{hold}'", check=False))
    try:
        holder.start()
        time.sleep(1.5)
        tunnel = jumper.open(jumper.target(hops))
        assert tunnel.opened
        assert "drop connection" in jumper.way.log(end) or "MaxStartups" in jumper.way.log(end)
    finally:
        holder.join()
        jumper.way.restart(end)


def test_tasks_at_once_share_a_hops_failure(jumper: Jumper, hops: list[Hop]) -> None:
    """Each of ten would wait three seconds for the hop that does not answer."""
    closed = dataclasses.replace(hops[1], host="x")
    target = jumper.target([closed], connect_timeout=3)
    errors = []
    began = time.monotonic()
    threads = [threading.Thread(target=lambda: errors.append(jumper.refused(target))) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(error.kind, error.unreachable) for error in errors} == {("unreachable", True)}
    assert len(errors) == 10
    assert all(error.message.startswith(f"jump host {closed.place} on the way to behind") for error in errors)
    assert time.monotonic() - began < 20


def test_a_proxy_commands_words_are_shown(jumper: Jumper) -> None:
    command = "ProxyCommand=sh -c 'echo the gate is closed >&2; exit 1'"
    error = jumper.refused(jumper.target(ssh_args=("-F", "none", "-o", command)))
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "the gate is closed" in error.message
    assert "ProxyCommand" in error.hint
