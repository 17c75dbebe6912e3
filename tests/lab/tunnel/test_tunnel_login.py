# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in with a password and with a key that is given as text, over real sshd; neither is left anywhere."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typist import Typist

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import password

from .conftest import DOCKER, OPEN, PODMAN, both_clients, eventually, in_python, ping, running

PASSWORDS = re.compile(r"(Accepted|Failed) (password|keyboard-interactive)")


@contextmanager
def looking_for(secret: str) -> Iterator[list[str]]:
    """What shows a secret while the context lasts: every process's command line and environment, again and again."""
    found: list[str] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for process in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        text = (process / name).read_bytes()
                    except OSError:
                        continue
                    if secret.encode() in text:
                        found.append(f"{process.name} {name}: {text[:200]!r}")

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


@pytest.fixture
def typed(bench: Any, typist: Typist) -> SshTarget:
    """The target with the user who has nothing but a password."""
    changed: SshTarget = bench.change(user=typist.name, password=typist.password, private_key_file=None)
    return changed


def denied(bench: Any, target: SshTarget) -> SshError:
    with pytest.raises(SshError) as caught:
        bench.open(target, retries=1)
    return caught.value


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The words and the environments with which sshpass and ssh are started: too short a time for looking."""
    record, folder = tmp_path / "record", tmp_path / "bin"
    folder.mkdir()
    for name in ("sshpass", "ssh"):
        (folder / name).write_text(
            f'#!/bin/sh\n(echo "{name}" "$@"; env) >> {record}\nexec {shutil.which(name)} "$@"\n'
        )
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return record


def test_a_password_opens_the_tunnel_and_is_left_nowhere(bench: Any, typed: SshTarget, recorded: Path) -> None:
    assert typed.password
    with looking_for(typed.password) as found:
        tunnel = bench.open(typed)
        assert ping(tunnel.forward(DOCKER)).startswith(b"HTTP/1.0 200 OK")
    assert found == []
    assert "sshpass -d" in recorded.read_text()
    assert typed.password not in recorded.read_text()
    assert running(tunnel.pid)
    assert not [path for path in bench.runtime.rglob("*") if path.is_file() and typed.password in path.read_text()]
    assert bench.open(typed).pid == tunnel.pid


@both_clients
def test_by_keyboard_interactive_too(bench: Any, typed: SshTarget, sshd: Callable[..., Any]) -> None:
    _server, target = sshd("PasswordAuthentication no", "KbdInteractiveAuthentication yes")
    assert bench.open(dataclasses.replace(typed, port=target.port)).opened


@both_clients
def test_a_key_is_enough_where_a_password_is_set_as_well(bench: Any) -> None:
    assert bench.open(bench.change(password="of no use")).opened


@both_clients
def test_a_key_and_a_password_where_sshd_wants_both(
    bench: Any, typist: Typist, typed: SshTarget, sshd: Callable[..., Any]
) -> None:
    _server, target = sshd(
        "AuthenticationMethods publickey,password",
        "AuthorizedKeysFile /root/.ssh/authorized_keys",
        "StrictModes no",
        "PermitRootLogin yes",
        f"Match User {typist.name}",
        f"AuthorizedKeysFile {typist.keys(bench.lab)}",
    )
    both = dataclasses.replace(typed, port=target.port, private_key_file=bench.lab.key)
    assert bench.open(both).opened


@pytest.mark.fault("The password is wrong")
@pytest.mark.provokes("authentication/password")
@both_clients
def test_a_wrong_password_is_typed_once(bench: Any, typed: SshTarget, sshd: Callable[..., Any]) -> None:
    server, target = sshd("PasswordAuthentication yes", "KbdInteractiveAuthentication yes")
    error = denied(bench, dataclasses.replace(typed, port=target.port, password="wrong-secret"))
    assert (error.kind, error.unreachable) == ("authentication", True)
    assert "ansible_password" in error.hint
    assert "wrong-secret" not in str(error)
    assert eventually(lambda: PASSWORDS.search(server.log()))
    assert [found[1] for found in PASSWORDS.finditer(server.log())] == ["Failed"]


@pytest.mark.parametrize("known", ["unknown", "changed"])
def test_a_host_key_that_is_not_accepted_gets_no_password(
    bench: Any, typed: SshTarget, sshd: Callable[..., Any], known: str
) -> None:
    server, target = sshd("PasswordAuthentication yes")
    typed = dataclasses.replace(typed, port=target.port, host_key_checking=True if known == "unknown" else None)
    if known == "changed":
        bench.open(target).close()
        server.stop()
        server.new_host_key()
        server.start("PasswordAuthentication yes")
    assert denied(bench, typed).kind == "host_key"
    assert not PASSWORDS.search(server.log())


def test_a_proxys_prompt_gets_no_password(bench: Any, typed: SshTarget, sshd: Callable[..., Any]) -> None:
    """A ProxyCommand shares ssh's terminal; its own ssh must not be answered there."""
    jump, target = sshd("PubkeyAuthentication no", "PasswordAuthentication yes")
    words = f"ssh -F none -o UserKnownHostsFile={bench.known_hosts} -o StrictHostKeyChecking=accept-new"
    words += " -o NumberOfPasswordPrompts=1 -o PreferredAuthentications=password"
    way = f"{words} -p {target.port} {typed.user}@{typed.host} -W %h:%p"
    proxied = dataclasses.replace(typed, ssh_args=("-o", f"ProxyCommand={way}", *typed.ssh_args))
    assert denied(bench, proxied).unreachable
    assert "Accepted" not in jump.log(), "without a terminal ssh offers an empty password, not ours"
    words = words.removesuffix("password") + "publickey"
    open_way = f"{words} -i {bench.lab.key} -o BatchMode=yes root@{typed.host} -W %h:%p"
    proxied = dataclasses.replace(typed, ssh_args=("-o", f"ProxyCommand={open_way}", *typed.ssh_args))
    assert bench.open(proxied).opened


def test_a_keys_passphrase_is_not_asked_for(bench: Any, typed: SshTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    """ssh, which can't know this key without it, would ask on the terminal that sshpass gives it, and wait there."""
    monkeypatch.setattr(password, "LOGIN_TIME", 5.0)
    key = bench.scratch / "encrypted"
    words = ["ssh-keygen", "-q", "-t", "ecdsa", "-m", "PEM", "-N", "of the key", "-f", str(key)]
    subprocess.run(words, check=True)
    key.with_suffix(".pub").unlink()
    assert bench.open(dataclasses.replace(typed, private_key_file=str(key))).opened


@pytest.mark.provokes("authentication/no_prompt")
def test_a_prompt_that_nobody_answers_ends(bench: Any, typed: SshTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password, "LOGIN_TIME", -7.0)
    error = denied(bench, dataclasses.replace(typed, password_prompt="One-time code"))
    assert (error.kind, error.unreachable) == ("authentication", True)
    assert "ansible_sshpass_prompt" in error.hint
    assert eventually(lambda: not processes_with(str(bench.runtime)))


def processes_with(word: str) -> list[str]:
    """The processes that have this on their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found += [path.parent.name] if word in path.read_text(errors="replace") else []
    return found


@both_clients
def test_a_prompt_of_choice(bench: Any, typed: SshTarget) -> None:
    assert bench.open(dataclasses.replace(typed, password_prompt="'s pass")).opened


def key_text(folder: Path, passphrase: str = "") -> str:
    """A copy of the lab's key, or a new one with a passphrase."""
    path = folder / "text"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", path], check=True)
    return path.read_text()


def by_text(bench: Any, text: str, **changes: Any) -> SshTarget:
    changed: SshTarget = bench.change(private_key_file=None, private_key=text, **changes)
    return changed


@contextmanager
def watching(folder: Path) -> Iterator[dict[str, int]]:
    """The files that come and go in a folder: their names and modes."""
    seen: dict[str, int] = {}
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for path in folder.glob("*"):
                try:
                    seen[path.name] = path.stat().st_mode & 0o777
                except FileNotFoundError:
                    continue

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def test_a_key_text_opens_the_tunnel_and_is_gone(bench: Any) -> None:
    with watching(bench.runtime / "keys") as seen:
        tunnel = bench.open(by_text(bench, Path(bench.lab.key).read_text()))
    assert list(seen.values()) == [0o600]
    assert list((bench.runtime / "keys").iterdir()) == []
    assert ping(tunnel.forward(PODMAN))


def test_a_key_text_is_gone_after_a_failure(bench: Any, tmp_path: Path) -> None:
    with watching(bench.runtime / "keys") as seen:
        error = denied(bench, by_text(bench, key_text(tmp_path)))
    assert error.kind == "authentication"
    assert len(seen) == 1
    assert list((bench.runtime / "keys").iterdir()) == []


@both_clients
def test_a_key_text_with_a_passphrase(bench: Any, tmp_path: Path, sshd: Callable[..., Any]) -> None:
    text = key_text(tmp_path, "of the key")
    keys = f"/tmp/sf-keys-{os.getpid()}"
    bench.on_host(f"printf '%s' '{(tmp_path / 'text.pub').read_text()}' > {keys}")
    try:
        _server, target = sshd(f"AuthorizedKeysFile {keys}", "StrictModes no")
        given = by_text(bench, text, port=target.port, private_key_passphrase="of the key")
        assert bench.open(given).opened
        with pytest.raises(InvalidOption, match="ansible_private_key_passphrase"):
            bench.open(by_text(bench, text, port=target.port, user="other", private_key_passphrase="wrong"))
    finally:
        bench.on_host(f"rm -f {keys}")
    assert list(bench.runtime.glob("keys/*")) == []


@pytest.mark.provokes("authentication/key_text")
@both_clients
def test_a_text_that_ssh_cannot_read_is_named_by_its_option(bench: Any) -> None:
    lines = Path(bench.lab.key).read_text().splitlines()
    error = denied(bench, by_text(bench, "\n".join([*lines[:2], *lines[3:], ""])))
    assert error.kind == "authentication"
    assert "ansible_private_key" in error.hint


@pytest.mark.fault("A run that logs in with a key given as text is killed")
def test_a_killed_runs_key_is_removed_by_the_next_run_of_any_target(bench: Any) -> None:
    bench.open()
    text = Path(bench.lab.key).read_text()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code = OPEN.replace("target, runtime", "import dataclasses\ntarget, runtime", 1).replace(
            "if gate:", "target = dataclasses.replace(target, private_key=Path(sys.argv[5]).read_text())\nif gate:", 1
        )
        target = by_text(bench, text, host="127.0.0.1", port=silent.getsockname()[1])
        started = in_python(code, repr(target), str(bench.runtime), "", "TunnelSettings()", bench.lab.key)
        assert eventually(lambda: list((bench.runtime / "keys").glob("*")), 30)
        os.kill(started.pid, signal.SIGKILL)
        started.communicate()
        (left,) = (bench.runtime / "keys").iterdir()
        assert left.read_text() == text
        assert not bench.open().opened, "a warm one, of another target"
        assert not left.exists()
