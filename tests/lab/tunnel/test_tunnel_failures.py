# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that do not come about, each provoked for real: class, hint, unreachable, time and tries."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

from .conftest import PODMAN, ping

CLOSED_PORT = 2291


def refused(bench: Any, target: SshTarget, **settings: Any) -> tuple[SshError, float]:
    """The error of a connection that must fail, and the seconds it took."""
    began = time.monotonic()
    with pytest.raises(SshError) as caught:
        bench.open(target, **settings)
    seconds = time.monotonic() - began
    assert not list(bench.runtime.glob("*.ctl")), "a failure leaves no socket"
    assert not list(bench.runtime.glob("*.json"))
    return caught.value, seconds


@pytest.fixture
def black_hole(bench: Any) -> Iterator[SshTarget]:
    """A port of the lab host whose packets vanish."""
    port = 2292
    bench.on_host(f"iptables -I INPUT -p tcp --dport {port} -j DROP")
    yield bench.change(port=port)
    bench.on_host(f"iptables -D INPUT -p tcp --dport {port} -j DROP")


def test_a_black_hole_fails_in_ten_seconds(bench: Any, black_hole: SshTarget) -> None:
    error, seconds = refused(bench, black_hole)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert 8 <= seconds <= 12
    assert "bookworm1 (root@" in error.message
    assert "firewall" in error.hint
    assert "tries" not in error.message


def test_workers_share_one_failure(bench: Any, black_hole: SshTarget) -> None:
    """100 tasks to a dead host must not wait 100 times: here ten at once, and ten more just after they failed."""
    target = dataclasses.replace(black_hole, connect_timeout=4)
    first, second = bench.scratch / "first", bench.scratch / "second"
    workers = bench.openers(10, target, first) + bench.openers(10, target, second)
    began = time.monotonic()
    first.touch()
    time.sleep(4.2)
    second.touch()
    for process in workers:
        assert process.communicate(timeout=90)[0].split() == ["unreachable", "True"]
    assert time.monotonic() - began < 4 + 3


def test_a_shared_failure_is_not_kept(bench: Any, sshd: Callable[..., Any]) -> None:
    """Who comes later tries again: a host that is back is found at once."""
    server, target = sshd()
    server.stop()
    refused(bench, target)
    time.sleep(0.3)
    server.start()
    assert ping(bench.open(target).forward(PODMAN))


def test_a_closed_port_is_tried_three_times(bench: Any) -> None:
    error, seconds = refused(bench, bench.change(port=CLOSED_PORT))
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "after 3 tries" in error.message
    assert "Connection refused" in error.message
    assert str(CLOSED_PORT) in error.hint
    assert 0.15 <= seconds < 2


def test_one_try_only(bench: Any) -> None:
    error, _seconds = refused(bench, bench.change(port=CLOSED_PORT), retries=1)
    assert "tries" not in error.message


def test_a_port_that_opens_between_the_tries(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    server.stop()
    (opener,) = bench.openers(1, target, retries=8)
    time.sleep(1)
    server.start()
    assert ping(opener.communicate(timeout=30)[0].split()[1])


def test_a_name_that_does_not_resolve(bench: Any) -> None:
    error, seconds = refused(bench, bench.change(host="no-such-host.invalid"))
    assert (error.kind, error.unreachable) == ("name", True)
    assert "ansible_host" in error.hint
    assert "tries" not in error.message
    assert seconds < 5


@pytest.fixture
def other_key(tmp_path: Path) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    return str(tmp_path / "other")


def test_a_wrong_key_is_not_tried_again(bench: Any, sshd: Callable[..., Any], other_key: str) -> None:
    server, target = sshd()
    error, seconds = refused(bench, dataclasses.replace(target, private_key_file=other_key))
    assert (error.kind, error.unreachable) == ("authentication", True)
    assert other_key in error.hint
    assert "authorized_keys" in error.hint
    assert seconds < 5
    assert server.log().count("closed by authenticating user") == 1


def test_a_key_that_is_not_there(bench: Any) -> None:
    error, _seconds = refused(bench, bench.change(private_key_file="/no/such/key"))
    assert error.kind == "authentication"
    assert "/no/such/key is not there" in error.hint


def test_a_key_from_an_agent(bench: Any) -> None:
    path = str(bench.scratch / "agent")
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
    try:
        time.sleep(0.3)
        subprocess.run(["ssh-add", "-q", bench.lab.key], env={"SSH_AUTH_SOCK": path, "PATH": "/usr/bin"}, check=True)
        target = bench.change(private_key_file=None, agent_socket=path)
        assert ping(bench.open(target).forward(PODMAN))
        error, _seconds = _without(bench, target)
        assert error.kind == "authentication"
    finally:
        agent.terminate()
        agent.wait()


def _without(bench: Any, target: SshTarget) -> tuple[SshError, float]:
    bench.open(target).close()
    return refused(bench, bench.change("-o", "IdentityFile=none", private_key_file=None, agent_socket=None))


def test_a_changed_host_key_is_refused_and_not_overwritten(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    bench.open(target).close()
    written = bench.known_hosts.read_text()
    server.stop()
    server.new_host_key()
    server.start()
    error, _seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("host_key", True)
    assert f"ssh-keygen -f {bench.known_hosts} -R '[{target.host}]:{target.port}'" in error.hint
    assert bench.known_hosts.read_text() == written
    remedy = error.hint[error.hint.index("ssh-keygen") :]
    subprocess.run(["sh", "-c", remedy], check=True, capture_output=True)
    assert ping(bench.open(target).forward(PODMAN))


# what somebody set -> whether an unknown key is accepted, and written down
UNKNOWN_KEYS: dict[str, tuple[dict[str, Any], tuple[str, ...], str, bool]] = {
    "nobody": ({}, (), "", True),
    "host_key_checking=true": ({"host_key_checking": True}, (), "", False),
    "host_key_checking=false": ({"host_key_checking": False}, (), "", True),
    "an argument": ({}, ("-o", "StrictHostKeyChecking=yes"), "", False),
    "the user's ssh configuration": ({}, (), "StrictHostKeyChecking yes", False),
}


@pytest.mark.parametrize(("fields", "args", "config", "accepted"), UNKNOWN_KEYS.values(), ids=UNKNOWN_KEYS)
def test_unknown_host_keys(
    bench: Any, fields: dict[str, Any], args: tuple[str, ...], config: str, accepted: bool
) -> None:
    file = bench.scratch / "config"
    file.write_text(f"Host *\n  UserKnownHostsFile {bench.known_hosts}\n  {config}\n")
    target = bench.change(ssh_args=(*args, "-F", str(file)), **fields)
    if accepted:
        assert ping(bench.open(target).forward(PODMAN))
        assert len(bench.known_hosts.read_text().splitlines()) == 1
    else:
        error, _seconds = refused(bench, target)
        assert error.kind == "host_key"
        assert "ssh-keyscan" in error.hint
        assert not bench.known_hosts.exists()


def test_host_key_checking_off_still_writes_no_other_key_over(bench: Any, sshd: Callable[..., Any]) -> None:
    """Accept-new is ours; 'no' is only what somebody set."""
    _server, target = sshd()
    tunnel = bench.open(target)
    assert "StrictHostKeyChecking=accept-new" in Path(f"/proc/{tunnel.pid}/cmdline").read_text()
    off = dataclasses.replace(target, host_key_checking=False)
    assert "StrictHostKeyChecking=no" in Path(f"/proc/{bench.open(off).pid}/cmdline").read_text()


def test_drops_before_the_banner_are_outlived(bench: Any, sshd: Callable[..., Any]) -> None:
    """MaxStartups 1: eight targets at once, of which sshd drops most at first."""
    server, target = sshd("MaxStartups 1:100:1")
    targets = [dataclasses.replace(target, agent_socket=f"/none/{n}") for n in range(8)]
    gate = bench.scratch / "go"
    openers = [opener for one in targets for opener in bench.openers(1, one, gate)]
    gate.touch()
    answers = [opener.communicate(timeout=60)[0] for opener in openers]
    assert [answer for answer in answers if ".sock" not in answer] == []
    assert "MaxStartups" in server.log(), "sshd did drop some"


@contextlib.contextmanager
def _only_place(target: SshTarget) -> Iterator[None]:
    for _count in range(50):
        with socket.create_connection((target.host, target.port)) as holder:
            if holder.recv(4) == b"SSH-":
                yield
                return
        time.sleep(0.1)
    raise AssertionError("sshd gave us no place")


def test_the_budget_for_drops_is_30_seconds(bench: Any, sshd: Callable[..., Any]) -> None:
    """One connection that says nothing holds the only place."""
    _server, target = sshd("MaxStartups 1:100:1", "LoginGraceTime 120")
    with _only_place(target):
        error, seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "MaxStartups" in error.hint
    assert 22 <= seconds <= 33


@pytest.mark.parametrize("bench", ["trixie1"], indirect=True)
def test_penalties_are_a_class_of_their_own(bench: Any, sshd: Callable[..., Any], other_key: str) -> None:
    server, target = sshd("PerSourcePenalties authfail:300s min:60s")
    wrong = dataclasses.replace(target, private_key_file=other_key)
    error, _seconds = refused(bench, wrong)
    assert error.kind == "authentication"
    error, seconds = refused(bench, dataclasses.replace(target, name="penalised"))
    assert (error.kind, error.unreachable) == ("penalised", True)
    assert "PerSourcePenaltyExemptList" in error.hint
    assert seconds <= 33
    assert "penalt" in server.log().lower()


def test_no_ssh_client(bench: Any) -> None:
    error, _seconds = refused(bench, bench.change(ssh_executable="/no/such/ssh"))
    assert (error.kind, error.unreachable) == ("ssh_client", False)
    assert "ansible_ssh_executable" in error.hint


def test_an_option_ssh_does_not_know(bench: Any) -> None:
    error, _seconds = refused(bench, bench.change("-o", "NoSuchOption=1"))
    assert (error.kind, error.unreachable) == ("ssh_client", False)
    assert "nosuchoption" in error.message.lower()


def test_a_jump_host_in_ansibles_arguments_is_passed_on(bench: Any) -> None:
    """The way over the other lab host (its own key and known_hosts come from a configuration file)."""
    hop = bench.lab.hosts["trixie1"]["hostname"]
    config = bench.scratch / "config"
    config.write_text(
        f"Host *\n  User root\n  IdentityFile {bench.lab.key}\n  UserKnownHostsFile {bench.known_hosts}\n"
        "  StrictHostKeyChecking accept-new\n"
    )
    assert ping(bench.open(bench.change(ssh_args=("-F", str(config), "-J", f"root@{hop}"))).forward(PODMAN))
    proxied = f"ProxyCommand=ssh -F {config} -W %h:%p root@{hop}"
    assert ping(bench.open(bench.change(ssh_args=("-F", str(config), "-o", proxied))).forward(PODMAN))


def test_a_proxy_command_that_fails(bench: Any) -> None:
    error, seconds = refused(bench, bench.change("-o", "ProxyCommand=false"))
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "ProxyCommand" in error.hint
    assert seconds < 3
