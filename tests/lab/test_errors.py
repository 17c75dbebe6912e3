# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every class of error, provoked on a real host: its kind, UNREACHABLE or FAILED, and a hint that mends it.

The host stands in an inventory under a name for each case, with variables of its own: one run of Ansible asks them all.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from host_cases import HOST, Outcomes, case, named, outcomes
from lab_hosts import Lab
from lab_users import lab_user

from .conftest import lab_with_own_tunnels

pytestmark = pytest.mark.pairs("both")

INFO = "remote_engine_info"
# A label of over 63 characters can't be asked of any name server: nothing leaves this machine.
NO_NAME = "n" * 64


def assert_error(given: Outcomes, name: str, status: str, kind: str, *parts: str) -> None:
    """The error's kind and status, and that message and hint name what a person has to know."""
    result = given.of(name)
    assert result["_status"] == status, result
    assert result["error"]["kind"] == kind, result
    for part in (named(name), *parts):
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, session_lab: Lab) -> Path:
    """With a key that no host knows, and a file of known hosts that has it for the host."""
    folder = tmp_path_factory.mktemp("errors")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "other"], check=True)
    (folder / "known_hosts").write_text(known(session_lab, folder))
    return folder


def known(lab: Lab, folder: Path) -> str:
    return f"{lab.hosts[HOST]['hostname']} {(folder / 'other.pub').read_text()}"


@pytest.fixture(scope="module")
def unreachable(lab_directory: Path, folder: Path) -> Iterator[Outcomes]:
    """Nothing is open before."""
    with lab_with_own_tunnels(lab_directory) as lab:
        only = f"-o UserKnownHostsFile={lab.known_hosts} -o IdentitiesOnly=yes"
        cases = {
            "closed": case(ansible_port=2),
            "name": case(ansible_host=NO_NAME),
            "key": case(ansible_ssh_private_key_file=str(folder / "other"), ansible_ssh_common_args=only),
            "host-key": case(ansible_ssh_common_args=f"-o UserKnownHostsFile={folder / 'known_hosts'}"),
        }
        yield outcomes(lab, cases, folder)


STRANGER = "stranger"


@pytest.fixture(scope="module")
def failed(lab_directory: Path, folder: Path) -> Iterator[Outcomes]:
    """Nothing is open before."""
    cases = {
        "socket": case({"engine_socket": "/run/nothing.sock"}),
        "denied": case({"engine": "docker"}, ansible_user=STRANGER),
        "other": case({"engine": "docker", "engine_socket": "/run/podman/podman.sock"}),
        "local": case(ansible_connection="local"),
        "unfit": case({"engine": "lxd"}),
    }
    with lab_with_own_tunnels(lab_directory) as lab, lab_user(lab, HOST, STRANGER):
        yield outcomes(lab, cases, folder)


@pytest.mark.fault("sshd is stopped", on="bookworm1")
def test_a_closed_port_is_unreachable(unreachable: Outcomes) -> None:
    assert_error(unreachable, "closed", "UNREACHABLE", "unreachable", "refused")


def test_a_black_hole_is_unreachable_after_ten_seconds(cold_lab: Lab, tmp_path: Path) -> None:
    rule = ("INPUT", "-p", "tcp", "--dport", "2223", "-j", "DROP")
    cold_lab.ssh(HOST, "iptables", "-A", *rule)
    with on_host(cold_lab, ("iptables", "-D", *rule)):
        started = time.monotonic()
        given = outcomes(cold_lab, {"hole": case(ansible_port=2223)}, tmp_path)
        took = time.monotonic() - started
    assert_error(given, "hole", "UNREACHABLE", "unreachable")
    assert took >= 8  # at most 12 is held by test_tunnel_failures; here Ansible itself has to start


def test_a_name_that_is_no_name_is_unreachable(unreachable: Outcomes) -> None:
    assert_error(unreachable, "name", "UNREACHABLE", "name", NO_NAME)


def test_a_wrong_key_is_an_authentication_error(unreachable: Outcomes) -> None:
    assert_error(unreachable, "key", "UNREACHABLE", "authentication")


def test_a_changed_host_key_is_refused_and_kept(lab: Lab, unreachable: Outcomes, folder: Path) -> None:
    assert_error(unreachable, "host-key", "UNREACHABLE", "host_key", "ssh-keygen")
    assert (folder / "known_hosts").read_text() == known(lab, folder)


def test_a_missing_socket_fails(failed: Outcomes) -> None:
    assert_error(failed, "socket", "FAILED", "socket_missing", "/run/nothing.sock")


def test_a_denied_socket_fails(failed: Outcomes) -> None:
    assert_error(failed, "denied", "FAILED", "socket_denied", "/var/run/docker.sock", STRANGER)


@pytest.mark.fault("The engine is stopped", "The engine takes connections and says nothing", on="bookworm1")
@pytest.mark.provokes("timeout")
def test_an_engine_that_is_down_is_not_passed_over_and_one_that_hangs_is_named(cold_lab: Lab, tmp_path: Path) -> None:
    stop = "kill -{} $(systemctl show -p MainPID --value docker)"
    cold_lab.ssh(HOST, "systemctl start docker;" + stop.format("STOP"))
    with on_host(cold_lab, (stop.format("CONT"),), ("systemctl", "start", "podman.socket")):
        cold_lab.ssh(HOST, "systemctl", "stop", "podman.socket", "podman.service")
        cases = {"down": case({"engine": "auto"}), "hangs": case({"engine": "docker", "engine_timeout": 2})}
        given = outcomes(cold_lab, cases, tmp_path)
    assert_error(given, "down", "FAILED", "engine_down", "/run/podman/podman.sock", "systemctl")
    assert_error(given, "hangs", "FAILED", "timeout", "/var/run/docker.sock", "engine_timeout")


def test_auto_takes_docker_only_where_podmans_socket_does_not_exist(cold_lab: Lab, tmp_path: Path) -> None:
    cold_lab.ssh(HOST, "systemctl", "stop", "podman.socket", "podman.service")
    cold_lab.ssh(HOST, "rm", "-f", "/run/podman/podman.sock")
    with on_host(cold_lab, ("systemctl", "start", "podman.socket")):
        result = outcomes(cold_lab, {"auto": case()}, tmp_path).of("auto")
    assert result["engine"]["name"] == "docker", result


@pytest.mark.provokes("engine_mismatch")
def test_another_engine_than_the_one_asked_for_is_refused(failed: Outcomes) -> None:
    assert_error(failed, "other", "FAILED", "engine_mismatch", "podman")


@pytest.mark.fault("The engine answers with status 500", on="bookworm1")
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
        lab.ssh(HOST, "podman", "rm", "-f", "--ignore", "bad-command")


@pytest.mark.provokes("invalid_option")
def test_bad_connection_options_are_refused_before_anything_is_touched(cold_lab: Lab, tmp_path: Path) -> None:
    bad = {"engine_socket": "relative", "engine_timeout": 0, "tunnel_retries": 99}
    given = outcomes(cold_lab, {option: case({option: value}) for option, value in bad.items()}, tmp_path)
    for option, value in bad.items():
        result = given.of(option)
        assert result["_status"] == "FAILED"
        assert result["error"]["option"] == option
        assert str(value) in result["msg"]
    assert not list(cold_lab.runtime.rglob("*.ctl"))


@pytest.mark.provokes("connection")
def test_a_local_target_is_refused(failed: Outcomes) -> None:
    assert_error(failed, "local", "FAILED", "connection", "remote hosts only")


@pytest.mark.fault("The docker package is missing", on="bookworm1")
@pytest.mark.provokes("controller")
def test_the_docker_package_is_missing(cold_lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "docker.py").write_text("raise ImportError('hidden')\n")
    result = cold_lab.module(HOST, INFO, env={"PYTHONPATH": str(tmp_path)})[HOST]
    assert (result["_status"], result["error"]["kind"]) == ("FAILED", "controller"), result
    assert "pip install docker" in result["msg"]


def test_options_that_do_not_fit_are_an_error_of_the_same_kind(failed: Outcomes) -> None:
    result = failed.of("unfit")
    assert (result["_status"], result["error"]["kind"]) == ("FAILED", "invalid_option"), result
    assert "lxd" in result["msg"]


def test_unreachable_and_failed_have_ansibles_own_exit_codes(unreachable: Outcomes, failed: Outcomes) -> None:
    assert (unreachable.code, failed.code) == (4, 2)
