# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the rest sees of OpenSSH's connection; opening it is tested in tunnel/, and over real sshd in the lab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import transport
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import host_command
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.sudo import Become
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.process import Finished
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import state
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import Transport

TARGET = SshTarget("h", port=2222, user="me", name="web1")
SILENT: Callable[[str], None] = [].append  # type: ignore[assignment]


@pytest.fixture
def directory(private_runtime: Path) -> Path:
    made = private_runtime / "sshfleet"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def paths(directory: Path) -> state.Paths:
    return state.Paths(str(directory), TARGET.identity())


@pytest.fixture
def way(paths: state.Paths, master: Callable[..., Any]) -> Transport:
    """To a host whose master runs already."""
    control = paths.new_control()
    master(control, pid=77)
    described = {"name": "web1", "host": "h", "port": 2222, "user": "me"}
    state.save(paths, state.Record(control, 77, 1e10, idle=600, target=described, forwards={"/r": "/l"}))
    return transport.open_transport(TARGET, SILENT, idle=600, retries=3)


def test_a_connection_that_lives_is_found(way: Transport) -> None:
    found = transport.live(TARGET)
    assert found is not None and found.facts() == {
        "host": "h", "port": 2222, "user": "me", "pid": 77, "idle": 600, "control": way.connection_id,
        "started": "2286-11-20T17:46:40Z", "sockets": ["/r"],
    }  # fmt: skip
    assert transport.live(replace(TARGET, user="you")) is None


@pytest.mark.usefixtures("way")
def test_one_that_was_closed_is_not() -> None:
    assert transport.close(TARGET)
    assert transport.live(TARGET) is None and not transport.close(TARGET)


def test_a_command_runs_as_whom_it_is_told(way: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []

    def run(*given: Any) -> Finished:
        ran.append(given)
        return Finished(0, "", "")

    monkeypatch.setattr(host_command, "run", run)
    way.run(["id"], "text", 3.0, become=Become(user="app"), session_within=0.0)
    host, *rest = ran[0]
    assert rest == [["id"], "text", 3.0] and host.target == TARGET and host.control == way.connection_id
    assert (host.become.user, host.session_within, host.log) == ("app", 0.0, SILENT)


def test_a_dialed_socket_ends_with_itself(way: Transport) -> None:
    dialed = way.dial(["socat"], None)
    assert Path(dialed.path).is_socket() and dialed.argv == ["socat"] and dialed.problem is None
    dialed.close()
    assert not Path(dialed.path).exists()


def test_a_lock_is_about_its_words_and_keeps_others_of_this_controller_off(way: Transport, directory: Path) -> None:
    first, same, another = way.lock("ports of h"), way.lock("ports of h"), way.lock("ports of g")
    before = set(directory.iterdir())
    assert first.acquire(wait=False) and not same.acquire(wait=False) and another.acquire(wait=False)
    for lock in (first, another):
        lock.remove()
        lock.release()
    assert same.acquire(wait=False)
    same.remove()
    same.release()
    assert set(directory.iterdir()) == before


def test_the_salt_is_there_before_a_connection_is(way: Transport) -> None:
    assert way.salt() == transport.salt() != ""
