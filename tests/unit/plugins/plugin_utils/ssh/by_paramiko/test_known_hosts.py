# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which known_hosts lines are a host's, and what they say of a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.by_paramiko import (
    honoured,
    host_keys,
    known_hosts,
)
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.by_paramiko.honoured import Here

KEY, OTHER = "AAAA", "BBBB"


@pytest.mark.parametrize(
    ("names", "host", "fits"),
    [
        ("web1", "web1", True),
        ("WEB1,192.0.2.1", "web1", True),
        ("web1", "web10", False),
        ("web?", "web1", True),
        ("*.example.org,!db.example.org", "web.example.org", True),
        ("*.example.org,!db.example.org", "db.example.org", False),
        ("!db", "web", False),
        ("[web1]:2222", "[web1]:2222", True),
        ("[web1]:*", "[web1]:2222", True),
        ("web1", "[web1]:2222", False),
        ("w[ea]b", "web", False),
        ("|1|AAAA", "web1", False),
        ("|1|%|AAAA", "web1", False),
    ],
)
def test_names(names: str, host: str, fits: bool) -> None:
    assert known_hosts.matches(names, host) is fits


def test_hashed_names() -> None:
    assert known_hosts.matches(known_hosts.hashed("web1"), "web1")
    assert not known_hosts.matches(known_hosts.hashed("web1"), "web2")


def test_what_is_no_key_is_left_out() -> None:
    text = "# web1 ssh-rsa AAAA\n\nweb1 ssh-rsa\nweb1 ssh-rsa not-base64\n"
    text += "@cert-authority * ssh-rsa AAAA\nweb1 ssh-rsa AAAA me\n"
    assert [(entry.names, entry.line) for entry in known_hosts.entries(text, "/f")] == [("web1", 6)]


JUDGED = {
    "nothing": ("", known_hosts.UNKNOWN),
    "the key": (f"web1 ssh-ed25519 {KEY}", known_hosts.KNOWN),
    "another": (f"web1 ssh-ed25519 {OTHER}", known_hosts.CHANGED),
    "both": (f"web1 ssh-ed25519 {OTHER}\nweb1 ssh-ed25519 {KEY}", known_hosts.KNOWN),
    "another of another type": (f"web1 ssh-rsa {OTHER}", known_hosts.UNKNOWN),
    "another host's": (f"web2 ssh-ed25519 {KEY}", known_hosts.UNKNOWN),
    "revoked": (f"web1 ssh-ed25519 {KEY}\n@revoked * ssh-ed25519 {KEY}", known_hosts.REVOKED),
    "another one revoked": (f"@revoked * ssh-ed25519 {OTHER}", known_hosts.UNKNOWN),
}


@pytest.mark.parametrize(("text", "verdict"), JUDGED.values(), ids=JUDGED)
def test_a_key(text: str, verdict: str) -> None:
    known = known_hosts.of_host(known_hosts.entries(text, "/f"), "web1")
    assert known_hosts.judged(known, "ssh-ed25519", KEY).verdict == verdict


def keys(file: Path, *words: str, **fields: Any) -> host_keys.HostKeys:
    args = ("-o", f"UserKnownHostsFile={file}", "-o", "GlobalKnownHostsFile=none", *words)
    return host_keys.HostKeys(honoured.login(SshTarget("web1", ssh_args=args, **fields), Here("/home/me", "me")))


ACCEPT = ("-o", "StrictHostKeyChecking=accept-new")


def test_an_unknown_key_is_written_down_only_where_somebody_says_so(tmp_path: Path) -> None:
    file = tmp_path / "ssh" / "known_hosts"
    trusted, problem = keys(file).judged("ssh-ed25519", KEY)
    assert not trusted and "Host key verification failed" in problem and not file.exists()
    assert keys(file, *ACCEPT).judged("ssh-ed25519", KEY) == (True, "")
    assert file.read_text() == f"web1 ssh-ed25519 {KEY}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys(file).judged("ssh-ed25519", KEY) == (True, "")


def test_a_key_of_another_type_than_the_known_one_is_not_written_down(tmp_path: Path) -> None:
    """Whoever sits between would only have to show another type."""
    file = tmp_path / "known_hosts"
    file.write_text(f"web1 ssh-ed25519 {KEY}\n")
    trusted, problem = keys(file, *ACCEPT).judged("ssh-rsa", OTHER)
    assert not trusted and problem
    assert keys(file, *ACCEPT).preferred(("ssh-rsa", "ssh-ed25519")) == ("ssh-ed25519", "ssh-rsa")


def test_a_changed_key_is_taken_only_without_checking_and_is_not_trusted(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(f"web1 ssh-ed25519 {OTHER}")
    trusted, problem = keys(file, *ACCEPT).judged("ssh-ed25519", KEY)
    assert not trusted and f"Offending ED25519 key in {file}:1" in problem
    assert keys(file, host_key_checking=False).judged("ssh-ed25519", KEY) == (False, "")
    assert keys(file, host_key_checking=False).judged("ssh-rsa", KEY) == (True, "")
    assert file.read_text() == f"web1 ssh-ed25519 {OTHER}\nweb1 ssh-rsa {KEY}\n", "the last line had no end"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Root reads everything, so a directory stands for it."""
    _trusted, problem = keys(tmp_path).judged("ssh-ed25519", KEY)
    assert f"{tmp_path} can't be read: Is a directory." in problem
