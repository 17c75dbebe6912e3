# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host is reached, the engine's socket is not: every cause provoked for real, and mended as the hint says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.target import SshTarget

from .conftest import DOCKER, PODMAN, both_hosts, ping

USER = "sfuser"


def diagnosed(tunnel: Any, remote: str) -> SshError:
    """The diagnosis of a request that got no answer."""
    assert not ping(tunnel.forward(remote), timeout=5)
    error: SshError = tunnel.diagnose(remote)
    assert not error.unreachable
    assert tunnel.target.name in error.message
    assert remote in error.message
    return error


@pytest.mark.parametrize("bench", both_hosts, indirect=True)
def test_a_healthy_socket(bench: Any) -> None:
    tunnel = bench.open()
    for remote in (PODMAN, DOCKER):
        seen = tunnel.probe(remote)
        assert (seen.exists, seen.is_socket, seen.accessible, seen.listening, seen.missing) == (
            True, True, True, True, False,
        )  # fmt: skip
        assert (seen.user, seen.socket_enabled, seen.socket_active) == ("root", "enabled", "active")
        assert bench.open().pid == tunnel.pid


@pytest.mark.parametrize("remote", ["/run/nowhere/engine.sock", "/run/with space.sock", "/nowhere.sock"])
def test_a_missing_socket(bench: Any, remote: str) -> None:
    tunnel = bench.open()
    assert tunnel.probe(remote).missing
    error = diagnosed(tunnel, remote)
    assert error.kind == "socket_missing"
    assert "user root" in error.message
    assert "engine_socket" in error.hint


def test_a_file_that_is_no_socket(bench: Any) -> None:
    error = diagnosed(bench.open(), "/etc/hostname")
    assert error.kind == "socket_missing"
    assert "is not a socket" in error.message


@pytest.fixture
def podman_off(bench: Any) -> Iterator[None]:
    bench.on_host("systemctl stop podman.socket podman.service")
    yield
    bench.on_host(
        "systemctl enable -q podman.socket; systemctl reset-failed podman.socket podman.service\n"
        "systemctl restart podman.socket"
    )


@pytest.mark.usefixtures("podman_off")
def test_a_disabled_unit_says_how_to_enable_it(bench: Any) -> None:
    bench.on_host("systemctl disable -q podman.socket; rm -f /run/podman/podman.sock")
    tunnel = bench.open()
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "socket_missing"
    assert "podman.socket is inactive (disabled)" in error.message
    command = "systemctl enable --now podman.socket"
    assert command in error.hint
    bench.on_host(command)
    assert ping(tunnel.forward(PODMAN))


@pytest.mark.usefixtures("podman_off")
def test_an_engine_that_is_down(bench: Any) -> None:
    tunnel = bench.open()
    assert bench.on_host(f"test -S {PODMAN} && echo there").strip() == "there"
    seen = tunnel.probe(PODMAN)
    assert (seen.exists, seen.accessible, seen.listening, seen.missing) == (True, True, False, False)
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "engine_down"
    assert "nothing listens on it" in error.message
    command = "systemctl restart podman.socket"
    assert command in error.hint
    bench.on_host(command)
    assert ping(tunnel.forward(PODMAN))


def test_an_engine_that_takes_connections_and_says_nothing(bench: Any) -> None:
    """The socket unit listens, the service behind it is stopped dead."""
    bench.on_host("systemctl restart docker; kill -STOP $(systemctl show -p MainPID --value docker)")
    try:
        error = diagnosed(bench.open(), DOCKER)
    finally:
        bench.on_host("kill -CONT $(systemctl show -p MainPID --value docker)")
    assert error.kind == "engine_down"
    assert "did not answer" in error.message


@pytest.fixture
def user(bench: Any) -> Iterator[SshTarget]:
    """An ordinary user with the lab's key."""
    bench.on_host(
        f"useradd -m -s /bin/sh {USER}; install -d -m 700 -o {USER} /home/{USER}/.ssh\n"
        f"install -m 600 -o {USER} /root/.ssh/authorized_keys /home/{USER}/.ssh/authorized_keys"
    )
    yield dataclasses.replace(bench.target, user=USER)
    bench.on_host(f"pkill -KILL -u {USER}; sleep 0.2; userdel -r {USER} 2>/dev/null; true")


def test_a_denied_socket_and_the_command_that_mends_it(bench: Any, user: SshTarget) -> None:
    tunnel = bench.open(user)
    assert not tunnel.probe(DOCKER).missing
    error = diagnosed(tunnel, DOCKER)
    assert error.kind == "socket_denied"
    assert f"denied to the user {USER}" in error.message
    assert "root:docker 660" in error.message
    command = f"usermod -aG docker {USER}"
    assert command in error.hint
    bench.on_host(command)
    again = bench.open(user)
    assert again.pid != tunnel.pid, "groups are read at login, so the next task logs in anew"
    assert ping(again.forward(DOCKER))


@pytest.fixture
def closed_directory(bench: Any) -> Iterator[None]:
    """Podman's directory is closed to others on some hosts only, so it is closed here."""
    before = bench.on_host("stat -c %a /run/podman").strip()
    bench.on_host("chmod 700 /run/podman")
    yield
    bench.on_host(f"chmod {before} /run/podman")


@pytest.mark.usefixtures("closed_directory")
def test_a_closed_directory_on_the_way_is_denied_not_missing(bench: Any, user: SshTarget) -> None:
    tunnel = bench.open(user)
    seen = tunnel.probe(PODMAN)
    assert (seen.exists, seen.blocked_at, seen.missing) == (False, "/run/podman", False)
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "socket_denied"
    assert "the directory /run/podman is closed to it" in error.message
    assert "ansible_user=root" in error.hint


@pytest.mark.parametrize("option", ["AllowStreamLocalForwarding no", "DisableForwarding yes"])
def test_forwarding_prohibited(bench: Any, sshd: Callable[..., Any], option: str) -> None:
    server, target = sshd(option)
    tunnel = bench.open(target)
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "forwarding_prohibited"
    assert option.split()[0] in error.hint
    server.stop()
    server.start()
    again = bench.open(target)
    assert again.pid != tunnel.pid, "sshd's options are those of the login, so the next task logs in anew"
    assert ping(again.forward(PODMAN))


def test_forwarding_prohibited_by_the_key(bench: Any, user: SshTarget) -> None:
    bench.on_host(f"sed -i 's/^/no-port-forwarding /' /home/{USER}/.ssh/authorized_keys; chmod 666 {DOCKER}")
    try:
        error = diagnosed(bench.open(user), DOCKER)
    finally:
        bench.on_host(f"chmod 660 {DOCKER}")
    assert error.kind == "forwarding_prohibited"
    assert "no-port-forwarding" in error.hint


def test_a_user_without_a_shell(bench: Any, user: SshTarget) -> None:
    """Nobody can look there; forwarding works all the same, and a failure says that looking was not possible."""
    bench.on_host(f"usermod -s /usr/sbin/nologin {USER}")
    tunnel = bench.open(user)
    seen = tunnel.probe(DOCKER)
    assert seen.problem
    assert not seen.missing, "unknown is not missing: no other engine may be taken"
    error = diagnosed(tunnel, DOCKER)
    assert error.kind == "socket_unknown"


def test_no_session_is_left_for_looking(bench: Any, sshd: Callable[..., Any]) -> None:
    """Forwards need no session, so MaxSessions 0 does not stop them; a probe does, and says that it could not look."""
    _server, target = sshd("MaxSessions 0")
    tunnel = bench.open(target)
    assert ping(tunnel.forward(PODMAN))
    assert tunnel.probe(PODMAN).problem


def test_the_connection_is_lost_while_looking(bench: Any) -> None:
    tunnel = bench.open()
    tunnel.close()
    error = tunnel.diagnose(PODMAN)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert ping(bench.open().forward(PODMAN))
