# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that can't be reached, each cause provoked for real: class, hint, unreachable, time and tries."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

from .conftest import PODMAN, both_clients, eventually, ping, refused, works

CLOSED_PORT = 2291


@dataclasses.dataclass
class Rule:
    """What a lab host's firewall does with connections to a port of its own; it counts them."""

    bench: Any
    port: int
    verdict: str

    @property
    def words(self) -> str:
        return f"INPUT -p tcp --dport {self.port} --syn -j {self.verdict}"

    def packets(self) -> int:
        listing = self.bench.on_host("iptables -nvxL INPUT")
        return sum(int(line.split()[0]) for line in listing.splitlines() if f"dpt:{self.port} " in line)


@pytest.fixture
def firewall(bench: Any) -> Iterator[Callable[..., tuple[Rule, SshTarget]]]:
    rules: list[Rule] = []

    def install(verdict: str) -> tuple[Rule, SshTarget]:
        rule = Rule(bench, 2292 + len(rules), verdict)
        bench.on_host(f"iptables -I {rule.words}")
        rules.append(rule)
        return rule, bench.change(port=rule.port)

    yield install
    for rule in rules:
        bench.on_host(f"iptables -D {rule.words}")


@pytest.fixture
def black_hole(firewall: Callable[..., tuple[Rule, SshTarget]]) -> SshTarget:
    """A port of the lab host whose packets vanish."""
    return firewall("DROP")[1]


@pytest.mark.fault("A firewall drops every packet")
@pytest.mark.provokes("unreachable/timeout")
def test_a_black_hole_fails_in_ten_seconds(bench: Any, black_hole: SshTarget) -> None:
    error, seconds = refused(bench, black_hole)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert 8 <= seconds <= 20  # on a loaded machine; three tries would take 30
    assert f"{bench.host} (root@" in error.message
    assert "firewall" in error.hint
    assert "tries" not in error.message


@pytest.mark.fault("Many tasks wait for a host that is gone")
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
    assert time.monotonic() - began < 40  # one after the other they would wait 80 seconds


@pytest.mark.fault("A host comes back after a failure")
def test_a_shared_failure_is_not_kept(bench: Any, sshd: Callable[..., Any]) -> None:
    """Who comes later tries again: a host that is back is found at once."""
    server, target = sshd()
    server.stop()
    refused(bench, target)
    time.sleep(0.3)
    server.start()
    assert ping(bench.open(target).forward(PODMAN))


@pytest.mark.fault("sshd is stopped")
@pytest.mark.provokes("unreachable/refused")
@both_clients
def test_a_closed_port_is_tried_three_times(bench: Any, firewall: Callable[..., Any]) -> None:
    rule, target = firewall("REJECT --reject-with tcp-reset")
    error, _seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "after 3 tries" in error.message
    assert "Connection refused" in error.message
    assert str(rule.port) in error.hint
    assert rule.packets() == 3


@pytest.mark.fault("No route leads to the host")
@pytest.mark.provokes("unreachable/network")
@both_clients
def test_a_host_without_a_route_is_tried_once(bench: Any, firewall: Callable[..., Any]) -> None:
    rule, target = firewall("REJECT --reject-with icmp-host-unreachable")
    error, _seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "No route to host" in error.message
    assert error.hint.endswith(f"-p {rule.port} root@{target.host}")
    assert rule.packets() == 1


# Says something like sshd's banner and hangs up; the log has a line for each connection.
HANGS_UP = """
import socket, sys
listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
listener.settimeout(20)
print("ready", flush=True)
try:
    while True:
        connection, _address = listener.accept()
        print("came", flush=True)
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\\r\\n")
        connection.recv(100)
        connection.close()
except TimeoutError:
    pass
"""


@pytest.mark.fault("sshd hangs up after its banner")
@pytest.mark.provokes("unreachable/reset")
def test_who_hangs_up_after_the_banner_is_tried_three_times(bench: Any) -> None:
    port, directory = 2295, "/tmp/hangs-up"
    bench.on_host(
        f"mkdir -p {directory}; cat > {directory}/server.py <<'END'\n{HANGS_UP}\nEND\n"
        f"nohup python3 {directory}/server.py {port} > {directory}/log 2>&1 & echo $! > {directory}/pid\n"
        f"while ! grep -q ready {directory}/log; do sleep 0.1; done"
    )
    try:
        error, _seconds = refused(bench, bench.change(port=port))
        assert (error.kind, error.unreachable) == ("unreachable", True)
        assert "after 3 tries" in error.message
        assert bench.on_host(f"cat {directory}/log").split().count("came") == 3
    finally:
        bench.on_host(f"kill $(cat {directory}/pid); rm -r {directory}")


@pytest.mark.fault("No algorithm is shared")
@pytest.mark.provokes("unreachable/negotiation")
def test_no_algorithm_in_common(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd("KexAlgorithms ecdh-sha2-nistp256")
    came = server.connections()
    other = dataclasses.replace(target, ssh_args=("-o", "KexAlgorithms=curve25519-sha256", *target.ssh_args))
    error, _seconds = refused(bench, other)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "no matching key exchange method" in error.message
    assert "~/.ssh/config" in error.hint
    assert server.connections() == came + 1
    assert works(bench, target)


@both_clients
def test_one_try_only(bench: Any) -> None:
    error, _seconds = refused(bench, bench.change(port=CLOSED_PORT), retries=1)
    assert "tries" not in error.message


@pytest.mark.fault("sshd is started again")
def test_a_port_that_opens_between_the_tries(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    server.stop()
    (opener,) = bench.openers(1, target, retries=8)
    time.sleep(1)
    server.start()
    assert ping(opener.communicate(timeout=60)[0].split()[1])


@pytest.mark.fault("The name server is gone")
@pytest.mark.provokes("name")
def test_a_resolver_that_is_gone(bench: Any) -> None:
    """Only this ssh sees another resolver: a port of the loopback interface that nobody listens on."""
    resolv = bench.scratch / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.199\noptions timeout:1 attempts:1\n")
    ssh = bench.scratch / "ssh"
    script = f'mount --bind {resolv} /etc/resolv.conf && echo run >> {ssh}.log && exec ssh "$@"'
    ssh.write_text(f"#!/bin/sh\nexec unshare -m sh -c '{script}' ssh \"$@\"\n")
    ssh.chmod(0o755)
    error, _seconds = refused(bench, bench.change(host="lab-host.invalid", ssh_executable=str(ssh)))
    assert (error.kind, error.unreachable) == ("name", True)
    assert "Could not resolve hostname lab-host.invalid" in error.message
    assert "ansible_host (lab-host.invalid)" in error.hint
    assert "tries" not in error.message
    assert (bench.scratch / "ssh.log").read_text() == "run\n"


@pytest.mark.fault("sshd's MaxStartups is 1 and eight connect at once")
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


@pytest.mark.fault("sshd's MaxStartups is used up and stays so")
@pytest.mark.provokes("unreachable/dropped")
def test_the_budget_for_drops_is_30_seconds(bench: Any, sshd: Callable[..., Any]) -> None:
    """One connection that says nothing holds the only place."""
    server, target = sshd("MaxStartups 1:100:1", "LoginGraceTime 120")
    with _only_place(target):
        error, seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "MaxStartups" in error.hint
    assert 22 <= seconds <= 60
    tries = int(error.message.split(" tries")[0].split()[-1])
    assert 5 <= tries <= 20
    # sshd's log sums drops up; what came is told in full with the end of the throttling.
    assert "MaxStartups" in server.log()


@pytest.mark.fault("sshd penalises the controller's address")
@pytest.mark.provokes("penalised")
@pytest.mark.parametrize("bench", ["forky1"], indirect=True)
def test_penalties_are_a_class_of_their_own(bench: Any, sshd: Callable[..., Any], other_key: str) -> None:
    server, target = sshd("PerSourcePenalties authfail:300s min:60s")
    wrong = dataclasses.replace(target, private_key_file=other_key)
    error, _seconds = refused(bench, wrong)
    assert error.kind == "authentication"
    assert eventually(lambda: "penalt" in server.log().lower()), "it counts once that connection has ended"
    error, seconds = refused(bench, dataclasses.replace(target, name="penalised"))
    assert (error.kind, error.unreachable) == ("penalised", True)
    assert "PerSourcePenaltyExemptList" in error.hint
    assert seconds <= 60


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


@pytest.mark.fault("A ProxyCommand fails")
@pytest.mark.provokes("unreachable/proxy")
def test_a_proxy_command_that_fails(bench: Any) -> None:
    runs = bench.scratch / "runs"
    error, _seconds = refused(bench, bench.change("-o", f"ProxyCommand=sh -c 'echo run >> {runs}; exit 1'"))
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert "ProxyCommand" in error.hint
    assert "after 3 tries" in error.message
    assert 3 <= runs.read_text().count("run") <= 4  # one more may have been for what it says
