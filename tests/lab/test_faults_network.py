# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container comes, changes and goes while the network or the host is not as it should be, on every engine.

Modules go the whole way of a task but for Ansible itself (tests/support/whole_stack.py).
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from bad_network import frozen, met_by, slow_way, switched_off
from engine_cases import ENGINES, IMAGE, MAKE_IMAGE
from everywhere import everywhere
from lab_hosts import Lab
from whole_stack import Engine, target_of

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import FleetError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

NAME = "fault-app"
HOSTS = sorted({host for host, _engine in ENGINES})
OFF = "trixie1"  # the host that is switched off


@pytest.fixture(autouse=True)
def ready(cold_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The image on every engine, this test's own connections, and no container of these tests before and after."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(cold_lab.runtime))
    script = f"({MAKE_IMAGE})\npodman rm -f -t 0 {NAME}; docker rm -f {NAME}; true\n"
    for host in HOSTS:
        cold_lab.ssh(host, "sh", "-s", input=script)
    yield
    for host in HOSTS:
        cold_lab.ssh(host, "sh", "-s", input=script)


def engine_at(target: SshTarget, engine: str) -> Engine:
    return Engine(target, ConnectionSettings(engine=engine, tunnel_idle=60))


def options(value: str) -> dict[str, Any]:
    return {
        "name": NAME, "image": IMAGE, "command": ["sleep", "6000"], "env": {"V": value}, "stop_timeout": 0,
        "restart_policy": "always",
    }  # fmt: skip


def comes_changes_and_goes(place: Engine, inside: bool = True) -> None:
    """Each step changes what it says, and says it; the same again changes nothing.

    :param inside: whether a file and a command are among them.
    """
    for params, changes in ((options("1"), True), (options("2"), True), (options("2"), False)):
        assert place.run("container", params)["changed"] is changes
    if inside:
        file = {"container": NAME, "content": "x" * 100_000, "container_path": "/f", "mode": "0644"}
        assert place.run("container_copy", file)["changed"]
        said = place.run("container_exec", {"container": NAME, "argv": ["sh", "-c", "wc -c < /f; echo $V"]})
        assert said["stdout"].split() == ["100000", "2"], said
    assert place.run("container", {"name": NAME, "state": "absent"})["changed"]


@pytest.mark.fault("The network takes 300 ms for each way round")
def test_a_slow_network(cold_lab: Lab, tmp_path: Path) -> None:
    with ExitStack() as stack:
        ports = {host: stack.enter_context(slow_way(cold_lab.hosts[host]["hostname"], 0.3)) for host in HOSTS}

        def examine(host: str, engine: str) -> None:
            known = ("-F", "none", "-o", f"UserKnownHostsFile={tmp_path / host}")
            far = dataclasses.replace(target_of(cold_lab, host), host="127.0.0.1", port=ports[host], ssh_args=known)
            began = time.monotonic()
            comes_changes_and_goes(engine_at(far, engine), inside=False)
            assert time.monotonic() - began > 3, "it was not slow"

        everywhere(examine)


@pytest.mark.fault("The network loses every tenth packet")
def test_a_network_that_loses_packets(cold_lab: Lab) -> None:
    with met_by("numgen random mod 10 < 1 counter drop", [cold_lab.hosts[host]["hostname"] for host in HOSTS]):
        everywhere(lambda host, engine: comes_changes_and_goes(engine_at(target_of(cold_lab, host), engine)))


@pytest.mark.fault("The host freezes and goes on")
def test_a_host_that_freezes(cold_lab: Lab) -> None:
    """In the middle of a recreation; all that was asked for is done, once."""

    def freezes(host: str) -> None:
        with frozen(cold_lab, host):
            time.sleep(3)

    def examine(host: str, engine: str) -> None:
        place = engine_at(target_of(cold_lab, host), engine)
        place.run("container", options("1"))
        gate.wait()
        if engine == "podman":
            threading.Timer(0.2, freezes, [host]).start()
        began = time.monotonic()
        assert place.run("container", options("2"))["changed"]
        assert not place.run("container", options("2"))["changed"]
        assert time.monotonic() - began > 2, "it was not frozen in the middle"
        assert value_there(cold_lab, host, engine) == ["2"]

    gate = multiprocessing.get_context("fork").Barrier(len(ENGINES))
    everywhere(examine)


def value_there(lab: Lab, host: str, engine: str) -> list[str]:
    """The values of all containers whose name has the test's in it."""
    names = [name for name in lab.ssh(host, engine, "ps", "-a", "--format", "'{{.Names}}'").split() if NAME in name]
    found = []
    for name in names:
        text = lab.ssh(host, engine, "inspect", "--format", "'{{range .Config.Env}}{{println .}}{{end}}'", name)
        found += [line[2:] for line in text.splitlines() if line.startswith("V=")]
    return found


@pytest.mark.fault("The host is powered off", on="trixie1")
def test_a_host_that_is_switched_off_in_the_middle(cold_lab: Lab) -> None:
    """The task fails in time, and the next one, when the host is on, ends what was begun."""
    alive = ("-o", "ServerAliveInterval=2", "-o", "ServerAliveCountMax=2", "-o", "ConnectTimeout=3")
    places = {name: engine_at(target_of(cold_lab, OFF, *alive), name) for name in ("podman", "docker")}
    for place in places.values():
        place.run("container", options("1"))
    failed: dict[str, FleetError] = {}

    def change(name: str) -> None:
        for value in range(2, 1000):
            try:
                places[name].run("container", options(str(value)))
            except FleetError as error:
                failed[name] = error
                return

    threads = [threading.Thread(target=change, args=(name,)) for name in places]
    for thread in threads:
        thread.start()
    time.sleep(1)
    with switched_off(cold_lab, OFF):
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "a task hangs"
        told = {name: error.details(error.message, error.hint) for name, error in failed.items()}
        for name, place in places.items():
            with pytest.raises(FleetError) as caught:
                place.run("container", options("3"))
            assert caught.value.details("", "")["kind"] == "unreachable", (name, caught.value)
    assert {one["kind"] for one in told.values()} <= {"unreachable", "no_answer", "answer_lost"}, told
    for name, place in places.items():
        place.run("container", options("last"))
        assert value_there(cold_lab, OFF, name) == ["last"]
        assert not place.run("container", options("last"))["changed"]
