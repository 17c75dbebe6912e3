# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List, close, sweep."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stuck import Stop, stuck

from ansible_collections.sshfleet.containers.plugins.plugin_utils import run_mark
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import host_command, local_socket
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.dial import Dialer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import key_file
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import runtime_dir, state
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master.lock import TargetLock
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import open_tunnels

TARGET = SshTarget("h")
KEY = "a key's text\n"


@pytest.fixture
def paths(short: Path) -> state.Paths:
    return state.Paths(str(short), TARGET.identity())


def note(paths: state.Paths, control: str) -> None:
    Path(state.local_socket(control, 0)).touch()
    Path(paths.lock).touch()
    state.save(paths, state.Record(control, 7, 1.0, target={"name": "n", "host": "h"}, idle=5))


def test_sweep_keeps_the_living(paths: state.Paths, short: Path, master: Callable[..., Any]) -> None:
    control = paths.new_control()
    fake = master(control)
    note(paths, control)
    before = set(short.iterdir())
    assert open_tunnels.sweep(short) == []
    assert set(short.iterdir()) == before
    assert fake.requests == [], "asking would restart its idle time"


def test_sweep_removes_the_dead(paths: state.Paths, short: Path, master: Callable[..., Any]) -> None:
    control = paths.new_control()
    fake = master(control)
    note(paths, control)
    fake.die()
    assert len(open_tunnels.sweep(short)) == 4
    assert list(short.iterdir()) == []


def test_sweep_removes_a_dead_generation_of_a_living_target(
    paths: state.Paths, short: Path, master: Callable[..., Any]
) -> None:
    old, new = paths.new_control(), paths.new_control()
    master(new)
    note(paths, new)
    for name in (old, state.local_socket(old, 0)):
        Path(name).touch()
    assert set(open_tunnels.sweep(short)) == {Path(old).name, Path(state.local_socket(old, 0)).name}


def test_sweep_leaves_a_locked_target_alone(paths: state.Paths, short: Path) -> None:
    note(paths, paths.new_control())
    with TargetLock(paths.lock):
        assert open_tunnels.sweep(short) == []


def test_sweep_leaves_strangers_alone(short: Path) -> None:
    (short / "notes.txt").touch()
    (short / "0123.json").touch()
    assert open_tunnels.sweep(short) == []


def test_now_and_then(paths: state.Paths, short: Path) -> None:
    note(paths, paths.new_control())
    stamp = short / open_tunnels.STAMP
    stamp.touch()
    os.utime(stamp, (100, 100))
    open_tunnels.sweep_now_and_then(str(short), 159)
    assert Path(paths.state).exists()
    open_tunnels.sweep_now_and_then(str(short), 160)
    assert not Path(paths.state).exists()


def test_list(paths: state.Paths, short: Path, master: Callable[..., Any]) -> None:
    control = paths.new_control()
    fake = master(control)
    note(paths, control)
    (info,) = open_tunnels.list_tunnels(short)
    assert (info.identity, info.name, info.host, info.pid, info.idle, info.alive) == (
        TARGET.identity(), "n", "h", 7, 5, True,
    )  # fmt: skip
    fake.die()
    assert [info.alive for info in open_tunnels.list_tunnels(short)] == [False]


@pytest.mark.parametrize("by_info", [False, True])
def test_close(by_info: bool, paths: state.Paths, short: Path, master: Callable[..., Any]) -> None:
    retired, control = paths.new_control(), paths.new_control()
    masters = [master(retired), master(control)]
    note(paths, control)
    (short / open_tunnels.STAMP).touch()
    (info,) = open_tunnels.list_tunnels(short)
    assert open_tunnels.end_masters(info) if by_info else open_tunnels.end_masters(TARGET, short)
    assert all(fake.requests[-1][0] == 0x10000005 for fake in masters)
    assert list(short.iterdir()) == []
    assert not open_tunnels.end_masters(TARGET, short)
    assert list(short.iterdir()) == []


def test_a_control_socket_is_known_by_its_final_name() -> None:
    assert open_tunnels._BOUND.sub(r"\1", "/r/a-1.ctl.AbCdEfGhIjKlMnOp") == "/r/a-1.ctl"
    assert open_tunnels._BOUND.sub(r"\1", "/r/a-1.0.sock") == "/r/a-1.0.sock"


@pytest.fixture
def key(paths: state.Paths) -> Path:
    """What a run that was killed leaves behind."""
    file = Path(paths.directory, "keys", f"{paths.identity}-abcdef")
    file.parent.mkdir(mode=0o700)
    file.touch(mode=0o600)
    return file


def test_the_key_of_a_killed_run_is_removed(key: Path, short: Path) -> None:
    assert open_tunnels.sweep_keys(str(short)) == [key.name]
    assert not key.exists()
    assert open_tunnels.sweep_keys(str(short)) == []


def test_the_key_of_a_running_one_is_kept(paths: state.Paths, key: Path, short: Path) -> None:
    with TargetLock(paths.lock):
        assert open_tunnels.sweep_keys(str(short)) == []
    assert key.exists()


def test_close_removes_the_key(key: Path, short: Path) -> None:
    open_tunnels.end_masters(TARGET, short)
    assert not key.exists()


def test_the_key_of_a_run_that_is_killed_while_it_logs_in(paths: state.Paths, short: Path) -> None:
    def logging_in(stop: Stop) -> None:
        with TargetLock(paths.lock), key_file.written(SshTarget("h", private_key=KEY), paths.new_control()):
            stop()

    with stuck(logging_in) as kill:
        (file,) = (short / "keys").iterdir()
        assert open_tunnels.sweep_left_over(str(short)) == [] and file.exists()
        kill()
        assert open_tunnels.sweep_left_over(str(short)) == [file.name] and not file.exists()


def dialing(stop: Stop, control: str) -> None:
    """What a task does that dials; nobody connects, so nothing runs on a target."""
    Dialer(host_command.Host(TARGET, control), ["true"])
    stop()


def test_the_socket_that_a_killed_run_dialed_from_is_removed(paths: state.Paths, short: Path) -> None:
    """By whoever opens a tunnel next, whether it dials or not; a living run keeps its own."""
    control = paths.new_control()
    with stuck(lambda stop: dialing(stop, control)), stuck(lambda stop: dialing(stop, control)) as kill:
        both = {path.name for path in (short / "dial").iterdir()}
        assert len(both) == 2 and open_tunnels.sweep_left_over(str(short)) == []
        kill()
        (dead,) = open_tunnels.sweep_left_over(str(short))
        assert {path.name for path in (short / "dial").iterdir()} == both - {dead}
    open_tunnels.sweep(short)
    assert list((short / "dial").iterdir()) == []


def test_a_socket_to_dial_from_has_a_path_that_fits_everywhere() -> None:
    """macOS takes 103 bytes."""
    directory = "/" + "d" * (runtime_dir.CONTROL_PATH_BYTES - runtime_dir.LONGEST_CONTROL_NAME - 1)
    control = state.Paths(directory, TARGET.identity()).new_control()
    assert len(control) == runtime_dir.CONTROL_PATH_BYTES
    longest = f"{directory}/{local_socket.DIRECTORY}/{Path(control).stem}.{4194304:x}-{'0' * 8}"
    assert len(longest) <= 103 and len(run_mark.process().partition("-")[2]) == 8


def test_the_salt_of_a_run_that_was_killed_while_it_wrote_it(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def salting(stop: Stop) -> None:
        monkeypatch.setattr(os, "link", lambda *_names: stop())
        runtime_dir.salt(str(short))

    with stuck(salting) as kill:
        (file,) = short.iterdir()
        assert open_tunnels.sweep(short) == []
        kill()
        assert open_tunnels.sweep(short) == [file.name]
    runtime_dir.salt(str(short))
    assert open_tunnels.sweep(short) == [] and [path.name for path in short.iterdir()] == ["salt"]


def test_sweep_removes_keys_too(key: Path, short: Path) -> None:
    assert open_tunnels.sweep(short)[0] == key.name
    assert not list(short.glob("*.lock"))
