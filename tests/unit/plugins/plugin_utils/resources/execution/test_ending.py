# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The script that ends a command, run by every shell that is here, on processes of this test's own."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.execution import ending

# The whole in the host's own shell, one case in the others: each looks at all processes of this machine.
SHELLS = [argv for argv in (["sh"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(argv[0])]


@pytest.fixture(params=SHELLS, ids=" ".join)
def shell(request: pytest.FixtureRequest) -> list[str]:
    return list(request.param)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def lead(processes: list[subprocess.Popen[bytes]], tmp_path: Path, script: str) -> subprocess.Popen[bytes]:
    """Start the leader of a session; it is ready when it has made the file ``ready``."""
    ready = tmp_path / "ready"
    process = subprocess.Popen(["sh", "-c", script, "sh", str(ready)], start_new_session=True)
    processes.append(process)
    deadline = time.monotonic() + 60
    while not ready.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def alive(tmp_path: Path) -> list[str]:
    """Of the processes whose IDs are written in ``*.pid``, those that live."""
    found = []
    for path in tmp_path.glob("*.pid"):
        status = Path("/proc", path.read_text().strip(), "status")
        if status.exists() and "State:\tZ" not in status.read_text():
            found.append(path.stem)
    return found


def end(shell: list[str], pid: int) -> ending.Ended:
    argv = ending.script_argv(pid)
    done = subprocess.run([*shell, *argv[1:]], capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    return ending.read(done.stdout)


CASES = [
    ('touch "$1"; exec sleep 60', "SIGTERM"),
    ("trap '' TERM; touch \"$1\"; while :; do sleep 1; done", "SIGKILL"),
    # a child that ignores the signal outlives its parent, but for the second one
    (
        "(trap '' TERM; sh -c 'echo $$' > D/child.pid; exec sleep 60) & WAIT child; touch \"$1\"; exec sleep 60",
        "SIGKILL",
    ),
    # a group of its own, and a session of its own, are found by their parents
    ("setsid sh -c 'echo $$ > D/own.pid; exec sleep 60' & WAIT own; touch \"$1\"; wait", "SIGTERM"),
]


@pytest.mark.parametrize(("script", "signal"), CASES)
def test_all_that_a_command_has_started_ends(
    shell: list[str],
    started: list[subprocess.Popen[bytes]],
    tmp_path: Path,
    script: str,
    signal: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if shell != ["sh"] and (script, signal) != CASES[-1]:
        return
    bystander = subprocess.Popen(["sleep", "60"])
    started.append(bystander)
    monkeypatch.setattr(ending, "GRACE", 30 if signal == "SIGTERM" else 1)
    script = re.sub(r"WAIT (\w+)", r"while [ ! -s D/\1.pid ]; do sleep 0.05; done", script)
    leader = lead(started, tmp_path, script.replace("D/", f"{tmp_path}/"))
    assert end(shell, leader.pid) == ending.Ended(signal, leader.pid)
    assert leader.wait(60) < 0
    assert alive(tmp_path) == []
    assert bystander.poll() is None


def test_one_that_is_gone(shell: list[str]) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert end(shell, gone.pid) == ending.Ended("")


SAID = [
    ("own 12\nended SIGTERM\n", ending.Ended("SIGTERM", 12)),
    ("own \nended none\n", ending.Ended("", 0)),
    ("Welcome!\nown 7\nnoise\nended SIGKILL\n", ending.Ended("SIGKILL", 7)),
    ("", ending.Ended("", 0)),
]


@pytest.mark.parametrize(("said", "ended"), SAID)
def test_what_it_says(said: str, ended: ending.Ended) -> None:
    assert ending.read(said) == ended
