# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong on the controller itself is FAILED, never UNREACHABLE: nothing is known of the host."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError

from .conftest import DOCKER, eventually, ping, refused, works


@pytest.mark.fault("There is no ssh")
@pytest.mark.provokes("ssh_client/missing")
def test_no_ssh_client(bench: Any) -> None:
    error, _seconds = refused(bench, bench.change(ssh_executable="/no/such/ssh"))
    assert (error.kind, error.unreachable) == ("ssh_client", False)
    assert "'/no/such/ssh'" in error.message
    assert "ansible_ssh_executable" in error.hint


def started_by(bench: Any, *words: str) -> str:
    """An ssh that is started by these words, as in a container that lacks something."""
    path = bench.scratch / "ssh"
    path.write_text(f'#!/bin/sh\nexec {" ".join(words)} ssh "$@"\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.provokes("ssh_client/account")
def test_a_user_without_an_account(bench: Any) -> None:
    nobody = started_by(bench, "setpriv", "--reuid=41234", "--clear-groups")
    error, _seconds = refused(bench, bench.change(ssh_executable=nobody))
    assert (error.kind, error.unreachable) == ("ssh_client", False)
    assert "No user exists for uid 41234" in error.message
    assert "/etc/passwd" in error.hint and "transport=paramiko" in error.hint


@pytest.mark.provokes("authentication/key_unreadable")
def test_a_key_of_another_user(bench: Any) -> None:
    """Root reads everything, so it is done without that privilege."""
    key = bench.scratch / "key"
    shutil.copy(bench.lab.key, key)
    os.chown(key, 4711, -1)
    key.chmod(0o600)
    without = started_by(bench, "setpriv", "--bounding-set=-dac_override,-dac_read_search")
    target = bench.change(ssh_executable=without, private_key_file=str(key))
    error, _seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("authentication", True)
    assert f"may not read the key file {key}, which is uid 4711's (mode 0600)" in error.hint
    command = error.hint[error.hint.index("chown") :].partition(";")[0]
    subprocess.run(["sh", "-c", command], check=True)
    assert works(bench, target)


@pytest.mark.fault("ssh does not know an option")
@pytest.mark.provokes("ssh_client/option")
def test_an_option_ssh_does_not_know(bench: Any) -> None:
    error, _seconds = refused(bench, bench.change("-o", "NoSuchOption=1"))
    assert (error.kind, error.unreachable) == ("ssh_client", False)
    assert "nosuchoption" in error.message.lower()
    assert "ansible_ssh_*_args" in error.hint
    assert "tries" not in error.message


Mount = Callable[[str], Path]


@pytest.fixture
def small(bench: Any) -> Iterator[Mount]:
    """Put the runtime directory on a file system with these limits."""

    def mount(options: str) -> Path:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"mode=700,{options}", "tmpfs", bench.runtime], check=True)
        return Path(bench.runtime)

    yield mount
    with suppress(SshError):
        bench.open().close()
    eventually(lambda: subprocess.run(["umount", bench.runtime], check=False, capture_output=True).returncode == 0)


def fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as output:
        while True:
            output.write(bytes(4096))


def assert_no_room(error: SshError, directory: Path) -> None:
    assert (error.kind, error.unreachable) == ("runtime_dir", False)
    assert "No space left on device" in error.message
    assert str(directory) in error.message
    assert f"df -h {directory}" in error.hint


@pytest.mark.fault("The runtime directory is full")
@pytest.mark.provokes("runtime_dir")
def test_the_runtime_directory_is_full(bench: Any, small: Mount) -> None:
    directory = small("size=64k")
    fill(directory / "fill")
    error, _seconds = refused(bench, bench.target)
    assert_no_room(error, directory)
    assert not ssh_processes(directory), "no master is left that nobody knows"
    (directory / "fill").unlink()
    assert works(bench, bench.target)
    tunnel = bench.open()
    fill(directory / "fill")
    with pytest.raises(SshError) as caught:
        tunnel.forward(DOCKER)
    assert_no_room(caught.value, directory)
    (directory / "fill").unlink()
    assert ping(bench.open().forward(DOCKER))
    assert bench.open().pid == tunnel.pid


def ssh_processes(directory: Path) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "args"], check=True, capture_output=True, text=True).stdout
    return [line for line in listing.splitlines() if str(directory) in line]


@pytest.mark.fault("The runtime directory has no room for a socket")
@pytest.mark.provokes("ssh_client/control")
def test_there_is_no_room_for_the_control_socket(bench: Any, small: Mount) -> None:
    """Room for the directory, the lock and what is noted down, and for nothing else."""
    small("nr_inodes=5")
    error, _seconds = refused(bench, bench.target)
    assert (error.kind, error.unreachable) == ("ssh_client", False)
    assert "No space left on device" in error.message
    assert "room and permission" in error.hint
