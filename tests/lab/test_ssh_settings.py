# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whoever can reach a host with ansible.builtin.ssh can manage its containers: one host per way, all in one run."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from lab_hosts import Lab
from typist import Typist

pytestmark = pytest.mark.pairs("both")

HOST = "bookworm1"
OTHER = "trixie1"
PORT = 2290  # of an sshd that trusts a certificate authority and no key
PASSPHRASE = "of the key"
VAULT_PASSWORD = "of the vault"
NOBODY = {"ansible_ssh_private_key_file": "/nonexistent/key"}


def keygen(*words: str | Path) -> None:
    subprocess.run(["ssh-keygen", "-q", *words], check=True)


@contextmanager
def agent(socket: Path, *keys: str | Path) -> Iterator[str]:
    """An ssh-agent with these keys."""
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert process.poll() is None
        env = {**os.environ, "SSH_AUTH_SOCK": str(socket)}
        subprocess.run(["ssh-add", "-q", *keys], env=env, check=True)
        yield str(socket)
    finally:
        process.terminate()
        process.wait()


@dataclass
class Setup:
    """One folder with a user's ssh setup; where it leads to; a user with a password and a key of his own."""

    lab: Lab
    folder: Path
    typist: Typist
    agent: str

    @property
    def address(self) -> str:
        return str(self.lab.hosts[HOST]["hostname"])

    @property
    def link_local(self) -> str:
        """The host's address of IPv6 on the lab's own bridge."""
        shown = self.lab.ssh(HOST, "ip", "-6", "-o", "addr", "show", "scope", "link", "dev", "eth0")
        route = subprocess.run(["ip", "-o", "route", "get", self.address], capture_output=True, text=True, check=True)
        found, device = re.search(r"inet6 (fe80\S+)/", shown), re.search(r" dev (\S+)", route.stdout)
        assert found
        assert device
        return f"{found[1]}%{device[1]}"

    def key(self, name: str) -> str:
        return str(self.folder / name)

    def configuration(self) -> str:
        """An ssh configuration of many parts; everything that leads to the host stands in it and nowhere else."""
        (self.folder / "included").write_text(
            f"Host included\n  HostName {self.address}\n  User root\n  IdentityFile {self.lab.key}\n"
            "  HostKeyAlias the-lab-host\n"
            f'Match host certified exec "test -f {self.lab.key}"\n'
            f"  HostName {self.address}\n  Port {PORT}\n  User root\n  IdentityFile {self.key('certified')}\n"
            f"  CertificateFile {self.key('certified-cert.pub')}\n  IdentityAgent none\n"
        )
        proxy = (
            f"ssh -F none -i {self.lab.key} -o UserKnownHostsFile={self.lab.known_hosts} -o BatchMode=yes "
            f"-W {self.address}:22 root@{self.lab.hosts[OTHER]['hostname']}"
        )
        path = self.folder / "config"
        path.write_text(
            f"Include {self.folder / 'included'}\n"
            f"Host proxied\n  User root\n  IdentityFile {self.lab.key}\n  ProxyCommand {proxy}\n"
            f"Host other-agent\n  HostName {self.address}\n  User root\n  IdentityAgent {self.folder / 'other'}\n"
            f"Host *\n  UserKnownHostsFile {self.folder / 'known_hosts'}\n"
        )
        return str(path)

    def hosts(self) -> dict[str, dict[str, Any]]:
        """One inventory host per way to log in, with its variables."""
        here = {"ansible_host": self.address, "ansible_ssh_common_args": f"-F {self.folder / 'config'}"}
        root = {**here, "ansible_user": "root"}
        with_key = {**root, "ansible_ssh_private_key_file": self.lab.key}
        docker = {"sshfleet_engine": "docker"}
        configured = {"ansible_ssh_args": f"-C -F {self.folder / 'config'}"}
        return {
            "included": configured,
            "certified": configured,
            "proxied": configured,
            "other-agent": configured,
            "agent": {**here, "ansible_user": self.typist.name, **docker},
            "ipv6": {**with_key, "ansible_host": self.link_local},
            "aliases": {
                "ansible_ssh_host": self.address,
                "ansible_ssh_port": 22,
                "ansible_ssh_user": "root",
                "ansible_private_key_file": self.lab.key,
                "ansible_ssh_common_args": here["ansible_ssh_common_args"],
            },
            "executable": {**with_key, "ansible_ssh_executable": self.key("wrapper")},
            "extra-args": {
                **with_key, "ansible_host": "no.name.invalid", "ansible_ssh_extra_args": f"-o HostName={self.address}",
            },
            "ssh-args-first": {**with_key, "ansible_user": "nobody", "ansible_ssh_args": "-o User=root"},
            "password": {
                **here, **docker, **NOBODY, "ansible_user": self.typist.name, "ansible_password": self.typist.password,
            },
        }  # fmt: skip

    def with_key_text(self) -> dict[str, dict[str, Any]]:
        """What ansible.builtin.ssh does with an agent of its own only; vaulted."""
        root = {"ansible_host": self.address, "ansible_ssh_common_args": f"-F {self.folder / 'config'}"}
        typist = {**root, "ansible_user": self.typist.name, "sshfleet_engine": "docker"}
        encrypted = Path(self.key("encrypted")).read_text()
        return {
            "key-text": {**root, "ansible_user": "root", "ansible_private_key": self.vaulted(Path(self.lab.key))},
            "encrypted-text": {
                **typist, "ansible_private_key": encrypted, "ansible_private_key_passphrase": PASSPHRASE,
            },
        }  # fmt: skip

    def vaulted(self, file: Path) -> dict[str, str]:
        secret = VaultSecret(VAULT_PASSWORD.encode())
        (self.folder / "vault").write_text(VAULT_PASSWORD)
        return {"__ansible_vault": VaultLib([("default", secret)]).encrypt(file.read_text()).decode()}

    def inventory(self, hosts: dict[str, dict[str, Any]], name: str = "hosts") -> str:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"all": {"hosts": hosts}}))
        return str(path)

    def run(self, *words: str, hosts: dict[str, dict[str, Any]]) -> subprocess.CompletedProcess[str]:
        vault = self.folder / "vault"
        options = ("--forks", "15", *(("--vault-password-file", str(vault)) if vault.exists() else ()))
        env = {"SSH_AUTH_SOCK": self.agent, "ANSIBLE_INVENTORY_ENABLED": "yaml"}
        return self.lab.run("ansible", *words, *options, env=env, inventory=self.inventory(hosts))


@pytest.fixture
def setup(cold_lab: Lab, typist: Typist, tmp_path: Path) -> Iterator[Setup]:
    lab = cold_lab
    for name, passphrase in {"typist": "", "certified": "", "ca": "", "encrypted": PASSPHRASE}.items():
        keygen("-t", "ed25519", "-N", passphrase, "-f", tmp_path / name)
    keygen("-s", tmp_path / "ca", "-I", "lab", "-n", "root", tmp_path / "certified.pub")
    (tmp_path / "wrapper").write_text(f'#!/bin/sh\ntouch {tmp_path}/used\nexec ssh "$@"\n')
    (tmp_path / "wrapper").chmod(0o755)
    keys = "".join((tmp_path / f"{name}.pub").read_text() for name in ("typist", "encrypted"))
    lab.ssh(HOST, "sh", "-s", input=_start_sshd(typist, keys, (tmp_path / "ca.pub").read_text()))
    try:
        with agent(tmp_path / "agent", tmp_path / "typist") as one, agent(tmp_path / "other", lab.key):
            setup = Setup(lab, tmp_path, typist, one)
            setup.configuration()
            yield setup
    finally:
        lab.ssh(HOST, "sh", "-c", "'kill $(cat /tmp/sf-ca/pid); rm -rf /tmp/sf-ca'")


def _start_sshd(typist: Typist, keys: str, authority: str) -> str:
    home = f"/home/{typist.name}/.ssh"
    return (
        f"install -d -m 700 -o {typist.name} {home}; cat > {home}/authorized_keys <<'E'\n{keys}E\n"
        f"mkdir -p /tmp/sf-ca; cat > /tmp/sf-ca/ca.pub <<'E'\n{authority}E\n"
        f"printf '%s\\n' 'Port {PORT}' 'PidFile /tmp/sf-ca/pid' 'TrustedUserCAKeys /tmp/sf-ca/ca.pub' "
        "'AuthorizedKeysFile none' 'PasswordAuthentication no' 'UsePAM yes' > /tmp/sf-ca/config\n"
        "/usr/sbin/sshd -f /tmp/sf-ca/config\n"
    )


def statuses(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return dict(re.findall(r"^(\S+) \| (\w+)!? ", done.stdout, re.MULTILINE))


def test_every_way_that_ansible_can_go(setup: Setup) -> None:
    ways = setup.hosts()
    ours = setup.run("all", "-m", "remote_engine_info", hosts={**ways, **setup.with_key_text()})
    assert statuses(ours) == dict.fromkeys([*ways, "key-text", "encrypted-text"], "SUCCESS"), ours.stdout + ours.stderr
    assert (setup.folder / "used").exists(), "the wrapper"
    assert "the-lab-host " in (setup.folder / "known_hosts").read_text()
    assert not list(setup.lab.runtime.rglob("keys/*"))
    ansibles = setup.run("all", "-m", "raw", "-a", "true", hosts=ways)
    assert statuses(ansibles) == dict.fromkeys(ways, "CHANGED"), ansibles.stdout + ansibles.stderr


def test_a_password_of_the_command_line_is_shown_nowhere(setup: Setup) -> None:
    hosts = setup.hosts()
    del hosts["password"]["ansible_password"]
    secret = setup.folder / "secret"
    secret.write_text(f"{setup.typist.password}\n")
    done = setup.run(
        "password", "-m", "remote_engine_info", "-vvvv", "--connection-password-file", str(secret), hosts=hosts
    )
    assert statuses(done) == {"password": "SUCCESS"}, done.stdout + done.stderr
    assert setup.typist.password not in done.stdout + done.stderr
    files = [path for path in setup.lab.runtime.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if setup.typist.password in path.read_text()]


def test_what_does_not_work_is_refused_by_name(setup: Setup) -> None:
    hosts = setup.hosts()
    bad = {
        "no-sshpass": {**hosts["password"]},
        "no-key-in-agent": {**hosts["agent"], "ansible_user": "root"},
        "bad-text": {**hosts["ipv6"], "ansible_private_key": "ssh-ed25519 AAAA-SECRET"},
    }
    links = setup.folder / "bin"  # all that a run needs, but no sshpass
    links.mkdir()
    for name in ("ssh", "sh", "env", "python3", "ssh-agent"):
        found = subprocess.run(["sh", "-c", f"command -v {name}"], capture_output=True, text=True, check=True)
        (links / name).symlink_to(found.stdout.strip())
    setup.lab.env["PATH"] = str(links)
    try:
        done = setup.run("all", "-m", "remote_engine_info", hosts=bad)
    finally:
        del setup.lab.env["PATH"]
    assert statuses(done) == {"no-sshpass": "FAILED", "no-key-in-agent": "UNREACHABLE", "bad-text": "FAILED"}, done
    for said in ("Install sshpass", "Option 'ansible_private_key'", "BEGIN", "authorized_keys"):
        assert said in done.stdout, done.stdout
    assert "SECRET" not in done.stdout + done.stderr
    assert setup.typist.password not in done.stdout + done.stderr


def test_a_delegates_own_settings_are_used(setup: Setup, tmp_path: Path) -> None:
    """Delegated from a host that nobody reaches, with another engine, to hosts with settings of their own."""
    hosts = setup.hosts()
    nowhere = {"ansible_host": "127.0.0.1", "ansible_port": 2, "ansible_user": "nobody", "sshfleet_engine": "podman"}
    delegates = ["password", "included", "certified"]
    task = {"remote_engine_info": {}, "delegate_to": "{{ item }}", "loop": delegates, "register": "seen"}
    shown = {"debug": {"msg": "seen={{ seen.results | map(attribute='engine.name') | join(',') }}."}}
    play = {"hosts": "nowhere", "gather_facts": False, "tasks": [task, shown]}
    env = {"SSH_AUTH_SOCK": setup.agent, "ANSIBLE_INVENTORY_ENABLED": "yaml"}
    inventory = setup.inventory({**hosts, "nowhere": nowhere})
    done = setup.lab.playbook([play], tmp_path, env=env, inventory=inventory)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seen=docker,podman,podman." in done.stdout
