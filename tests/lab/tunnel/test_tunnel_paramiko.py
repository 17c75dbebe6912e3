# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is paramiko's own, over real sshd; what both transports do alike is tested with both in the other files."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lab_hosts import Lab
from tasks import run_tasks

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import PARAMIKO

from .conftest import DOCKER, both_hosts, eventually, ping, refused

by_paramiko = pytest.mark.parametrize("client", [PARAMIKO], indirect=True)
MEGABYTES = 20
TALKER = "/run/sf-forwarded.sock"
# Sends back what it gets, and ends when the other end has said everything; after a first byte S it says one more, and
# then nothing for ever.
ECHO = f"""
import os, socket, threading
listener = socket.socket(socket.AF_UNIX)
listener.bind({TALKER!r})
listener.listen(50)
def echo(client):
    if client.recv(1) == b"S":
        client.sendall(b"s")
        threading.Event().wait()
    while data := client.recv(1 << 16):
        client.sendall(data)
    client.close()
while True:
    threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()
"""


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]


@pytest.fixture
def echo(bench: Any) -> Iterator[str]:
    bench.on_host(
        f"rm -f {TALKER}; cat > {TALKER}.py <<'END'\n{ECHO}\nEND\n"
        f"nohup python3 {TALKER}.py >/dev/null 2>&1 & echo $! > {TALKER}.pid\n"
        f"while [ ! -S {TALKER} ]; do sleep 0.1; done"
    )
    yield TALKER
    bench.on_host(f"kill $(cat {TALKER}.pid); rm -f {TALKER} {TALKER}.*")


def connected(path: str, told: bytes) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(60)
    connection.connect(path)
    connection.sendall(told)
    return connection


@by_paramiko
@pytest.mark.parametrize("bench", both_hosts, indirect=True)
def test_streams_through_a_forward_and_nothing_is_left(bench: Any, echo: str) -> None:
    """Twenty at once, both ways at once, with a half-close; then one whose peer never ends."""
    before, open_files = threads(), descriptors()
    way = bench.open()
    local = way.forward(echo)
    assert (Path(local).stat().st_mode & 0o777, Path(local).parent.stat().st_mode & 0o777) == (0o600, 0o700)
    streams = [connected(local, b"B") for _number in range(20)]
    data = os.urandom(MEGABYTES << 20)
    sender = threading.Thread(target=lambda: (streams[0].sendall(data), streams[0].shutdown(socket.SHUT_WR)))
    sender.start()
    assert b"".join(iter(lambda: streams[0].recv(1 << 20), b"")) == data
    sender.join()
    for number, stream in enumerate(streams[1:]):
        stream.sendall(b"%d" % number)
    assert [stream.recv(100) for stream in streams[1:]] == [b"%d" % number for number in range(19)]
    for stream in streams:
        stream.close()
    silent = connected(local, b"S")
    assert silent.recv(1) == b"s"
    way.close()
    with contextlib.suppress(ConnectionResetError):
        assert silent.recv(1) == b""
    silent.close()
    assert bench.dialed() == []
    assert eventually(lambda: threads() == before), threads()
    assert descriptors() <= open_files


@by_paramiko
def test_a_client_that_goes_away_ends_its_channel(bench: Any, echo: str) -> None:
    """The peer says nothing and does not look: only the channel's end shows that nobody listens any more."""
    way = bench.open()
    local = way.forward(echo)
    before = len(threads())
    connection = connected(local, b"S")
    assert connection.recv(1) == b"s" and len(threads()) > before
    connection.close()
    assert eventually(lambda: len(threads()) == before), threads()


@by_paramiko
def test_unknown_keys_and_revoked_ones(bench: Any, sshd: Callable[..., Any]) -> None:
    _server, target = sshd()
    strict = dataclasses.replace(target, ssh_args=tuple(word for word in target.ssh_args if "Strict" not in word)[:-1])
    error, _seconds = refused(bench, strict)
    assert (error.kind, error.unreachable) == ("host_key", True)
    assert "No ED25519 host key is known for" in error.message and "StrictHostKeyChecking=accept-new" in error.hint
    assert not bench.known_hosts.exists()
    hashed = dataclasses.replace(target, extra_args=("-o", "HashKnownHosts=yes"))
    assert bench.open(hashed).opened and bench.open(strict).opened
    (line,) = bench.known_hosts.read_text().splitlines()
    name = f"[{target.host}]:{target.port}"
    assert line.startswith("|1|")
    found = subprocess.run(
        ["ssh-keygen", "-F", name, "-f", bench.known_hosts], capture_output=True, text=True, check=True
    )
    assert line in found.stdout, "OpenSSH reads what was written"
    bench.known_hosts.write_text(f"{name} {' '.join(line.split()[1:])}\n")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", bench.known_hosts], check=True, capture_output=True)
    assert bench.open(strict).opened, "and what OpenSSH has written is read"
    bench.known_hosts.write_text(f"@revoked * {' '.join(line.split()[1:])}\n")
    error, _seconds = refused(bench, target)
    assert error.kind == "host_key" and "REVOKED" in error.message and "@revoked" in error.hint


KINDS = {
    "rsa": ["-t", "rsa", "-b", "3072"],
    "rsa in PEM": ["-t", "rsa", "-m", "PEM"],
    "rsa in PKCS#8": ["-t", "rsa", "-m", "PKCS8"],
    "ecdsa": ["-t", "ecdsa"],
    "ed25519": ["-t", "ed25519"],
}


@by_paramiko
def test_kinds_of_keys(bench: Any, sshd: Callable[..., Any], tmp_path: Path) -> None:
    keys = f"/tmp/sf-kinds-{os.getpid()}"
    files = {kind: tmp_path / f"key{number}" for number, kind in enumerate(KINDS)}
    for kind, file in files.items():
        subprocess.run(["ssh-keygen", "-q", "-N", "", *KINDS[kind], "-f", file], check=True)
    bench.on_host(f"cat > {keys} <<'E'\n" + "".join(Path(f"{file}.pub").read_text() for file in files.values()) + "E\n")
    try:
        _server, target = sshd(f"AuthorizedKeysFile {keys}", "StrictModes no")
        for kind, file in files.items():
            assert bench.open(dataclasses.replace(target, private_key_file=str(file))).opened, kind
            text = dataclasses.replace(target, private_key_file=None, private_key=file.read_text())
            assert bench.open(text).opened, f"{kind}, as text"
    finally:
        bench.on_host(f"rm -f {keys}")


@by_paramiko
def test_a_key_in_a_token_is_refused_by_name(bench: Any, tmp_path: Path) -> None:
    """A file as ssh-keygen writes it for a token, as far as its public part; there is no token here."""
    import base64
    import struct

    def text(value: bytes) -> bytes:
        return struct.pack(">I", len(value)) + value

    public = text(b"sk-ssh-ed25519@openssh.com") + text(bytes(32)) + text(b"ssh:")
    whole = b"openssh-key-v1\0" + text(b"none") * 2 + text(b"") + struct.pack(">I", 1) + text(public) + text(b"")
    file = tmp_path / "id_ed25519_sk"
    armour = "OPENSSH PRIVATE KEY-----"
    file.write_text(f"-----BEGIN {armour}\n{base64.b64encode(whole).decode()}\n-----END {armour}\n")
    file.chmod(0o600)
    with pytest.raises(InvalidOption, match=r"FIDO token.*") as caught:
        bench.open(bench.change(private_key_file=str(file)))
    assert "transport=openssh" in caught.value.hint


@pytest.fixture
def behind(bench: Any) -> SshTarget:
    """The target behind another lab host, which knows the lab's key."""
    place = f"root@{bench.lab.hosts['trixie1']['hostname']}"
    changed: SshTarget = bench.change("-o", f"ProxyJump={place}", jump_keys=((place, bench.lab.key),))
    return changed


@by_paramiko
@pytest.mark.provokes("jump_prohibited")
def test_over_a_jump_host(bench: Any, behind: SshTarget, other_key: str) -> None:
    way = bench.open(behind)
    assert ping(way.forward(DOCKER)).startswith(b"HTTP/1.0 200 OK")
    there = way.run(["sh", "-c", "echo ${SSH_CONNECTION%% *}"], "", 20).stdout.strip()
    assert there == bench.lab.hosts["trixie1"]["hostname"]
    closed, _seconds = refused(bench, dataclasses.replace(behind, port=2291))
    assert (closed.kind, closed.unreachable) == ("unreachable", True)
    assert "jump host" in closed.message and "connect failed: Connection refused" in closed.message
    place = behind.jump_keys[0][0]
    denied, _seconds = refused(bench, dataclasses.replace(behind, jump_keys=((place, other_key),)))
    assert denied.kind == "authentication" and f"jump host {place} on the way to {bench.host}" in denied.message
    file = "/etc/ssh/sshd_config.d/10-paramiko.conf"
    bench.lab.ssh("trixie1", "sh", "-s", input=f"echo 'AllowTcpForwarding no' > {file}; systemctl reload ssh")
    try:
        assert eventually(lambda: kind_of(bench, behind) == "jump_prohibited")
    finally:
        bench.lab.ssh("trixie1", "sh", "-s", input=f"rm {file}; systemctl reload ssh")
        assert eventually(lambda: kind_of(bench, behind) == "")


def kind_of(bench: Any, target: SshTarget) -> str:
    try:
        bench.open(target).close()
    except SshError as error:
        return error.kind
    return ""


@by_paramiko
def test_a_connection_that_is_cut_is_noticed(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    way = bench.open(target)
    local = way.forward(DOCKER)
    assert ping(local)
    bench.on_host(f"pkill -KILL -P $(cat {server.directory}/pid)")
    assert eventually(lambda: not ping(local, timeout=5))
    error = way.diagnose(DOCKER)
    assert (error.kind, error.unreachable) == ("unreachable", True) and "was lost" in error.message


IMAGE = "localhost/busybox:latest"


@pytest.mark.pairs("both")
@pytest.mark.parametrize("strategy", ["linear", "sshfleet.containers.fleet"])
def test_tasks_without_an_ssh_client(lab: Lab, tmp_path: Path, strategy: str) -> None:
    """Two hosts at once, both engines; what would need a connection that stays is refused by name."""
    made = {"image": IMAGE, "command": ["sleep", "600"], "stop_timeout": 0, "name": "by-paramiko"}
    tasks = [
        {"remote_container": {**made, "engine": engine, **more}}
        for engine in ("docker", "podman")
        for more in ({}, {}, {"state": "absent"})
    ]
    tasks.insert(
        1, {"remote_container_exec": {"name": "by-paramiko", "engine": "docker", "argv": ["cat"], "stdin": "in"}}
    )
    tasks += [
        {"remote_login": {"registry": "r.invalid", "username": "user1", "password": "pass-w0rd"}},
        {"remote_tunnel": {"state": "present"}},
        {"remote_tunnel": {}},
    ]
    told = {"ansible_ssh_executable": "/nonexistent/ssh", "sshfleet_transport": "paramiko"}
    results = run_tasks(lab, "bookworm1:trixie1", tasks, tmp_path, vars=told, strategy=strategy)
    assert [result.get("changed") for result in results[:7]] == [True, True, False, True, True, False, True], results
    assert results[1]["stdout"] == "in"
    login, present, shown = results[7:]
    assert "paramiko" in login["msg"] and "transport=openssh" in login["msg"] and login["failed"]
    assert "paramiko" in present["msg"] and present["failed"]
    assert shown["tunnel"] == {"open": False}
    assert not list(lab.runtime.rglob("dial/*"))
    by_openssh = run_tasks(lab, "bookworm1", tasks[:1], tmp_path, vars={"ansible_ssh_executable": "/nonexistent/ssh"})
    assert by_openssh[0]["error"]["kind"] == "ssh_client", "the same would not work with OpenSSH's client"
