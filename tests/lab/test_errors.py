# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every class of error, provoked on a real host: its kind, UNREACHABLE or FAILED, and a hint that mends it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab

pytestmark = pytest.mark.pairs("both")

HOST = "bookworm1"
INFO = "remote_engine_info"


def outcome(lab: Lab, arguments: dict[str, Any] | None = None, **variables: Any) -> dict[str, Any]:
    return lab.module(HOST, INFO, arguments, "-e", json.dumps(variables), timeout=120)[HOST]


def assert_error(result: dict[str, Any], status: str, kind: str, *parts: str) -> None:
    """The error's kind and status, and that message and hint name what a person has to know."""
    assert result["_status"] == status, result
    assert result["error"]["kind"] == kind, result
    for part in (HOST, *parts):
        assert part in result["msg"], result["msg"]
    assert result["error"]["hint"]
    assert result["msg"] == f"{result['error']['message']} {result['error']['hint']}"
    assert "\n" not in result["msg"]


@contextmanager
def on_host(lab: Lab, *undo: tuple[str, ...]) -> Iterator[None]:
    """Put the host back, whatever happens."""
    try:
        yield
    finally:
        for command in undo:
            lab.ssh(HOST, *command)


def test_a_closed_port_is_unreachable(cold_lab: Lab) -> None:
    assert_error(outcome(cold_lab, ansible_port=2), "UNREACHABLE", "unreachable", "refused")


def test_a_black_hole_is_unreachable_after_ten_seconds(cold_lab: Lab) -> None:
    rule = ("INPUT", "-p", "tcp", "--dport", "2223", "-j", "DROP")
    cold_lab.ssh(HOST, "iptables", "-A", *rule)
    with on_host(cold_lab, ("iptables", "-D", *rule)):
        started = time.monotonic()
        result = outcome(cold_lab, ansible_port=2223)
        took = time.monotonic() - started
    assert_error(result, "UNREACHABLE", "unreachable")
    assert took >= 8  # at most 12 is held by test_tunnel_failures; here Ansible itself has to start


def test_a_name_that_is_no_name_is_unreachable(cold_lab: Lab) -> None:
    # A label of over 63 characters can't be asked of any name server: nothing leaves this machine.
    name = "n" * 64
    assert_error(outcome(cold_lab, ansible_host=name), "UNREACHABLE", "name", name)


def test_a_wrong_key_is_an_authentication_error(cold_lab: Lab, tmp_path: Path) -> None:
    key = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    arguments = f"-o UserKnownHostsFile={cold_lab.known_hosts} -o IdentitiesOnly=yes"
    result = outcome(cold_lab, ansible_ssh_private_key_file=str(key), ansible_ssh_common_args=arguments)
    assert_error(result, "UNREACHABLE", "authentication")


def test_a_changed_host_key_is_refused_and_kept(cold_lab: Lab, tmp_path: Path) -> None:
    key = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    known_hosts = tmp_path / "known_hosts"
    known_hosts.write_text(f"{cold_lab.hosts[HOST]['hostname']} {key.with_suffix('.pub').read_text()}")
    before = known_hosts.read_text()
    result = outcome(cold_lab, ansible_ssh_common_args=f"-o UserKnownHostsFile={known_hosts}")
    assert_error(result, "UNREACHABLE", "host_key", "ssh-keygen")
    assert known_hosts.read_text() == before


def test_a_missing_socket_fails(cold_lab: Lab) -> None:
    result = outcome(cold_lab, {"engine_socket": "/run/nothing.sock"})
    assert_error(result, "FAILED", "socket_missing", "/run/nothing.sock")


def test_a_denied_socket_fails(cold_lab: Lab) -> None:
    user = "stranger"
    cold_lab.ssh(HOST, "useradd", "-m", "-s", "/bin/sh", user)
    with on_host(cold_lab, ("userdel", "-r", "-f", user)):
        cold_lab.ssh(HOST, "install", "-d", "-m", "700", "-o", user, f"/home/{user}/.ssh")
        keys = f"/home/{user}/.ssh/authorized_keys"
        cold_lab.ssh(HOST, "install", "-m", "600", "-o", user, "/root/.ssh/authorized_keys", keys)
        result = outcome(cold_lab, {"engine": "docker"}, ansible_user=user)
    assert_error(result, "FAILED", "socket_denied", "/var/run/docker.sock", user)


def test_an_engine_that_is_down_fails_and_is_not_passed_over(cold_lab: Lab) -> None:
    cold_lab.ssh(HOST, "systemctl", "stop", "podman.socket", "podman.service")
    with on_host(cold_lab, ("systemctl", "start", "podman.socket")):
        result = outcome(cold_lab, {"engine": "auto"})
    assert_error(result, "FAILED", "engine_down", "/run/podman/podman.sock", "systemctl")


def test_auto_takes_docker_only_where_podmans_socket_does_not_exist(cold_lab: Lab) -> None:
    cold_lab.ssh(HOST, "systemctl", "stop", "podman.socket", "podman.service")
    cold_lab.ssh(HOST, "rm", "-f", "/run/podman/podman.sock")
    with on_host(cold_lab, ("systemctl", "start", "podman.socket")):
        result = outcome(cold_lab)
    assert result["engine"]["name"] == "docker", result


@pytest.mark.provokes("engine_mismatch")
def test_another_engine_than_the_one_asked_for_is_refused(cold_lab: Lab) -> None:
    result = outcome(cold_lab, {"engine": "docker", "engine_socket": "/run/podman/podman.sock"})
    assert_error(result, "FAILED", "engine_mismatch", "podman")


@pytest.mark.provokes("engine_error")
def test_the_engines_own_error_comes_with_its_status(lab: Lab) -> None:
    arguments = {"name": "bad-command", "image": "localhost/busybox:latest", "command": ["/does/not/exist"]}
    try:
        result = lab.module(HOST, "remote_container", arguments)[HOST]
        assert (result["_status"], result["error"]["kind"]) == ("FAILED", "engine_error"), result
        assert "/does/not/exist" in result["msg"]
        assert result["error"]["hint"]
        assert result["error"]["status"] in (400, 500)
    finally:
        lab.module(HOST, "remote_container", {"name": "bad-command", "state": "absent"})


@pytest.mark.parametrize(
    ("arguments", "option", "value"),
    [
        ({"engine_socket": "relative"}, "engine_socket", "relative"),
        ({"engine_timeout": 0}, "engine_timeout", "0"),
        ({"tunnel_retries": 99}, "tunnel_retries", "99"),
    ],
)
@pytest.mark.provokes("invalid_option")
def test_bad_connection_options_are_refused_before_anything_is_touched(
    cold_lab: Lab, arguments: dict[str, Any], option: str, value: str
) -> None:
    result = outcome(cold_lab, arguments)
    assert result["_status"] == "FAILED"
    assert result["error"]["option"] == option
    assert value in result["msg"]
    assert not list(cold_lab.runtime.rglob("*.ctl"))


@pytest.mark.provokes("connection")
def test_a_local_target_is_refused(cold_lab: Lab) -> None:
    result = outcome(cold_lab, ansible_connection="local")
    assert_error(result, "FAILED", "connection", "remote hosts only")


@pytest.mark.provokes("controller")
def test_the_docker_package_is_missing(cold_lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "docker.py").write_text("raise ImportError('hidden')\n")
    result = cold_lab.module(HOST, INFO, env={"PYTHONPATH": str(tmp_path)})[HOST]
    assert (result["_status"], result["error"]["kind"]) == ("FAILED", "controller"), result
    assert "pip install docker" in result["msg"]


def test_options_that_do_not_fit_are_an_error_of_the_same_kind(cold_lab: Lab) -> None:
    result = outcome(cold_lab, {"engine": "lxd"})
    assert (result["_status"], result["error"]["kind"]) == ("FAILED", "invalid_option"), result
    assert "lxd" in result["msg"]


@pytest.mark.provokes("timeout")
def test_an_engine_that_hangs_is_named(cold_lab: Lab) -> None:
    stop = "kill -{} $(systemctl show -p MainPID --value docker)"
    cold_lab.ssh(HOST, "systemctl start docker;" + stop.format("STOP"))
    with on_host(cold_lab, (stop.format("CONT"),)):
        result = outcome(cold_lab, {"engine": "docker", "engine_timeout": 2})
    assert_error(result, "FAILED", "timeout", "/var/run/docker.sock", "engine_timeout")


def test_unreachable_and_failed_have_ansibles_own_exit_codes(cold_lab: Lab) -> None:
    assert cold_lab.run("ansible", HOST, "-m", INFO, "-e", "ansible_port=2").returncode == 4
    assert cold_lab.run("ansible", HOST, "-m", INFO, "-a", "engine_socket=/run/nothing.sock").returncode == 2
