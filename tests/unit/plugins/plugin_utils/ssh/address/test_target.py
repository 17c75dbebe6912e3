# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The identity: another connection, another hash; the same connection, the same hash."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

TARGET = SshTarget("h", 22, "u", "/k", "ssh", ("-o", "X=1"), None, 10, "/agent", "web1")

OTHER_CONNECTION: dict[str, dict[str, Any]] = {
    "host": {"host": "h2"},
    "port": {"port": 23},
    "no port": {"port": None},
    "user": {"user": "v"},
    "key": {"private_key_file": "/k2"},
    "executable": {"ssh_executable": "/opt/ssh"},
    "arguments": {"ssh_args": ("-o", "X=2")},
    "jump chain": {"ssh_args": ("-o", "X=1", "-J", "hop")},
    "order of arguments": {"ssh_args": ("-4", "-6")},
    "host keys unchecked": {"host_key_checking": False},
    "host keys checked": {"host_key_checking": True},
    "agent": {"agent_socket": "/agent2"},
    "no agent": {"agent_socket": None},
    "arguments after port and user": {"ssh_args": (), "extra_args": ("-o", "X=1")},
    "password": {"password": "secret"},
    "key content": {"private_key": "KEY"},
    "jump keys": {"jump_keys": (("hop", "/k3"),)},
    "another way": {"via": SshTarget("hop")},
}
SAME_CONNECTION: dict[str, dict[str, Any]] = {
    "inventory name": {"name": "web2"},
    "connect timeout": {"connect_timeout": 60},
    "what is taken out": {"ssh_args": ("-C", "-o", "X=1", "-o", "ControlPersist=60s")},
    "another spelling": {"ssh_args": ("-oX=1",)},
}


@pytest.mark.parametrize("change", OTHER_CONNECTION.values(), ids=OTHER_CONNECTION)
def test_another_connection(change: dict[str, Any]) -> None:
    assert dataclasses.replace(TARGET, **change).identity() != TARGET.identity()


def test_all_differ_from_each_other() -> None:
    hashes = [dataclasses.replace(TARGET, **change).identity() for change in OTHER_CONNECTION.values()]
    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize("change", SAME_CONNECTION.values(), ids=SAME_CONNECTION)
def test_the_same_connection(change: dict[str, Any]) -> None:
    assert dataclasses.replace(TARGET, **change).identity() == TARGET.identity()


def test_identity_is_short_hex() -> None:
    assert len(TARGET.identity()) == 16
    int(TARGET.identity(), 16)


def test_another_controller(monkeypatch: pytest.MonkeyPatch) -> None:
    before = TARGET.identity()
    monkeypatch.setattr(socket, "gethostname", lambda: "elsewhere")
    assert TARGET.identity() != before


@pytest.mark.parametrize("relative", [{"ssh_args": ("-F", "ssh.cfg")}, {"private_key_file": "k"}])
def test_working_directory_counts_for_relative_paths(
    relative: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = dataclasses.replace(TARGET, **relative)
    before, absolute = target.identity(), TARGET.identity()
    monkeypatch.chdir(tmp_path)
    assert target.identity() != before
    assert TARGET.identity() == absolute


DISPLAYS = [
    (SshTarget("h"), "h"),
    (SshTarget("h", name="h"), "h"),
    (SshTarget("h", 23, "u", name="web1"), "web1 (u@h:23)"),
    (SshTarget("h", name="web1"), "web1 (h)"),
]


@pytest.mark.parametrize(("target", "display"), DISPLAYS)
def test_display(target: SshTarget, display: str) -> None:
    assert target.display == display


def test_login() -> None:
    assert SshTarget("h", 23, "u", "/k").login == "ssh -i /k -p 23 u@h"
    assert SshTarget("h").login == "ssh h"


def test_an_address_of_ipv6_can_be_told_from_its_port() -> None:
    assert SshTarget("fe80::1%br0", 22, "u").display == "u@[fe80::1%br0]:22"
    assert SshTarget("fe80::1%br0").display == "fe80::1%br0"


def test_a_secret_is_never_shown() -> None:
    shown = repr(
        SshTarget("h", password="hunter2", private_key="hunter3", private_key_passphrase="hunter4", salt="hunter5")
    )
    assert "hunter" not in shown
