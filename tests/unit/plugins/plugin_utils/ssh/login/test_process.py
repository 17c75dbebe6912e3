# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How ssh is run."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import process

TARGET = SshTarget("h")


def test_environment() -> None:
    given = {"LD_LIBRARY_PATH": "/x", "SSH_ASKPASS": "/ask", "SSH_AUTH_SOCK": "/other", "PATH": "/bin"}
    assert process.environment(TARGET, given) == {"PATH": "/bin", "SSH_ASKPASS_REQUIRE": "never"}
    agent = process.environment(SshTarget("h", agent_socket="/agent"), given)
    assert agent["SSH_AUTH_SOCK"] == "/agent"
    assert given["LD_LIBRARY_PATH"] == "/x"


def test_run() -> None:
    done = process.run(TARGET, ["sh", "-c", "cat; echo err >&2; exit 3"], 5, stdin="in")
    assert done == process.Finished(3, "in", "err\n")


def test_a_session_of_its_own() -> None:
    pids: list[int] = []
    done = process.run(TARGET, ["sh", "-c", "cut -d' ' -f6 /proc/$$/stat"], 5, on_start=pids.append)
    assert int(done.stdout) == pids[0]


def test_who_stays_in_the_background_does_not_hold_us() -> None:
    began = time.monotonic()
    done = process.run(TARGET, ["sh", "-c", "echo said >&2; sleep 3 & exit 0"], 5)
    assert (done.returncode, done.stderr) == (0, "said\n")
    assert time.monotonic() - began < 2


def test_time_is_up() -> None:
    pids: list[int] = []
    assert process.run(TARGET, ["sleep", "60"], 0.1, on_start=pids.append).returncode is None
    assert not Path(f"/proc/{pids[0]}").exists()


def test_who_does_not_end_when_asked_is_killed() -> None:
    pids: list[int] = []
    done = process.run(TARGET, ["sh", "-c", "trap '' TERM; sleep 3; sleep 60"], 0.3, on_start=pids.append)
    assert done.returncode is None
    assert not Path(f"/proc/{pids[0]}").exists()


def test_interrupted() -> None:
    pids: list[int] = []

    def interrupt(pid: int) -> None:
        pids.append(pid)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process.run(TARGET, ["sleep", "60"], 60, on_start=interrupt)
    assert not Path(f"/proc/{pids[0]}").exists()


@pytest.mark.parametrize("executable", ["/no/such/ssh", "/etc/hostname"])
def test_no_ssh(executable: str) -> None:
    with pytest.raises(SshError, match="can't be started") as caught:
        process.run(SshTarget("h", ssh_executable=executable), [executable], 5)
    assert caught.value.kind == "ssh_client"


@pytest.fixture
def fake_sshpass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows its words and what comes through the descriptor."""
    script = tmp_path / "sshpass"
    script.write_text('#!/bin/sh\necho "$@"\ncat /proc/$$/fd/${1#-d}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.usefixtures("fake_sshpass")
def test_a_secret_goes_through_a_pipe_and_never_onto_the_command_line() -> None:
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    done = process.run(TARGET, ["ssh", "h"], 5, typed=process.Typed("hunter2", "assword"))
    words, secret = done.stdout.splitlines()
    assert words.split()[1:] == ["-P", "assword", "nohup", "ssh", "h"]
    assert secret == "hunter2"
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before
    assert "hunter2" not in repr(process.Typed("hunter2", "assword"))
