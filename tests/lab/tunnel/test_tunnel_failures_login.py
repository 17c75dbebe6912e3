# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys on both sides that are not accepted, each cause provoked for real and mended as its hint says."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

from .conftest import PODMAN, both_clients, eventually, ping, refused, works

PASSPHRASE = "known to nobody"


@pytest.fixture
def agent(bench: Any) -> Iterator[str]:
    """An agent without keys."""
    path = str(bench.scratch / "agent")
    process = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
    assert eventually(lambda: Path(path).exists())
    yield path
    process.terminate()
    process.wait()


def add(agent: str, *keys: str, command: str = "", passphrase: str = "") -> None:
    """Put keys into the agent; with a command from a hint, run that one."""
    askpass = Path(f"{agent}-askpass")
    askpass.write_text(f"#!/bin/sh\necho {passphrase!r}\n")
    askpass.chmod(0o700)
    environment = {
        "SSH_AUTH_SOCK": agent, "PATH": "/usr/bin:/bin", "SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force",
    }  # fmt: skip
    for words in (["sh", "-c", f"{command} {' '.join(keys)}"],) if command else [["ssh-add", "-q", *keys]]:
        subprocess.run(words, env=environment, check=True, capture_output=True)


def copy_of_key(bench: Any, name: str = "copy") -> str:
    path = bench.scratch / name
    shutil.copy(bench.lab.key, path)
    path.chmod(0o600)
    return str(path)


def denied(bench: Any, target: SshTarget, *parts: str) -> SshError:
    """The error, which must be UNREACHABLE and of one try; message and hint have these parts."""
    error, _seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("authentication", True)
    assert f"{bench.host} (root@" in error.message
    assert "Permission denied" in error.message or "Too many" in error.message
    assert "tries" not in error.message
    for part in parts:
        assert part in error.hint, error.hint
    return error


@pytest.mark.fault("sshd does not take the key")
@pytest.mark.provokes("authentication/denied")
@both_clients
def test_a_key_that_the_host_does_not_know(bench: Any, sshd: Callable[..., Any], other_key: str) -> None:
    server, target = sshd()
    target = dataclasses.replace(target, private_key_file=other_key)
    denied(bench, target, f"Put the key {other_key} into the user's authorized_keys")
    assert eventually(lambda: "closed by authenticating user" in server.log()), "once its connection has ended"
    assert server.log().count("closed by authenticating user") == 1
    line = Path(f"{other_key}.pub").read_text()
    bench.on_host(f"cp -p ~/.ssh/authorized_keys /tmp/keys; printf %s '{line}' >> ~/.ssh/authorized_keys")
    try:
        assert works(bench, target)
    finally:
        bench.on_host("cat /tmp/keys > ~/.ssh/authorized_keys; rm /tmp/keys")


@pytest.mark.provokes("authentication/key_missing")
@both_clients
def test_a_key_that_is_not_there(bench: Any) -> None:
    denied(bench, bench.change(private_key_file="/no/such/key"), "/no/such/key is not there")


@pytest.mark.provokes("authentication/key_invalid")
@both_clients
def test_a_file_that_holds_no_key(bench: Any) -> None:
    file = bench.scratch / "text"
    file.write_text("no key\n")
    file.chmod(0o600)
    denied(bench, bench.change(private_key_file=str(file)), f"can't read the key file {file}")


@pytest.mark.fault("Others can read the key file")
@pytest.mark.provokes("authentication/key_permissions")
@both_clients
def test_a_key_that_others_can_read(bench: Any) -> None:
    key = copy_of_key(bench)
    Path(key).chmod(0o644)
    target = bench.change(private_key_file=key)
    error = denied(bench, target, "(mode 0644)", f"chmod 600 {key}")
    subprocess.run(["sh", "-c", error.hint[error.hint.index("chmod") :]], check=True)
    assert works(bench, target)


@pytest.mark.fault("The key is encrypted and in no agent")
@pytest.mark.provokes("authentication/key_encrypted")
@both_clients
def test_an_encrypted_key_without_an_agent_and_with_one(bench: Any, agent: str) -> None:
    key = copy_of_key(bench)
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", PASSPHRASE, "-f", key], check=True, stdout=subprocess.DEVNULL)
    without = bench.change(private_key_file=key)
    error = denied(bench, without, f"The key {key} is encrypted and no agent has it: eval $(ssh-agent); ssh-add {key}")
    assert PASSPHRASE not in str(error)
    target = bench.change(private_key_file=key, agent_socket=agent)
    error = denied(bench, target, f"no agent has it: ssh-add {key}")
    add(agent, command=error.hint[error.hint.index("ssh-add") :], passphrase=PASSPHRASE)
    assert works(bench, target)


@pytest.mark.fault("The agent is gone")
@pytest.mark.provokes("authentication/agent_gone", "authentication/agent_without_key")
def test_an_agent_that_is_gone_and_one_without_the_key(bench: Any, agent: str) -> None:
    gone = bench.change(private_key_file=None, agent_socket=f"{agent}.gone")
    denied(bench, gone, f"No agent answers on SSH_AUTH_SOCK={agent}.gone")
    target = bench.change(private_key_file=None, agent_socket=agent)
    error = denied(bench, target, "The agent does not hold a single key: ssh-add")
    add(agent, bench.lab.key, command=error.hint[error.hint.index("ssh-add") :])
    assert works(bench, target)
    bench.open(target).close()
    denied(bench, bench.change("-o", "IdentityFile=none", private_key_file=None))


@pytest.mark.fault("The key is removed from the agent")
def test_an_agent_that_loses_its_key_in_the_middle_of_a_run(bench: Any, agent: str) -> None:
    add(agent, bench.lab.key)
    target = bench.change(private_key_file=None, agent_socket=agent)
    first = bench.open(target)
    subprocess.run(["ssh-add", "-q", "-D"], env={"SSH_AUTH_SOCK": agent, "PATH": "/usr/bin:/bin"}, check=True)
    assert bench.open(target).pid == first.pid and ping(bench.open(target).forward(PODMAN))
    first.close()
    denied(bench, target, "The agent does not hold a single key: ssh-add")
    add(agent, bench.lab.key)
    assert works(bench, target)


@both_clients
def test_a_public_key_whose_private_part_is_in_no_agent(bench: Any, agent: str, other_key: str) -> None:
    public = shutil.copy(f"{bench.lab.key}.pub", bench.scratch / "mine.pub")
    add(agent, other_key)
    target = bench.change("-o", "IdentitiesOnly=yes", private_key_file=str(public), agent_socket=agent)
    denied(bench, target, f"The agent does not hold the key of {public}: ssh-add")
    add(agent, bench.lab.key)
    assert works(bench, target)


@pytest.mark.fault("The agent offers too many keys")
@pytest.mark.provokes("authentication/too_many")
@both_clients
def test_an_agent_with_too_many_keys(bench: Any, sshd: Callable[..., Any], agent: str, other_key: str) -> None:
    server, target = sshd("MaxAuthTries 1")
    add(agent, other_key, bench.lab.key)
    crowded = dataclasses.replace(target, private_key_file=None, agent_socket=agent)
    error = denied(bench, crowded, "MaxAuthTries", "IdentitiesOnly=yes")
    assert eventually(lambda: "Too many authentication failures" in server.log())
    assert server.log().count("Too many authentication failures") == 1
    named = dataclasses.replace(
        target, agent_socket=agent, extra_args=tuple(error.hint[error.hint.index("-o ") :].split()[:2])
    )
    assert works(bench, named)


@pytest.mark.fault("The host's key has changed")
@pytest.mark.provokes("host_key/changed")
@both_clients
def test_a_changed_host_key_is_refused_and_not_overwritten(bench: Any, sshd: Callable[..., Any]) -> None:
    server, target = sshd()
    bench.open(target).close()
    written = bench.known_hosts.read_text()
    server.stop()
    server.new_host_key()
    server.start()
    came = server.connections()
    error, _seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("host_key", True)
    assert server.connections() == came + 1
    assert f"ssh-keygen -f {bench.known_hosts} -R '[{target.host}]:{target.port}'" in error.hint
    assert bench.known_hosts.read_text() == written
    command = error.hint[error.hint.rindex("ssh-keygen") :]
    subprocess.run(["sh", "-c", command], check=True, capture_output=True)
    assert works(bench, target)


@pytest.mark.fault("The host's key is revoked")
@pytest.mark.provokes("host_key/revoked")
def test_a_revoked_host_key(bench: Any) -> None:
    key = bench.on_host("cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub").strip()
    bench.known_hosts.write_text(f"@revoked * {key}\n")
    error, _seconds = refused(bench, bench.change("-o", "HostKeyAlgorithms=ssh-ed25519"))
    assert (error.kind, error.unreachable) == ("host_key", True)
    assert "REVOKED" in error.message
    assert "@revoked" in error.hint


# what somebody set -> whether an unknown key is accepted, and written down
UNKNOWN_KEYS: dict[str, tuple[dict[str, Any], tuple[str, ...], str, bool]] = {
    "nobody": ({}, (), "", True),
    "host_key_checking=true": ({"host_key_checking": True}, (), "", False),
    "host_key_checking=false": ({"host_key_checking": False}, (), "", True),
    "an argument": ({}, ("-o", "StrictHostKeyChecking=yes"), "", False),
    "the user's ssh configuration": ({}, (), "StrictHostKeyChecking yes", False),
}


@pytest.mark.fault("The host's key is unknown and keys are checked strictly")
@pytest.mark.provokes("host_key/unknown")
@pytest.mark.parametrize(("fields", "args", "config", "accepted"), UNKNOWN_KEYS.values(), ids=UNKNOWN_KEYS)
def test_unknown_host_keys(
    bench: Any, fields: dict[str, Any], args: tuple[str, ...], config: str, accepted: bool
) -> None:
    file = bench.scratch / "config"
    file.write_text(f"Host *\n  UserKnownHostsFile {bench.known_hosts}\n  {config}\n")
    target = bench.change(ssh_args=(*args, "-F", str(file)), **fields)
    if accepted:
        assert ping(bench.open(target).forward(PODMAN))
        assert len(bench.known_hosts.read_text().splitlines()) == 1
        return
    error, _seconds = refused(bench, target)
    assert (error.kind, error.unreachable) == ("host_key", True)
    assert not bench.known_hosts.exists()
    command = next(word for word in error.hint.split(": ")[1].split("; ") if word.startswith("ssh-keyscan"))
    with bench.known_hosts.open("w") as output:
        subprocess.run(command.split(), check=True, stdout=output, stderr=subprocess.DEVNULL)
    assert works(bench, target)


def test_host_key_checking_off_still_writes_no_other_key_over(bench: Any, sshd: Callable[..., Any]) -> None:
    """Accept-new is ours; 'no' is only what somebody set."""
    _server, target = sshd()
    tunnel = bench.open(target)
    assert "StrictHostKeyChecking=accept-new" in Path(f"/proc/{tunnel.pid}/cmdline").read_text()
    off = dataclasses.replace(target, host_key_checking=False)
    assert "StrictHostKeyChecking=no" in Path(f"/proc/{bench.open(off).pid}/cmdline").read_text()
