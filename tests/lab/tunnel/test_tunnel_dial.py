# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dialing over real sshd and sudo: streams, what is left behind, sessions, and every way in which it fails."""

from __future__ import annotations

import dataclasses
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT
from lab_users import lab_user

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import EngineError, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session import session as sessions
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import ConnectionSettings
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import (
    dial_command,
    host_command,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.dial import Dialer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.sudo import Become
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import PARAMIKO
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel as tunnels
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel.tunnel import TunnelSettings

from .conftest import both_clients, eventually

SECRET = "c0rrect horse-Batt3ry"
WITH, WITHOUT, TERMINAL, STRANGER, POOR = "sfasked", "sftrusted", "sfterminal", "sfstranger", "sfpoor"
ASKED = Become(password=SECRET)
SUDOERS = {
    WITH: f"{WITH} ALL=(ALL) ALL",
    WITHOUT: f"{WITHOUT} ALL=(root) NOPASSWD: ALL",
    TERMINAL: f"Defaults:{TERMINAL} requiretty\n{TERMINAL} ALL=NOPASSWD: ALL",
    STRANGER: "",
    POOR: f'Defaults:{POOR} secure_path="/opt/sfpoor"\n{POOR} ALL=(root) NOPASSWD: ALL',
}
MEGABYTES = 10
TALKER = "/run/sf-talker.sock"
# Talks as it is told by the first byte it gets. To a stranger (docker's client asks who is there) it says nothing.
TALK = f"""
import os, socket, threading
path, size = {TALKER!r}, {MEGABYTES} << 20
def drain(client):
    count = 0
    while data := client.recv(1 << 20):
        count += len(data)
    return count
def talk(client):
    told = client.recv(1)
    if told == b"B":  # both ways at once, then how much it got
        sender = threading.Thread(target=client.sendall, args=(bytes(size),))
        sender.start()
        count = drain(client)
        sender.join()
        client.sendall(b"%d" % count)
    elif told == b"F":  # ends first
        client.sendall(bytes(size))
    elif told == b"W":  # never answers, never ends
        client.sendall(b"w")
        drain(client)
        threading.Event().wait()
    elif told == b"E":  # ends when the other end does
        drain(client)
    client.close()
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(50)
print("ready", flush=True)
while True:
    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
"""


@pytest.fixture(scope="module")
def people(session_lab: Any) -> Iterator[None]:
    with ExitStack() as made:
        for name, rule in SUDOERS.items():
            made.enter_context(lab_user(session_lab, "bookworm1", name, rule, SECRET))
        yield


@pytest.fixture
def talker(bench: Any, people: None) -> Iterator[str]:
    """A socket on the target that only root may open."""
    command = ["ssh", "-F", f"{bench.lab.directory}/ssh_config", bench.host, "--"]
    bench.on_host(f"rm -f {TALKER}")
    words = [*command, shlex.join(["python3", "-c", TALK])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout and server.stdout.readline() == "ready\n"
        yield TALKER
        bench.on_host(f"pkill -f '[s]f-talker.sock.*size'; rm -f {TALKER}", check=False)
        server.wait(60)


def dialer(bench: Any, tool: str, path: str, user: str = WITH, become: Become | None = ASKED) -> Any:
    tunnel = bench.open(dataclasses.replace(bench.target, user=user))
    words = dial_command.dial_argv(path, [tool])
    assert words is not None
    if bench.client == PARAMIKO:
        return tunnel.dial(words, become)
    return Dialer(host_command.Host(tunnel.target, tunnel.control, become), words)


def connect(way: Any, told: bytes) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(30)
    connection.connect(way.path)
    connection.sendall(told)
    return connection


def everything(connection: socket.socket) -> bytes:
    with closing(connection):
        return b"".join(iter(lambda: connection.recv(1 << 20), b""))


def left(bench: Any) -> list[str]:
    """What still runs for the users on the target, as them or as root."""
    found = bench.on_host("ps -eo user:32,args", check=False).splitlines()
    signs = ("sudo", "dial-stdio", f"recv(65536) {TALKER}", f"UNIX-CONNECT:{TALKER}", f"-U {TALKER}")
    running = [line for line in found if any(sign in line for sign in signs) or "engine.connect" in line]
    return [line for line in running if "ps -eo" not in line]


def eventually_nothing_left(bench: Any) -> bool:
    return eventually(lambda: not left(bench))


def files(bench: Any) -> list[str]:
    return list(bench.dialed())


@pytest.mark.parametrize("tool", ["docker", "python3"])
@both_clients
def test_streams(bench: Any, talker: str, tool: str) -> None:
    """Half-close, both ways at once, a peer that ends first, two at once; nothing is lost and nothing stays."""
    way = dialer(bench, tool, talker)
    assert len(files(bench)) == 1
    assert (Path(way.path).stat().st_mode & 0o777) == 0o600
    both, first = connect(way, b"B"), connect(way, b"F")
    sender = threading.Thread(target=lambda: (both.sendall(bytes(MEGABYTES << 20)), both.shutdown(socket.SHUT_WR)))
    sender.start()
    got = everything(both)
    sender.join()
    assert got == bytes(MEGABYTES << 20) + b"%d" % (MEGABYTES << 20)
    assert everything(first) == bytes(MEGABYTES << 20)
    idle = connect(way, b"E")
    way.close()
    idle.close()
    assert (way.problem, files(bench)) == (None, [])
    assert eventually_nothing_left(bench)


def test_no_more_than_four_at_once(bench: Any, talker: str) -> None:
    """Each takes a session of sshd's; the fifth waits for one to end."""
    way = dialer(bench, "python3", talker, WITHOUT, Become())
    first = [connect(way, b"E") for _number in range(4)]
    fifth = connect(way, b"F")
    fifth.settimeout(3)
    with pytest.raises(TimeoutError):
        fifth.recv(1)
    first[0].close()
    fifth.settimeout(30)
    assert everything(fifth) == bytes(MEGABYTES << 20)
    way.close()
    for connection in first:
        connection.close()
    assert eventually_nothing_left(bench)


@both_clients
def test_a_client_that_hangs_up_ends_the_command(bench: Any, talker: str) -> None:
    with closing(dialer(bench, "python3", talker)) as way:
        connection = connect(way, b"E")
        assert eventually(lambda: left(bench))
        connection.close()
        assert eventually_nothing_left(bench)


@both_clients
def test_a_peer_that_never_ends_is_ended(bench: Any, talker: str) -> None:
    """Its input has ended, its session is cut: only a signal reaches it then."""
    way = dialer(bench, "python3", talker)
    with closing(connect(way, b"W")):
        assert eventually(lambda: left(bench))
        way.close(within=0.5)
    assert eventually_nothing_left(bench)


DIAL = """
import dataclasses, signal, socket, sys, time
from pathlib import Path
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import dial_command, host_command
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.dial import Dialer
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.sudo import Become
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel.tunnel import open_tunnel
signal.signal(signal.SIGINT, signal.default_int_handler)  # in a shell's background it is ignored
target = eval(sys.argv[1])
tunnel = open_tunnel(target, runtime_dir=Path(sys.argv[2]))
way = Dialer(host_command.Host(target, tunnel.control, Become()), dial_command.dial_argv(sys.argv[3], ["python3"]))
connection = socket.socket(socket.AF_UNIX)
connection.connect(way.path)
connection.sendall(sys.argv[4].encode())
connection.recv(1)
print("dialed", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_task_that_is_ended_leaves_nothing(bench: Any, talker: str, how: signal.Signals) -> None:
    """As by Ctrl-C, though the peer never ends. After SIGKILL the next that opens the tunnel removes the file."""
    target = dataclasses.replace(bench.target, user=WITHOUT)
    bench.open(target)
    prelude = f"import sys; sys.path.insert(0, {str(CHECKOUT / '.dev')!r})\n"
    words = [sys.executable, "-c", prelude + DIAL, repr(target), str(bench.runtime), talker]
    words.append("B" if how == signal.SIGKILL else "W")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "dialed\n", process.stderr.read()
    assert files(bench)
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert eventually_nothing_left(bench)
    if how == signal.SIGKILL:
        assert files(bench)
        bench.open(bench.target)
    assert not files(bench)


@pytest.fixture
def said() -> list[str]:
    """What is logged."""
    return []


@pytest.fixture
def opened(bench: Any, people: None, said: list[str]) -> Iterator[Callable[..., sessions.Session]]:
    """Open a session as a task does; they are closed with the test."""

    def connect(target: SshTarget, log: Any, **settings: int) -> Any:
        if bench.client == PARAMIKO:
            return bench.open(target, log=log, **settings)
        return tunnels.open_tunnel(target, TunnelSettings(**settings), log=log, runtime_dir=bench.runtime)

    made: list[sessions.Session] = []

    def opened(user: str, become: Become | None, target: SshTarget = bench.target, **settings: Any) -> sessions.Session:
        target = dataclasses.replace(target, user=user)
        found = ConnectionSettings(become=become, **settings)
        made.append(sessions.open_session(target, found, said.append, connect))
        return made[-1]

    yield opened
    for session in made:
        session.close()


FAILURES = {
    "a missing password": (WITH, Become(), "asks for a password, none was given", "--ask-become-pass"),
    "a wrong password": (WITH, Become(password="wr0ng-0ne"), "does not accept", "ansible_become_password"),
    "another user than is allowed": (WITHOUT, Become(user="daemon"), "asks for a password", "NOPASSWD"),
    "a user that is not there": (WITH, Become(user="sfnone", password=SECRET), "no user sfnone", "become_user"),
    "no sudo": (WITH, Become(exe="/usr/bin/sf-sudo"), "there is no /usr/bin/sf-sudo", "Install sudo"),
    "requiretty": (TERMINAL, Become(), "wants a terminal", "Defaults:sfterminal !requiretty"),
    "not in sudoers": (STRANGER, ASKED, "does not allow it", "sfstranger ALL=(root) ALL"),
}


@pytest.mark.provokes("sudo")
@pytest.mark.parametrize("case", FAILURES)
@both_clients
def test_sudo_fails(bench: Any, opened: Any, said: list[str], case: str) -> None:
    user, become, says, hint = FAILURES[case]
    with pytest.raises(SshError) as caught:
        opened(user, become, engine="docker")
    assert (caught.value.kind, caught.value.unreachable) == ("sudo", False)
    assert says in caught.value.message
    assert hint in caught.value.hint
    assert "wr0ng-0ne" not in f"{caught.value}{said}"
    assert files(bench) == []


def test_the_next_task_goes_the_known_way_at_once(opened: Any, said: list[str]) -> None:
    """The first looks, asks who is there, and works; each asks for the password."""
    opened(WITH, ASKED).client.system.ping()
    assert said.count("sudo asks for the password") == 3
    said.clear()
    session = opened(WITH, ASKED)
    session.client.system.ping()
    session.client.containers.list()
    assert said.count("sudo asks for the password") == 1


def test_a_known_way_that_is_closed_by_now(opened: Any) -> None:
    opened(WITH, ASKED).close()
    session = opened(WITH, Become(password="wr0ng-0ne"))
    with pytest.raises(EngineError, match="answer"):
        session.client.system.ping()
    assert session.diagnose().kind == "sudo"


def test_auto_takes_docker_only_where_podman_has_no_socket(
    bench: Any, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The login user may not look into the directory, so sudo has to."""
    directory = "/run/sf-closed"
    monkeypatch.setitem(sessions.WELL_KNOWN_SOCKETS, "podman", f"{directory}/podman.sock")
    bench.on_host(f"install -d -m 700 {directory}")
    try:
        with pytest.raises(SshError) as caught:
            opened(WITHOUT, None)
        assert caught.value.kind == "socket_denied"
        assert opened(WITHOUT, Become()).identity.name == "docker"
        with pytest.raises(SshError, match="seen as user root") as caught:
            opened(WITHOUT, Become(), engine="podman")
        assert caught.value.kind == "socket_missing"
        dead = f"import socket; socket.socket(socket.AF_UNIX).bind('{directory}/podman.sock')"
        bench.on_host(f'python3 -c "{dead}"')
        with pytest.raises(SshError, match="nothing listens") as caught:
            opened(WITHOUT, Become(), engine="podman", engine_timeout=1)
        assert caught.value.kind == "engine_down"
    finally:
        bench.on_host(f"rm -r {directory}")


def test_forward_never_dials_and_root_never_needs_to(opened: Any, said: list[str]) -> None:
    with pytest.raises(SshError) as caught:
        opened(WITHOUT, Become(), transport="forward", engine="docker")
    assert caught.value.kind == "socket_denied"
    assert opened("root", Become()).dialed is None
    assert not [line for line in said if "dial" in line]


@pytest.fixture
def poor_path(bench: Any) -> Iterator[Callable[[str], None]]:
    """The commands that root finds by sudo for one user: what a shell script needs, and those that are named."""

    def only(*tools: str) -> None:
        bench.on_host(
            "rm -rf /opt/sfpoor; mkdir -p /opt/sfpoor; cd /opt/sfpoor\n"
            f"for tool in sh id stat readlink systemctl {' '.join(tools)}; do ln -s $(command -v $tool) .; done"
        )

    yield only
    bench.on_host("rm -rf /opt/sfpoor")


@pytest.mark.parametrize("tool", ["docker", "podman", "python3"])
def test_what_dials_is_what_is_there(opened: Any, poor_path: Any, tool: str) -> None:
    poor_path(tool)
    session = opened(POOR, Become(), engine="podman")
    session.client.system.ping()
    assert session.dialed.argv[0] == tool
    for line in session.client.containers.list():
        assert line["Id"]


def test_podmans_client_does_not_dial_docker(opened: Any, poor_path: Any) -> None:
    poor_path("podman", "python3")
    assert opened(POOR, Become(), engine="docker").dialed.argv[0] == "python3"


def test_nothing_to_dial_with(opened: Any, poor_path: Any) -> None:
    poor_path()
    with pytest.raises(SshError, match="Install one of them"):
        opened(POOR, Become(), engine="podman")


@pytest.mark.fault("sshd lets in one session")
def test_one_session_is_enough(bench: Any, opened: Any, sshd: Callable[..., Any], said: list[str]) -> None:
    """A hardened sshd: forwarding is prohibited, and there is one session; dialing works as the login user too."""
    _server, target = sshd("MaxSessions 1", "AllowStreamLocalForwarding no")
    with pytest.raises(SshError) as caught:
        opened("root", None, target, engine="docker")
    assert caught.value.kind == "forwarding_prohibited"
    assert "transport" in caught.value.hint
    session = opened("root", None, target, transport="dial", engine="docker")
    session.client.system.ping()
    session.client.system.info()
    session.close()
    for _task in range(3):
        session = opened("root", None, target, transport="dial", engine="docker")
        session.client.system.info()
        session.close()


@pytest.mark.fault("No session is left")
@pytest.mark.provokes("sessions")
def test_no_session_is_left(bench: Any, opened: Any, sshd: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Another task holds the only one. It is waited for, in vain here."""
    _server, target = sshd("MaxSessions 1")
    session = opened("root", None, target, transport="dial", engine="docker")
    session.client.system.ping()
    run = host_command.run
    monkeypatch.setattr(
        host_command, "run", lambda host, *given: run(dataclasses.replace(host, session_within=0.5), *given)
    )
    with pytest.raises(SshError, match="MaxSessions") as caught:
        opened("root", None, target, transport="dial", engine="podman")
    assert (caught.value.kind, caught.value.unreachable) == ("sessions", False)
    monkeypatch.undo()


def test_a_session_that_becomes_free_is_taken(bench: Any, opened: Any, sshd: Callable[..., Any]) -> None:
    _server, target = sshd("MaxSessions 1")
    host = host_command.Host(target, bench.open(target).control)
    first = host_command.RunningCommand(host, ["cat"])
    threading.Timer(0.3, first.close).start()
    assert host_command.run(host, ["echo", "it is free"], "", 5).stdout == "it is free\n"
