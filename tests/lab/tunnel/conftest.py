# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tunnels over real sshd: a runtime directory with a short path, and sshd instances of our own on spare ports."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from checkout import CHECKOUT

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.by_paramiko.connection import (
    ParamikoConnection,
    open_connection,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.local_socket import DIRECTORY
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.master import mux
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import OPENSSH, PARAMIKO
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel import tunnel as tunnels

PODMAN = "/run/podman/podman.sock"
DOCKER = "/var/run/docker.sock"


def ping(local: str, timeout: float = 30.0) -> bytes:
    """Ask the engine behind a local socket; returns its answer, b'' when there was none."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        try:
            connection.connect(local)
            connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: d\r\n\r\n")
            return connection.recv(65536)
        except OSError:
            return b""


def eventually(condition: Callable[[], Any], within: float = 30.0) -> bool:
    """Whether the condition comes true in time, looked at ten times a second."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())


def running(pid: int) -> bool:
    """Whether that process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def in_python(code: str, *args: str) -> subprocess.Popen[str]:
    """Start code in a Python of its own, with the collection importable."""
    prelude = f"import sys; sys.path.insert(0, {str(CHECKOUT / '.dev')!r})\n"
    return subprocess.Popen(
        [sys.executable, "-c", prelude + code, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def refused(bench: Bench, target: SshTarget, **settings: Any) -> tuple[SshError, float]:
    """The error of a connection that must fail, and the seconds it took."""
    began = time.monotonic()
    with pytest.raises(SshError) as caught:
        bench.open(target, **settings)
    seconds = time.monotonic() - began
    assert not list(bench.runtime.glob("*.ctl")), "a failure leaves no socket"
    assert not list(bench.runtime.glob("*.json"))
    return caught.value, seconds


def works(bench: Bench, target: SshTarget, remote: str = PODMAN) -> bool:
    """Whether an engine answers now."""
    return recovers(lambda: ping(bench.open(target).forward(remote)))


def recovers(attempt: Callable[[], object]) -> bool:
    """Whether it works again; a failure that took long is shared for a moment with who comes just after."""
    for pause in (0.0, 0.3, 0.6, 1.2, 2.4, 4.8):
        time.sleep(pause)
        with contextlib.suppress(SshError):
            return bool(attempt())
    return False


def remedy(error: SshError) -> str:
    """The command of a hint that is to be run on the host."""
    found = re.search(r"(?: -- |as root on \S+: )(.*?)(?: \((?:its log|or do without): .*)?$", error.hint)
    assert found, error.hint
    words = shlex.split(found[1])
    return words[0] if len(words) == 1 else found[1]


OPEN = """
from pathlib import Path
from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.tunnel.tunnel import TunnelSettings, open_tunnel
import os, time
target, runtime, gate, settings = eval(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], eval(sys.argv[4])
if gate:
    Path(f"{gate}.{os.getpid()}").touch()
    while not os.path.exists(gate):
        time.sleep(0.005)
try:
    tunnel = open_tunnel(target, settings, runtime_dir=runtime)
    print(tunnel.pid, tunnel.forward("/run/podman/podman.sock"))
except SshError as error:
    print(error.kind, error.unreachable)
"""


@dataclass
class Bench:
    """One lab host, a runtime directory, and a target; ``change`` gives the target other settings."""

    lab: Any
    host: str
    runtime: Path
    scratch: Path
    client: str = OPENSSH
    target: SshTarget = field(init=False)
    opened: list[ParamikoConnection] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        entry = self.lab.hosts[self.host]
        self.known_hosts = self.scratch / "known_hosts"
        self.target = SshTarget(
            host=entry["hostname"],
            user=entry.get("user", "root"),
            private_key_file=self.lab.key,
            ssh_args=("-o", f"UserKnownHostsFile={self.known_hosts}", "-F", "none", *ACCEPTS[self.client]),
            name=self.host,
        )

    def change(self, *args: str, **changes: Any) -> SshTarget:
        """Another target: more ssh arguments (before the others) and other fields."""
        return dataclasses.replace(self.target, **{"ssh_args": (*args, *self.target.ssh_args), **changes})

    def open(self, target: SshTarget | None = None, **settings: Any) -> Any:
        """A tunnel, or a connection of paramiko's, which ends with the test."""
        if self.client == PARAMIKO:
            retries = int(settings.get("retries", 3))
            log = settings.get("log", lambda _message: None)
            made = open_connection(target or self.target, log, retries=retries, runtime_dir=self.runtime)
            self.opened.append(made)
            return made
        return tunnels.open_tunnel(target or self.target, tunnels.TunnelSettings(**settings), runtime_dir=self.runtime)

    def files(self) -> set[str]:
        """The names in the runtime directory, but for what stays."""
        return {path.name for path in self.runtime.iterdir() if path.name not in ("swept", DIRECTORY)}

    def dialed(self) -> list[str]:
        """The names of the sockets to dial from."""
        return sorted(path.name for path in self.runtime.glob(f"{DIRECTORY}/*"))

    def on_host(self, script: str, check: bool = True) -> str:
        return str(self.lab.ssh(self.host, "sh", "-s", input=script, check=check))

    def openers(
        self, count: int, target: SshTarget | None = None, gate: Path | None = None, **settings: Any
    ) -> list[subprocess.Popen[str]]:
        """Start processes that open the tunnel; with a gate, all are ready and wait until that file is there."""
        words = (
            repr(target or self.target),
            str(self.runtime),
            str(gate or ""),
            repr(tunnels.TunnelSettings(**settings)),
        )
        started = [in_python(OPEN, *words) for _count in range(count)]
        if gate:
            ready = [gate.with_name(f"{gate.name}.{process.pid}") for process in started]
            assert eventually(lambda: all(file.exists() for file in ready), 60)
        return started


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A new directory whose path is short enough for a control socket; its masters end with the test."""
    directory = Path(tempfile.mkdtemp(prefix="sf"))
    yield directory
    for control in directory.rglob("*.ctl"):
        with contextlib.suppress(mux.MuxError), mux.MuxClient(str(control)) as client:
            client.terminate()
    for path in list(directory.rglob("*")):  # an ending master unlinks its own
        if not path.is_dir():
            path.unlink(missing_ok=True)
    shutil.rmtree(directory)


# Both transports; what only one of them has is in the tests of that one.
both_clients = pytest.mark.parametrize("client", [OPENSSH, PARAMIKO], indirect=True)
# paramiko never writes down an unknown key unless it is told to.
ACCEPTS: dict[str, tuple[str, ...]] = {OPENSSH: (), PARAMIKO: ("-o", "StrictHostKeyChecking=accept-new")}


@pytest.fixture
def client(request: pytest.FixtureRequest) -> str:
    """What speaks ssh: OpenSSH's client, unless a test is parametrized with another."""
    return str(getattr(request, "param", OPENSSH))


# The oldest and the newest OpenSSH of the lab.
both_hosts = ["bookworm1", "forky1"]


@pytest.fixture(params=[os.environ.get("SSHFLEET_SSHD", both_hosts[0])])
def bench(request: pytest.FixtureRequest, lab: Any, runtime: Path, tmp_path: Path, client: str) -> Iterator[Bench]:
    """On the host with the oldest OpenSSH, or one that SSHFLEET_SSHD names, for a run by hand; tests that concern both
    are parametrized with both names.
    """
    made = Bench(lab, request.param, runtime, tmp_path, client)
    yield made
    for connection in made.opened:
        connection.close()


@dataclass
class Sshd:
    """An sshd of our own on a spare port of a lab host."""

    bench: Bench
    port: int
    directory: str

    def start(self, *options: str) -> None:
        lines = [
            f"Port {self.port}",
            f"HostKey {self.directory}/key",
            f"PidFile {self.directory}/pid",
            "UsePAM yes",
            "LogLevel VERBOSE",
            *options,
        ]
        self.bench.on_host(
            f"mkdir -p {self.directory}; cd {self.directory}\n"
            "[ -f key ] || ssh-keygen -q -t ed25519 -N '' -f key\n"
            f"printf '%s\\n' {' '.join(repr(line) for line in lines)} > config\n"
            f"/usr/sbin/sshd -f {self.directory}/config -E {self.directory}/log\n"
        )
        assert eventually(self._answers, 30)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((self.bench.target.host, self.port), 1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def stop(self) -> None:
        """End the listener; connections stay, as they do with a restart of sshd."""
        self.bench.on_host(f"[ -f {self.directory}/pid ] && kill $(cat {self.directory}/pid); true")

    def new_host_key(self) -> None:
        self.bench.on_host(f"rm -f {self.directory}/key {self.directory}/key.pub")

    def connections(self) -> int:
        """How many came, ours to see whether it answers among them."""
        return self.log().count("Connection from ")

    def logins(self) -> int:
        return self.log().count("Accepted publickey")

    def log(self) -> str:
        return self.bench.on_host(f"cat {self.directory}/log")


@pytest.fixture
def sshd(bench: Bench) -> Iterator[Callable[..., tuple[Sshd, SshTarget]]]:
    """Start an sshd with these options; gives it and the target that leads to it."""
    started: list[Sshd] = []

    def start(*options: str) -> tuple[Sshd, SshTarget]:
        port = 2300 + len(started) + os.getpid() % 500
        one = Sshd(bench, port, f"/tmp/sshd-{port}")
        started.append(one)
        one.start(*options)
        return one, bench.change(port=port)

    yield start
    for one in started:
        one.stop()
        bench.on_host(f"rm -rf {one.directory}")


USER = "sfuser"


@pytest.fixture
def user(bench: Bench) -> Iterator[SshTarget]:
    """An ordinary user with the lab's key."""
    bench.on_host(
        f"useradd -m -s /bin/sh {USER}; install -d -m 700 -o {USER} /home/{USER}/.ssh\n"
        f"install -m 600 -o {USER} /root/.ssh/authorized_keys /home/{USER}/.ssh/authorized_keys"
    )
    yield dataclasses.replace(bench.target, user=USER)
    bench.on_host(f"pkill -KILL -u {USER}; sleep 0.2; userdel -r {USER} 2>/dev/null; true")


@pytest.fixture
def other_key(tmp_path: Path) -> str:
    """A key that no host knows."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    return str(tmp_path / "other")
