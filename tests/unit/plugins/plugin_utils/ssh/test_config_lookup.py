# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which questions ssh is asked, and what its answers add: real ``ssh -G`` with a configuration file of the test's."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh import config_lookup
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.effective import Local
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.config_lookup import Client, Found, look_up
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.process import Finished

ME = Local.here().user

# Keys: those in the folder KEYS exist, but for one named "gone".
CONFIG = """\
Include INCLUDED
Host web
  HostName 192.0.2.1
  User ops
  Port 2222
  IdentityFile KEYS/web
  ProxyJump me@gate:2022,other
Host plain
  HostName 192.0.2.10
  User ops
  Port 2222
  ProxyJump other
Host suffix
  HostName %h.example.com
Host default-port
  Port 22
Host several
  IdentityFile KEYS/gone
  IdentityFile KEYS/%r
  IdentityFile KEYS/web
Host gone
  IdentityFile KEYS/gone
Host nokey
  IdentityFile none
Host pinned
  HostName 192.0.2.2
  IdentityFile KEYS/web
  IdentitiesOnly yes
Host two-keys
  HostName 192.0.2.3
  IdentityFile KEYS/web
  IdentityFile KEYS/all
Host nojump
  HostName 192.0.2.4
  ProxyJump none
Host uri
  ProxyJump ssh://me@gate:2022
Host tokens
  HostName 192.0.2.5
  ProxyJump gate-%h
Host command
  HostName 192.0.2.6
  ProxyCommand nc %h %p
Host 192.0.2.7
  User by-address
Match user deploy
  IdentityFile KEYS/all
Match host 192.0.2.8
  Port 8022
Match exec "test %n = by-command"
  User found-by-command
"""
INCLUDED = "Host included\n  HostName 192.0.2.9\n  User inc\n"


@dataclass(frozen=True)
class Host:
    """An entry of a hosts.json."""

    hostname: str
    user: str | None = None
    port: int | None = None
    identity_file: str | None = None
    jump_host: str | None = None
    name: str = "host"


FOUND: dict[str, tuple[Host, Found]] = {
    "everything": (
        Host("web"),
        {
            "hostname": "192.0.2.1",
            "user": "ops",
            "port": 2222,
            "identity_file": "KEYS/web",
            "jump_host": "me@gate:2022,other",
        },
    ),
    "explicit wins": (Host("plain", "root", 22, "/my/key", "gate"), {"hostname": "192.0.2.10"}),
    "explicit wins, and the alias has one key more": (Host("web", "root", 22, "/my/key", "gate"), {}),
    "one is explicit": (
        Host("web", port=23, jump_host=""),
        {"hostname": "192.0.2.1", "user": "ops", "identity_file": "KEYS/web"},
    ),
    "an unknown name": (Host("elsewhere"), {"user": ME}),
    "an address": (Host("192.0.2.200"), {"user": ME}),
    "an address with settings": (Host("192.0.2.7"), {"user": "by-address"}),
    "capitals are no alias": (Host("ELSEWHERE"), {"user": ME}),
    "a token in the name": (Host("suffix"), {"hostname": "suffix.example.com", "user": ME}),
    "ssh's own port": (Host("default-port"), {"user": ME}),
    "the first key there is": (Host("several"), {"user": ME, "identity_file": "KEYS/web"}),
    "a key by its login": (Host("several", user="all"), {"identity_file": "KEYS/all"}),
    "no key that isn't there": (Host("gone"), {"user": ME}),
    "no key": (Host("nokey"), {"user": ME}),
    "a setting that the address would not get": (Host("pinned"), {"user": ME, "identity_file": "KEYS/web"}),
    "keys that the address would not get": (Host("two-keys"), {"user": ME, "identity_file": "KEYS/web"}),
    "no jump host": (Host("nojump"), {"hostname": "192.0.2.4", "user": ME}),
    "a jump host as a URI": (Host("uri"), {"user": ME, "jump_host": "me@gate:2022"}),
    "a jump host that only ssh knows": (Host("tokens"), {"user": ME}),
    "a proxy command": (Host("command"), {"user": ME}),
    "include": (Host("included"), {"hostname": "192.0.2.9", "user": "inc"}),
    "match user": (Host("elsewhere", user="deploy"), {"identity_file": "KEYS/all"}),
    "match host": (Host("192.0.2.8"), {"user": ME, "port": 8022}),
    "match exec": (Host("by-command"), {"user": "found-by-command"}),
}


@pytest.fixture
def config(tmp_path: Path) -> str:
    (tmp_path / "keys").mkdir()
    for name in ("web", "all"):
        (tmp_path / "keys" / name).touch()
    (tmp_path / "included").write_text(INCLUDED)
    text = CONFIG.replace("KEYS", str(tmp_path / "keys")).replace("INCLUDED", str(tmp_path / "included"))
    (tmp_path / "config").write_text(text)
    return str(tmp_path / "config")


class Counted:
    """Asks the real ssh; counts the questions, and the most at any one time."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.argvs: list[tuple[str, ...]] = []
        self.running = self.peak = 0
        self.lock = threading.Lock()

    def __call__(self, argv: Sequence[str]) -> Finished:
        with self.lock:
            self.argvs.append(tuple(argv))
            self.running += 1
            self.peak = max(self.peak, self.running)
        try:
            return self.client.ask(argv)
        finally:
            with self.lock:
                self.running -= 1


@pytest.mark.parametrize(("host", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_added(config: str, host: Host, expected: Found) -> None:
    keys = str(Path(config).parent / "keys")
    added = {key: value.replace("KEYS", keys) if isinstance(value, str) else value for key, value in expected.items()}
    assert look_up([host], Client(config_file=config)) == {"host": added}


def test_ssh_s_default_keys_are_not_taken_for_configured_ones(config: str) -> None:
    found = look_up([Host("elsewhere")], Client(config_file=config), is_file=lambda path: True)
    assert found == {"host": {"user": ME}}


def test_a_complete_entry_with_an_address_is_not_asked_about() -> None:
    complete = [
        Host(address, "root", 22, "/key", jump) for address in ("192.0.2.1", "fe80::1%eth0") for jump in ("", "g")
    ]
    assert look_up(complete, Client("/no/such/ssh")) == {}


def test_the_same_question_is_asked_once(config: str) -> None:
    hosts = [Host("web", name=f"host{number}") for number in range(20)]
    ask = Counted(Client(config_file=config))
    found = look_up(hosts, ask.client, ask)
    assert list(found) == [host.name for host in hosts]
    assert {values["hostname"] for values in found.values()} == {"192.0.2.1"}
    assert len(ask.argvs) == 3  # ssh's defaults, the alias, its address


def test_many_hosts(config: str) -> None:
    hosts = [Host(f"n{number}.example.com", name=f"host{number}") for number in range(200)]
    ask = Counted(Client(config_file=config))
    assert len(look_up(hosts, ask.client, ask)) == 200
    assert len(ask.argvs) == len(set(ask.argvs)) == 201
    assert 1 < ask.peak <= config_lookup.AT_ONCE


def test_what_ssh_is_asked() -> None:
    asked: list[tuple[str, ...]] = []

    def ask(argv: Sequence[str]) -> Finished:
        asked.append(tuple(argv))
        return Finished(0, "host a\nuser u\nhostname a\nport 22\n", "")

    look_up([Host("a", 'b"c', 7, "/k 1%", "")], Client("/usr/bin/ssh", "/etc/fleet"), ask)
    assert sorted(asked) == [
        ("/usr/bin/ssh", "-G", "-T", "-F", "/etc/fleet", "-o", 'User="b\\"c"', "-o", "Port=7",
         "-o", 'IdentityFile="/k 1%%"', "-o", "ProxyJump=none", "--", "a"),
        ("/usr/bin/ssh", "-G", "-T", "-F", "none", "--", "localhost"),
    ]  # fmt: skip


class TestFailures:
    def refused(self, hosts: Sequence[Host], client: Client) -> str:
        with pytest.raises(SshError) as refused:
            look_up(hosts, client)
        assert refused.value.kind == "ssh_client"
        return str(refused.value)

    def test_a_bad_configuration_names_host_and_reason(self, config: str) -> None:
        Path(config).write_text("Host web\n  NoSuchKeyword yes\n")
        message = self.refused([Host("web", name="web1")], Client(config_file=config))
        assert 'host "web1" (web): ' in message
        assert f"{config}: line 2: Bad configuration option: nosuchkeyword / {config}: terminating, 1 bad" in message
        assert f"Correct the ssh configuration ({config})" in message

    def test_a_configuration_that_is_missing(self, tmp_path: Path) -> None:
        missing = str(tmp_path / "none")
        message = self.refused([Host("web")], Client(config_file=missing))
        assert f"Can't open user config file {missing}: No such file" in message

    def test_no_ssh(self) -> None:
        assert "'/no/such/ssh' can't be started: No such file" in self.refused([Host("web")], Client("/no/such/ssh"))

    def test_nothing_more_is_asked_after_a_failure(self, config: str) -> None:
        Path(config).write_text("NoSuchKeyword yes\n")
        ask = Counted(Client(config_file=config))
        with pytest.raises(SshError):
            look_up([Host(f"n{number}", name=f"n{number}") for number in range(500)], ask.client, ask)
        assert len(ask.argvs) < 100

    def test_a_command_that_takes_too_long_is_ended(
        self, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(config_lookup, "TIMEOUT", 0.5)
        command = tmp_path / "command"
        command.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 30\n")
        command.chmod(0o700)
        Path(config).write_text(f'Match exec "{command}"\n  User slow\n')
        message = self.refused([Host("web", name="web1")], Client(config_file=config))
        assert 'host "web1" (web): it took more than 0.5 seconds' in message
        assert "'Match exec'" in message
        assert _ends(int((tmp_path / "pid").read_text()))


def _ends(pid: int) -> bool:
    """Whether a killed process is gone soon; who reaps it may take a moment."""
    for _attempt in range(100):
        try:
            os.kill(pid, 0)
            if "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]:
                return True
        except (OSError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False
