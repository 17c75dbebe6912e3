# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host is reached, the engine's socket is not: every cause provoked for real, and mended as the hint says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

from .conftest import DOCKER, PODMAN, USER, both_clients, both_hosts, ping, remedy


def diagnosed(tunnel: Any, remote: str) -> SshError:
    """The diagnosis of a request that got no answer."""
    assert not ping(tunnel.forward(remote), timeout=5)
    error: SshError = tunnel.diagnose(remote)
    assert not error.unreachable
    assert tunnel.target.name in error.message
    assert remote in error.message
    assert "\n" not in f"{error}"
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


@pytest.mark.fault("The engine's socket is not there")
@pytest.mark.provokes("socket_missing")
@pytest.mark.parametrize("remote", ["/run/nowhere/engine.sock", "/run/with space.sock", "/nowhere.sock"])
@both_clients
def test_a_missing_socket(bench: Any, remote: str) -> None:
    tunnel = bench.open()
    assert tunnel.probe(remote).missing
    error = diagnosed(tunnel, remote)
    assert error.kind == "socket_missing"
    assert "user root" in error.message
    assert "engine_socket" in error.hint


@both_clients
def test_a_file_that_is_no_socket_and_has_no_unit(bench: Any) -> None:
    error = diagnosed(bench.open(), "/etc/hostname")
    assert error.kind == "no_socket"
    assert "is a file" in error.message
    assert "engine_socket" in error.hint


DROP_INS = "/run/systemd/system/podman.service.d"


@pytest.fixture
def podman_off(bench: Any) -> Iterator[None]:
    """Podman does not run, and may be masked, replaced or broken: it is put back."""
    bench.on_host("systemctl stop podman.socket podman.service")
    yield
    bench.on_host(
        f"rm -rf {DROP_INS}; systemctl unmask -q podman.socket podman.service\n"
        "systemctl unmask -q --runtime podman.socket podman.service; systemctl daemon-reload\n"
        "systemctl enable -q podman.socket; systemctl reset-failed podman.socket podman.service\n"
        "systemctl restart podman.socket"
    )


# What is in the socket's place -> what the message says.
IN_PLACE = {
    f"touch {PODMAN}": "is a file",
    f"ln -s /run/gone.sock {PODMAN}": "is a link to /run/gone.sock, where nothing is",
    f"mkdir {PODMAN}": "is a directory",
}


@pytest.mark.fault("Something else is in the socket's place")
@pytest.mark.provokes("no_socket")
@pytest.mark.usefixtures("podman_off")
def test_something_in_place_of_the_socket(bench: Any) -> None:
    tunnel = bench.open()
    for command, words in IN_PLACE.items():
        bench.on_host(f"systemctl stop podman.socket podman.service; rm -f {PODMAN}; {command}")
        seen = tunnel.probe(PODMAN)
        assert not seen.missing, "something is there: no other engine may be taken"
        error = diagnosed(tunnel, PODMAN)
        assert error.kind == "no_socket"
        assert words in error.message
        bench.on_host(remedy(error))
        assert ping(tunnel.forward(PODMAN)), command


@pytest.mark.fault("The engine's socket is not there")
@pytest.mark.usefixtures("podman_off")
def test_a_masked_socket_unit(bench: Any) -> None:
    bench.on_host(f"rm -f {PODMAN}; systemctl mask -q podman.socket")
    tunnel = bench.open()
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "socket_missing"
    assert "podman.socket is inactive (masked)" in error.message
    bench.on_host(remedy(error))
    assert ping(tunnel.forward(PODMAN))


@pytest.mark.usefixtures("podman_off")
def test_a_masked_service(bench: Any) -> None:
    """systemd listens, and can't start what is behind it."""
    bench.on_host("systemctl start podman.socket; systemctl mask -q --runtime podman.service")
    tunnel = bench.open()
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "engine_down"
    assert "(masked-runtime)" in error.message
    bench.on_host(remedy(error))
    assert ping(tunnel.forward(PODMAN))


@pytest.mark.fault("The engine crashes at each start")
@pytest.mark.usefixtures("podman_off")
def test_an_engine_that_crashes_at_each_start(bench: Any) -> None:
    bench.on_host(
        f"mkdir -p {DROP_INS}; printf '[Service]\\nExecStart=\\nExecStart=/bin/false\\n' > {DROP_INS}/crash.conf\n"
        "systemctl daemon-reload; systemctl start podman.socket"
    )
    tunnel = bench.open()
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "engine_down"
    assert "podman.service is failed" in error.message
    assert "journalctl -u podman" in error.hint
    bench.on_host(f"rm -r {DROP_INS}; systemctl daemon-reload; {remedy(error)}")
    assert ping(tunnel.forward(PODMAN))


@pytest.mark.usefixtures("podman_off")
def test_a_disabled_unit_says_how_to_enable_it(bench: Any) -> None:
    bench.on_host("systemctl disable -q podman.socket; rm -f /run/podman/podman.sock")
    tunnel = bench.open()
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "socket_missing"
    assert "podman.socket is inactive (disabled)" in error.message
    bench.on_host(remedy(error))
    assert ping(tunnel.forward(PODMAN))


@pytest.mark.fault("The engine is stopped")
@pytest.mark.provokes("engine_down")
@pytest.mark.usefixtures("podman_off")
@both_clients
def test_an_engine_that_is_down(bench: Any) -> None:
    tunnel = bench.open()
    assert bench.on_host(f"test -S {PODMAN} && echo there").strip() == "there"
    seen = tunnel.probe(PODMAN)
    assert (seen.exists, seen.accessible, seen.listening, seen.missing) == (True, True, False, False)
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "engine_down"
    assert "nothing listens on it" in error.message
    bench.on_host(remedy(error))
    assert ping(tunnel.forward(PODMAN))


@pytest.mark.fault("The engine takes connections and says nothing")
def test_an_engine_that_takes_connections_and_says_nothing(bench: Any) -> None:
    """The socket unit listens, the service behind it is stopped dead."""
    bench.on_host("systemctl restart docker; kill -STOP $(systemctl show -p MainPID --value docker)")
    try:
        error = diagnosed(bench.open(), DOCKER)
    finally:
        bench.on_host("kill -CONT $(systemctl show -p MainPID --value docker)")
    assert error.kind == "engine_down"
    assert "does not answer" in error.message


@pytest.mark.fault("The engine is killed")
def test_an_engine_that_was_killed_comes_back(bench: Any) -> None:
    """systemd still listens, so the next connection starts it anew: no failure at all."""
    tunnel = bench.open()
    assert ping(tunnel.forward(DOCKER))
    bench.on_host(
        "mkdir -p /run/systemd/system/docker.service.d\n"
        "printf '[Service]\\nRestart=no\\n' > /run/systemd/system/docker.service.d/no.conf; systemctl daemon-reload\n"
        "kill -KILL $(systemctl show -p MainPID --value docker)"
    )
    try:
        assert ping(tunnel.forward(DOCKER), timeout=60)
    finally:
        bench.on_host("rm -r /run/systemd/system/docker.service.d; systemctl daemon-reload")


@pytest.mark.fault("The engine's socket is closed to the user")
@pytest.mark.provokes("socket_denied")
@both_clients
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
    assert again.connection_id != tunnel.connection_id, "groups are read at login, so the next task logs in anew"
    assert ping(again.forward(DOCKER))


@pytest.fixture
def closed_directory(bench: Any) -> Iterator[None]:
    """Podman's directory is closed to others on some hosts only, so it is closed here."""
    before = bench.on_host("stat -c %a /run/podman").strip()
    bench.on_host("chmod 700 /run/podman")
    yield
    bench.on_host(f"chmod {before} /run/podman")


@pytest.mark.usefixtures("closed_directory")
@both_clients
def test_a_closed_directory_on_the_way_is_denied_not_missing(bench: Any, user: SshTarget) -> None:
    tunnel = bench.open(user)
    seen = tunnel.probe(PODMAN)
    assert (seen.exists, seen.blocked_at, seen.missing) == (False, "/run/podman", False)
    error = diagnosed(tunnel, PODMAN)
    assert error.kind == "socket_denied"
    assert "the directory /run/podman is closed to it" in error.message
    assert "ansible_user=root" in error.hint


@pytest.mark.provokes("socket_unknown")
@both_clients
def test_a_user_without_a_shell(bench: Any, user: SshTarget) -> None:
    """Nobody can look there; forwarding works all the same, and a failure says that looking was not possible."""
    bench.on_host(f"usermod -s /usr/sbin/nologin {USER}")
    tunnel = bench.open(user)
    seen = tunnel.probe(DOCKER)
    assert seen.problem
    assert not seen.missing, "unknown is not missing: no other engine may be taken"
    error = diagnosed(tunnel, DOCKER)
    assert error.kind == "socket_unknown"
    assert "This account is currently not available" in error.message
    bench.on_host(f"usermod -s /bin/sh {USER}")
    assert bench.open(user).diagnose(DOCKER).kind == "socket_denied", "the shell is that of the login"


@pytest.mark.fault("The connection is lost while the host is looked at")
@pytest.mark.provokes("unreachable/lost")
@both_clients
def test_the_connection_is_lost_while_looking(bench: Any) -> None:
    tunnel = bench.open()
    tunnel.close()
    error = tunnel.diagnose(PODMAN)
    assert (error.kind, error.unreachable) == ("unreachable", True)
    assert ping(bench.open().forward(PODMAN))
