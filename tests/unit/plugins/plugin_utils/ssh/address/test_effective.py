# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Outputs of ssh -G as data: what is read from them, and when two of them mean the same connection."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.effective import (
    Effective,
    Local,
    same_way,
)

LOCAL = Local("/home/me", "me", 1000, "desk.example.com", {"KEYS": "/media/keys"})
ANSWER = """\
host web
user ops
hostname web1.example.com
port 2222
"""

PATHS: dict[str, tuple[str, str | None]] = {
    "absolute": ("/keys/web", "/keys/web"),
    "with a space": ("/my keys/web", "/my keys/web"),
    "home": ("~/.ssh/web", "/home/me/.ssh/web"),
    "home as a token": ("%d/.ssh/web", "/home/me/.ssh/web"),
    "host, login, port": ("~/%h-%r-%p", "/home/me/web1.example.com-ops-2222"),
    "name, user, uid": ("/%n-%u-%i", "/web-me-1000"),
    "controller": ("/%l-%L", "/desk.example.com-desk"),
    "environment": ("${KEYS}/web", "/media/keys/web"),
    "none": ("none", None),
    "relative": ("keys/web", None),
    "a percent sign in the name": ("/keys/100%%", None),
    "a token of newer clients": ("/keys/%C", None),
    "an unknown variable": ("${NOT_SET}/web", None),
    "an unknown user": ("~no-such-user/web", None),
    "a token at the end": ("/keys/%", None),
}

JUMPS: dict[str, tuple[str, str]] = {
    "one": ("gate", "gate"),
    "chain": ("me@gate:22,other", "me@gate:22,other"),
    "as URIs": ("ssh://me@gate:2222,ssh://other/", "me@gate:2222,other"),
    "a token": ("%h-gate", ""),
}

# What ssh says for the alias, what for the address, and whether an address does instead of the alias.
PAIRS: dict[str, tuple[str, str, bool]] = {
    "nothing else": ("", "", True),
    "the control socket is not ours": ("controlpath /a/web-22", "controlpath /a/web1-22", True),
    "in another order": ("compression no\nhashknownhosts no", "hashknownhosts no\ncompression no", True),
    "a setting of the alias": ("identitiesonly yes", "identitiesonly no", False),
    "a setting less": ("hostkeyalias web", "", False),
    "a setting more": ("", "proxycommand nc %h %p", False),
    "the name as a token": ("proxycommand nc %n 22", "proxycommand nc %n 22", False),
    "the host key's name as a token": ("knownhostscommand /kh %k", "knownhostscommand /kh %k", False),
    "the same key": ("identityfile ~/web", "identityfile /home/me/web", True),
    "one key twice": ("identityfile ~/web\nidentityfile ~/all", "identityfile /home/me/web\nidentityfile ~/all", True),
    "a key less": ("identityfile ~/a\nidentityfile ~/b", "identityfile /home/me/a", False),
    "the other key first": ("identityfile ~/a\nidentityfile /b", "identityfile /b\nidentityfile ~/a", False),
    "a key that only ssh can name": ("identityfile /%C", "identityfile /%C", True),
    "the same jump host": ("proxyjump ssh://me@gate:22", "proxyjump me@gate:22", True),
    "no jump host": ("", "proxyjump gate", False),
    "another user": ("user a", "user b", False),
}


def answer(lines: str) -> Effective:
    return Effective.parse(ANSWER + lines)


def test_what_is_read() -> None:
    found = answer("IdentityFile ~/.ssh/a b\nidentityfile /c\n\n")
    assert (found.hostname, found.user, found.port) == ("web1.example.com", "ops", 2222)
    assert found.identity_files == ("~/.ssh/a b", "/c")
    assert found.jump_host == ""


@pytest.mark.parametrize(("written", "expected"), PATHS.values(), ids=PATHS)
def test_keys(written: str, expected: str | None) -> None:
    assert answer(f"identityfile {written}").identity_paths(LOCAL) == (expected,)


@pytest.mark.parametrize(("written", "expected"), JUMPS.values(), ids=JUMPS)
def test_jump_hosts(written: str, expected: str) -> None:
    assert answer(f"proxyjump {written}").jump_host == expected


@pytest.mark.parametrize(("alias", "address", "expected"), PAIRS.values(), ids=PAIRS)
def test_the_same_way(alias: str, address: str, expected: bool) -> None:
    assert same_way(answer(alias), answer(address), LOCAL) is expected


def test_the_controller() -> None:
    local = Local.here()
    assert local.home.startswith("/")
    assert local.user
