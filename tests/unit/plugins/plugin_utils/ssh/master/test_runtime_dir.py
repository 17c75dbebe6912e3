# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directory: which one, and when it is refused."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import runtime_dir
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master.runtime_dir import runtime_directory
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master.state import Paths


@pytest.fixture
def home(short: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(short / "home"))
    return short / "home"


def test_in_xdg_runtime_dir(short: Path, home: Path) -> None:
    path = runtime_directory(environ={"XDG_RUNTIME_DIR": str(short)})
    assert path == f"{short}/sshfleet"
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o700
    assert runtime_directory(environ={"XDG_RUNTIME_DIR": str(short)}) == path


def test_its_mode_does_not_depend_on_the_umask(short: Path) -> None:
    before = os.umask(0)
    try:
        path = runtime_directory(short / "a" / "b")
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o700


def _wide(directory: Path) -> str:
    directory.chmod(0o755)
    return str(directory)


def _foreign(directory: Path) -> str:
    os.chown(directory, 4711, -1)
    return str(directory)


def _long(directory: Path) -> str:
    (long := directory / ("x" * 60)).mkdir(mode=0o700)
    return str(long)


def _file(directory: Path) -> str:
    (file := directory / "f").touch(mode=0o600)
    return str(file)


UNUSABLE = {
    "not set": lambda directory: "",
    "missing": lambda directory: f"{directory}/nowhere",
    "relative": lambda directory: "tmp",
    "open to others": _wide,
    "another user's (su keeps the variable)": _foreign,
    "too long": _long,
    "a file": _file,
}


@pytest.mark.fault("XDG_RUNTIME_DIR is missing or can't be used")
@pytest.mark.parametrize("make", UNUSABLE.values(), ids=UNUSABLE)
def test_home_where_xdg_runtime_dir_is_not_usable(make: object, short: Path, home: Path) -> None:
    (directory := short / "xdg").mkdir(mode=0o700)
    found = runtime_directory(environ={"XDG_RUNTIME_DIR": make(directory)})  # type: ignore[operator]
    assert found == f"{home}/.ansible/sshfleet"


def test_a_home_that_cannot_be_written(short: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container with a read-only root: only what is there already can be used. Root writes everywhere, so the
    kernel's answer is a stand-in.
    """
    home.mkdir()
    monkeypatch.setattr(runtime_dir, "TEMPORARY", str(short))
    monkeypatch.setattr(os, "access", lambda path, _mode: str(path) != str(home))
    found = runtime_directory(environ={})
    assert found == f"{short}/sshfleet-{os.geteuid()}"
    assert stat.S_IMODE(Path(found).stat().st_mode) == 0o700
    os.chown(found, 4711, -1)
    with pytest.raises(SshError, match="belongs to uid 4711"):
        runtime_directory(environ={})
    (home / ".ansible" / "sshfleet").mkdir(mode=0o700, parents=True)
    assert runtime_directory(environ={}) == f"{home}/.ansible/sshfleet"


REFUSED = {
    "open to the group": (lambda path: path.chmod(0o710), "open to others"),
    "open to all": (lambda path: path.chmod(0o701), "open to others"),
    "another user's": (lambda path: os.chown(path, 4711, -1), "belongs to uid 4711"),
}


@pytest.mark.fault("Others own or can write the runtime directory")
@pytest.mark.parametrize(("change", "problem"), REFUSED.values(), ids=REFUSED)
def test_refused(change: object, problem: str, short: Path) -> None:
    (path := short / "r").mkdir(mode=0o700)
    change(path)  # type: ignore[operator]
    with pytest.raises(SshError, match=problem) as caught:
        runtime_directory(path)
    assert caught.value.kind == "runtime_dir"
    assert not caught.value.unreachable
    assert str(path) in caught.value.hint


def test_a_link_is_refused(short: Path) -> None:
    (short / "real").mkdir(mode=0o700)
    (short / "link").symlink_to(short / "real")
    with pytest.raises(SshError, match="not a directory"):
        runtime_directory(short / "link")


@pytest.mark.fault("The runtime directory's path is too long")
def test_too_long_a_path_is_refused(short: Path) -> None:
    with pytest.raises(SshError, match="86 bytes") as caught:
        runtime_directory(short / ("x" * 60))
    assert "XDG_RUNTIME_DIR" in caught.value.hint


def test_the_longest_path_gives_a_control_path_of_86_bytes(short: Path) -> None:
    room = 86 - len(str(short)) - 1 - len("/0123456789abcdef-012345.ctl")
    directory = runtime_directory(short / ("x" * room))
    assert len(Paths(directory, "0" * 16).new_control()) == 86 == runtime_dir.CONTROL_PATH_BYTES


def test_a_directory_that_cannot_be_made(short: Path) -> None:
    (short / "file").touch()
    with pytest.raises(SshError, match="can't be made") as caught:
        runtime_directory(short / "file" / "r")
    assert caught.value.kind == "runtime_dir"


def test_the_salt_is_made_once_and_closed_to_others(short: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        salts = set(pool.map(lambda _number: runtime_dir.salt(str(short)), range(8)))
    assert len(salts) == 1
    assert len(salts.pop()) == 32
    (only,) = short.iterdir()
    assert stat.S_IMODE(only.stat().st_mode) == 0o600
