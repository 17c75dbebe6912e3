# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tunnel's life over real sshd: opened once, reused, healed, aged, idle, closed, and what is left of it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel as tunnels

from .conftest import DOCKER, OPEN, PODMAN, both_hosts, eventually, in_python, ping, running, works


@pytest.mark.parametrize("bench", both_hosts, indirect=True)
@pytest.mark.parametrize("remote", [PODMAN, DOCKER])
def test_an_engine_answers_through_the_forward(bench: Any, remote: str) -> None:
    answer = ping(bench.open().forward(remote))
    assert answer.startswith(b"HTTP/1.0 200 OK")


def test_one_login_for_many_tasks_and_runs(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    tunnel = bench.open(target)
    for _task in range(19):
        again = bench.open(target)
        assert (again.pid, again.opened) == (tunnel.pid, False)
        assert ping(again.forward(PODMAN))
    assert {process.communicate()[0].split()[0] for process in bench.openers(1, target)} == {str(tunnel.pid)}
    assert server.logins() == 1


@pytest.mark.fault("Two controllers use one host")
def test_two_controllers_have_connections_of_their_own(bench: Any) -> None:
    """A controller is a runtime directory; that of the second is below that of the first, so that both end with it."""
    (other := bench.runtime / "o").mkdir(mode=0o700)
    one, two = bench.open(), tunnels.open_tunnel(bench.target, tunnels.TunnelSettings(), runtime_dir=other)
    assert one.pid != two.pid and ping(one.forward(PODMAN)) and ping(two.forward(PODMAN))
    assert tunnels.close_tunnel(bench.target, bench.runtime) and not running(one.pid)
    assert bench.files() == {"o"} and ping(two.forward(PODMAN)) and running(two.pid)
    bench.open()
    assert tunnels.close_tunnel(bench.target, other) and works(bench, bench.target)


def test_twenty_workers_at_once_log_in_once_and_write_one_host_key(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    gate = bench.scratch / "go"
    openers = bench.openers(20, target, gate)
    gate.touch()
    answers = [opener.communicate(timeout=60)[0] for opener in openers]
    assert len(set(answers)) == 1
    assert ping(answers[0].split()[1])
    assert server.logins() == 1
    assert len(bench.known_hosts.read_text().splitlines()) == 1


def test_warm_opens_start_no_process_and_take_no_lock(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.open().forward(PODMAN)

    def forbidden(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a warm open does without")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    monkeypatch.setattr(fcntl, "flock", forbidden)
    assert not bench.open().opened
    assert ping(bench.open().forward(PODMAN))


def test_modes(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0)
    try:
        tunnel = bench.open()
        tunnel.forward(PODMAN)
        tunnel.remember("key", "value")
    finally:
        os.umask(before)
    assert stat.S_IMODE(bench.runtime.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.lstat().st_mode) for path in bench.runtime.iterdir()} == {0o600}
    sockets = [path for path in bench.runtime.iterdir() if stat.S_ISSOCK(path.lstat().st_mode)]
    assert len(sockets) == 2


def test_a_users_configuration_does_no_harm(bench: Any, sshd: Callable[..., Any]) -> None:
    _server, target = sshd()
    with socket.create_server(("127.0.0.1", 0)) as spare:
        port = spare.getsockname()[1]
    mark = bench.scratch / "mark"
    config = bench.scratch / "config"
    config.write_text(
        f"Host *\n  LocalForward {port} 127.0.0.1:22\n  DynamicForward {port + 1}\n  PermitLocalCommand yes\n"
        f"  LocalCommand touch {mark}\n  RemoteCommand touch /tmp/sshfleet-mark\n  ControlMaster auto\n"
        f"  ControlPath {bench.scratch}/users-master\n  ControlPersist 60\n  RequestTTY force\n  Compression yes\n"
        f"  UserKnownHostsFile {bench.known_hosts}\n  StreamLocalBindMask 0111\n  BatchMode no\n"
    )
    listening = _tcp_listeners()
    tunnel = bench.open(bench.change("-F", str(config), port=target.port, ssh_args=("-F", str(config))))
    local = tunnel.forward(PODMAN)
    assert ping(local)
    assert _tcp_listeners() == listening
    assert not mark.exists()
    assert not (bench.scratch / "users-master").exists()
    assert bench.on_host("ls /tmp/sshfleet-mark 2>&1; true").strip().endswith("No such file or directory")
    assert stat.S_IMODE(Path(local).lstat().st_mode) == 0o600


def _tcp_listeners() -> set[str]:
    lines = Path("/proc/net/tcp").read_text().splitlines() + Path("/proc/net/tcp6").read_text().splitlines()
    return {line.split()[1] for line in lines[1:] if line.split()[3] == "0A"}


ANSIBLES = ("-C", "-o", "ControlMaster=auto", "-o", "ControlPersist=60s", "-o", "Compression=yes", "-vC")


def test_compression_is_off_whatever_ansibles_arguments_say(bench: Any) -> None:
    tunnel = bench.open(bench.change(*ANSIBLES))
    words = Path(f"/proc/{tunnel.pid}/cmdline").read_text().split("\0")
    assert "-C" not in words
    assert not [word for word in words if word.startswith("Compression")]
    assert "ControlPersist=60s" not in words


def test_no_terminal_is_asked(bench: Any, sshd: Callable[..., Any]) -> None:
    """On a terminal of its own, with a password the only way in: it fails at once and the terminal shows nothing."""
    _server, target = sshd("PubkeyAuthentication no", "PasswordAuthentication yes")
    code = (
        "import os, pty, sys\n"
        "pid, master = pty.fork()\n"
        "if pid == 0:\n    os.execv(sys.executable, [sys.executable, '-c', sys.argv[1], *sys.argv[2:]])\n"
        "seen = b''\n"
        "while True:\n"
        "    try:\n        data = os.read(master, 1000)\n"
        "    except OSError:\n        break\n"
        "    seen += data\n"
        "print(seen.decode())\n"
    )
    script = f"import sys; sys.path.insert(0, {str(CHECKOUT / '.dev')!r})\n{OPEN}"
    target = bench.change("-o", "BatchMode=no", port=target.port)
    shown = in_python(code, script, repr(target), str(bench.runtime), "", "None").communicate(timeout=60)[0]
    assert shown.split() == ["authentication", "True"]


@pytest.mark.fault("The connection's process is killed")
def test_a_killed_master_is_healed_between_two_tasks(bench: Any) -> None:
    first = bench.open()
    local = first.forward(PODMAN)
    first.remember("engine", "podman")
    _kill(first.pid)
    assert Path(first.control).exists(), "the stale control socket is the point"
    assert not ping(local)
    second = bench.open()
    assert second.opened
    assert second.pid != first.pid
    assert second.recall("engine") is None, "the memory dies with its master"
    assert ping(second.forward(PODMAN))
    assert not Path(first.control).exists()
    assert not Path(local).exists()


@pytest.mark.fault("The connection's process is killed")
def test_a_killed_master_is_healed_within_a_task(bench: Any) -> None:
    tunnel = bench.open()
    _kill(tunnel.pid)
    assert ping(tunnel.forward(PODMAN))


@pytest.mark.fault("A forward's socket is deleted")
def test_a_deleted_forward_is_made_anew(bench: Any) -> None:
    """Each time: the master goes on holding all those whose files are gone."""
    tunnel = bench.open()
    for _time in range(3):
        Path(bench.open().forward(PODMAN)).unlink()
        again = bench.open()
        assert again.pid == tunnel.pid
        assert ping(again.forward(PODMAN))


@pytest.mark.fault("The control socket is deleted")
def test_a_deleted_control_socket_is_replaced_and_its_master_ends(bench: Any) -> None:
    first = bench.open(idle=2)
    first.forward(PODMAN)
    Path(first.control).unlink()
    second = bench.open(idle=2)
    assert second.opened and second.pid != first.pid
    assert ping(second.forward(PODMAN))
    assert eventually(lambda: not running(first.pid), 30), "nobody reaches it any more: it ends by its idle time"


@pytest.mark.fault("sshd is restarted")
@pytest.mark.parametrize("bench", both_hosts, indirect=True)
def test_a_restart_of_sshd_cuts_nothing(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    first = bench.open(target)
    with socket.socket(socket.AF_UNIX) as request:
        request.connect(first.forward(DOCKER))
        server.stop()
        server.start()
        request.sendall(b"GET /_ping HTTP/1.0\r\nHost: d\r\n\r\n")
        assert request.recv(100).startswith(b"HTTP/1.0 200")
    assert bench.open(target).pid == first.pid


@pytest.mark.fault("The connection's process is stopped (SIGSTOP)")
def test_a_stopped_master_is_replaced(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bench.open()
    os.kill(first.pid, signal.SIGSTOP)
    try:
        assert bench.open().pid != first.pid
    finally:
        os.kill(first.pid, signal.SIGKILL)


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not running(pid))


@pytest.mark.fault("A connection is older than its greatest age")
def test_an_old_master_is_replaced_and_its_requests_are_not_cut(bench: Any) -> None:
    first = bench.open(idle=2)
    local = first.forward(DOCKER)
    with socket.socket(socket.AF_UNIX) as request:
        request.connect(local)
        time.sleep(1.1)
        second = bench.open(idle=2, max_age=1)
        assert second.opened
        assert second.pid != first.pid
        assert ping(second.forward(DOCKER))
        time.sleep(3)  # longer than the old one's idle time
        request.sendall(b"GET /_ping HTTP/1.0\r\nHost: d\r\n\r\n")
        assert request.recv(100).startswith(b"HTTP/1.0 200")
    assert eventually(lambda: not running(first.pid), 30), "then the old one ends by itself"
    assert tunnels.sweep(bench.runtime)
    assert ping(bench.open().forward(DOCKER))


def test_an_idle_master_ends_by_itself_and_is_swept(bench: Any) -> None:
    tunnel = bench.open(idle=5)
    tunnel.forward(PODMAN)
    assert eventually(lambda: not running(tunnel.pid), 30)
    assert bench.files(), "ssh leaves the forward's socket behind"
    tunnels.sweep(bench.runtime)
    assert bench.files() == set()


def test_the_next_run_sweeps_what_ended_masters_left(bench: Any) -> None:
    dead = bench.open(bench.change("-o", "ServerAliveInterval=99"))
    dead.forward(PODMAN)
    _kill(dead.pid)
    stamp = bench.runtime / "swept"
    os.utime(stamp, (time.time() - 61,) * 2)
    alive = bench.open()
    alive.forward(PODMAN)
    identity = alive.target.identity()
    assert {name.split(".")[0].split("-")[0] for name in bench.files()} == {identity}
    assert len(bench.files()) == 4


def test_close_leaves_nothing(bench: Any) -> None:
    tunnel = bench.open()
    tunnel.forward(PODMAN)
    tunnel.remember("a", 1)
    assert tunnels.close_tunnel(bench.target, bench.runtime) is True
    assert list(bench.runtime.iterdir()) == []
    assert eventually(lambda: not running(tunnel.pid), 30)
    assert tunnels.close_tunnel(bench.target, bench.runtime) is False
    assert list(bench.runtime.iterdir()) == []


def test_list(bench: Any) -> None:
    tunnel = bench.open(idle=77)
    local = tunnel.forward(PODMAN)
    (info,) = tunnels.list_tunnels(bench.runtime)
    assert (info.name, info.host, info.user, info.pid, info.idle, info.alive) == (
        bench.host, bench.target.host, "root", tunnel.pid, 77, True,
    )  # fmt: skip
    assert info.forwards == {PODMAN: local}
    _kill(tunnel.pid)
    (info,) = tunnels.list_tunnels(bench.runtime)
    assert not info.alive
    assert tunnels.close_tunnel(info) is False
    assert list(bench.runtime.iterdir()) == []


def test_listing_and_sweeping_do_not_keep_a_master_alive(bench: Any) -> None:
    tunnel = bench.open(idle=2)
    end = time.monotonic() + 20
    while running(tunnel.pid) and time.monotonic() < end:
        tunnels.list_tunnels(bench.runtime)
        tunnels.sweep(bench.runtime)
        time.sleep(0.2)
    assert not running(tunnel.pid)


def test_the_memory_is_shared_between_processes(bench: Any) -> None:
    tunnel = bench.open()
    tunnel.remember("engine", {"name": "podman", "version": "4.3.1"})
    tunnel.forward(PODMAN)
    tunnel.remember("other", [1])
    assert bench.open().recall("engine") == {"name": "podman", "version": "4.3.1"}
    assert bench.open().memory == {"engine": {"name": "podman", "version": "4.3.1"}, "other": [1]}


@pytest.mark.fault("A run is killed while its ssh connects")
def test_a_killed_opener_leaves_nothing_that_blocks_the_next(bench: Any) -> None:
    """Killed while its ssh is still connecting: the next one ends that ssh, connects, and there is one master."""
    hop = (
        f"ssh -F none -i {bench.lab.key} -o UserKnownHostsFile={bench.known_hosts} -o StrictHostKeyChecking=accept-new"
    )
    slow = bench.change("-o", f"ProxyCommand=sh -c 'sleep 2; exec {hop} -W %h:%p root@%h'", "-o", "ConnectTimeout=20")
    (opener,) = bench.openers(1, slow)
    assert eventually(lambda: any(name.endswith(".json") for name in bench.files()))
    time.sleep(0.3)
    opener.kill()
    opener.communicate()
    began = time.monotonic()
    tunnel = bench.open(slow)
    assert ping(tunnel.forward(PODMAN))
    assert time.monotonic() - began < 18  # the killed one's ssh would have had 20 seconds
    time.sleep(2.5)
    assert len(list(bench.runtime.glob("*.ctl"))) == 1
    assert _masters(bench.runtime) == {tunnel.pid}


@pytest.mark.fault("A run is killed just after its ssh has connected")
def test_a_master_whose_opener_was_killed_too_early_is_taken_over(bench: Any) -> None:
    """The opener dies after ssh went to the background and before it could say so."""
    code = (
        "from pathlib import Path\n"
        "import os\n"
        "from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import mux\n"
        "from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget\n"
        "from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel\n"
        "target, runtime = eval(sys.argv[1]), Path(sys.argv[2])\n"
        "tunnel.mux.master_pid = lambda control: os.kill(os.getpid(), 9)\n"
        "tunnel.open_tunnel(target, runtime_dir=runtime)\n"
    )
    assert in_python(code, repr(bench.target), str(bench.runtime)).wait(60) == -signal.SIGKILL
    (control,) = bench.runtime.glob("*.ctl")
    tunnel = bench.open()
    assert tunnel.control == str(control)
    assert ping(tunnel.forward(PODMAN))


def _masters(runtime: Path) -> set[int]:
    found = subprocess.run(["pgrep", "-f", f'ControlPath="{runtime}/'], capture_output=True, text=True, check=False)
    return {int(pid) for pid in found.stdout.split()}


@pytest.mark.fault("The network is lost silently")
def test_the_network_dropped_silently(bench: Any, sshd: Callable[..., Any]) -> None:
    """The master itself does not know; ServerAlive notices, and the next task finds the host unreachable."""
    server, target = sshd()
    target = bench.change(
        "-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=2", "-o", "ConnectTimeout=2", port=target.port
    )
    tunnel = bench.open(target)
    rule = f"INPUT -p tcp --dport {server.port} -j DROP"
    bench.on_host(f"iptables -I {rule}")
    try:
        assert bench.open(target).pid == tunnel.pid
        assert eventually(lambda: not running(tunnel.pid), 30)
        with pytest.raises(SshError) as caught:
            bench.open(target)
        assert caught.value.kind == "unreachable"
    finally:
        bench.on_host(f"iptables -D {rule}")
    assert works(bench, target)
