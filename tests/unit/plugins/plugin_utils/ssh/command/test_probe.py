# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The probe's script on this machine's own sh and sockets, and the reading of its output."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import probe
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.process import Finished


def look(path: str, shell: str = "sh") -> probe.SocketState:
    argv = [shell, *(["sh"] if shell == "busybox" else []), "-s", "--", path, "", ""]
    done = subprocess.run(argv, input=probe.SCRIPT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return probe.read(path, Finished(done.returncode, done.stdout, done.stderr))


@pytest.fixture
def listening(short: Path) -> Iterator[str]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{short}/a b.sock")
        listener.listen()
        yield f"{short}/a b.sock"


SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]


@pytest.mark.parametrize("shell", SHELLS)
def test_listening(listening: str, shell: str) -> None:
    seen = look(listening, shell)
    assert (seen.exists, seen.is_socket, seen.accessible, seen.blocked_at, seen.missing) == (
        True,
        True,
        True,
        "",
        False,
    )
    assert seen.listening is (True if Path("/proc/net/unix").exists() else None)
    assert seen.user
    assert seen.owner.endswith((" 755", " 775", " 777", " 700", " 750"))


@pytest.mark.skipif(not os.path.exists("/proc/net/unix"), reason="only Linux tells who listens")  # noqa: PTH110
def test_through_a_link(listening: str, short: Path) -> None:
    (short / "var").symlink_to(short)
    assert look(f"{short}/var/a b.sock").listening is True


def test_nobody_listens(short: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{short}/s")
        bound = look(f"{short}/s")
    left = look(f"{short}/s")
    for seen in (bound, left):
        assert (seen.is_socket, seen.listening) == (True, False)


@pytest.mark.parametrize("path", ["/nowhere/at/all.sock", "/nowhere.sock"])
def test_missing(path: str) -> None:
    assert look(path).missing


def test_a_file(short: Path) -> None:
    (short / "f").touch()
    seen = look(f"{short}/f")
    assert (seen.exists, seen.is_socket, seen.missing) == (True, False, False)


FALLBACK = "kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n"
REFUSED = "mux_client_request_session: session request failed: Session open refused by peer\n"
REASONS = [
    (None, "", probe.NO_ANSWER),
    (255, "refused\nby peer\n", "refused / by peer"),
    (255, REFUSED + FALLBACK, probe.NO_SESSION),
    (255, f"gone\n{FALLBACK}", "gone"),
    (1, "", "ended with code 1"),
    (0, "", probe.OTHER_COMMAND),
]


@pytest.mark.parametrize(("code", "stderr", "problem"), REASONS)
def test_looking_was_not_possible(code: int | None, stderr: str, problem: str) -> None:
    seen = probe.read("/s", Finished(code, "exists=yes\n", stderr))
    assert seen.problem.endswith(problem)
    assert not seen.missing


def test_what_another_command_says_is_the_reason() -> None:
    assert (
        probe.read("/s", Finished(1, "This account is not available.\n", "")).problem
        == "This account is not available."
    )


def test_what_is_there_in_place_of_a_socket(short: Path) -> None:
    (short / "link").symlink_to("/nowhere/at all")
    seen = look(f"{short}/link")
    assert (seen.exists, seen.is_socket, seen.missing) == (True, False, False)
    assert seen.what == "a link to /nowhere/at all, where nothing is"
    assert look(str(short)).what == "a directory"
    (short / "file").touch()
    assert look(f"{short}/file").what == "a file"


def test_what_sshd_says_about_forwarding() -> None:
    said = "sshd_permitopen=any\nsshd_allowtcpforwarding=no\nend=yes\n"
    for written in (said, said.replace("permitopen", "PermitOpen").replace("allowtcp", "AllowTcp")):  # OpenSSH 10.6's
        assert probe.read("/s", Finished(0, written, "")).sshd == (("permitopen", "any"), ("allowtcpforwarding", "no"))


def test_a_talkative_login_shell_does_no_harm() -> None:
    seen = probe.read("/s", Finished(0, "Welcome!\nuser=u\nexists=yes\nlistening=maybe\nend=yes\n", ""))
    assert (seen.user, seen.exists, seen.listening, seen.problem) == ("u", True, None, "")


UNITS = [
    ("/run/podman/podman.sock", ("podman", False)),
    ("/var/run/docker.sock", ("docker", False)),
    ("/run/user/1000/podman/podman.sock", ("podman", True)),
    ("/srv/engine.sock", ("", False)),
]


@pytest.mark.parametrize(("path", "unit"), UNITS)
def test_unit_of(path: str, unit: tuple[str, bool]) -> None:
    assert probe.unit_of(path) == unit


def test_lets_through(listening: str, short: Path) -> None:
    assert probe.lets_through(listening, within=0.1)
    assert not probe.lets_through(f"{short}/nowhere", within=0.1)


def test_closed_at_once_is_not_through(short: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{short}/s")
        listener.listen()

        def hang_up() -> None:
            listener.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        assert not probe.lets_through(f"{short}/s", within=2)
