# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a target's settings mean for paramiko, and which it refuses; and which paramiko is taken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.by_paramiko import honoured, library
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.by_paramiko.honoured import Here, Login

HERE = Here("/home/me", "me")


def login(*words: str, **fields: Any) -> Login:
    return honoured.login(SshTarget("web1", ssh_args=words, **fields), HERE)


def test_what_nobody_names_is_as_with_ssh_but_for_unknown_keys() -> None:
    found = login()
    assert (found.host, found.port, found.user, found.checking) == ("web1", 22, "me", honoured.REFUSE)
    assert found.keys[0] == "/home/me/.ssh/id_ed25519" and not found.only_these
    assert found.user_files[0] == "/home/me/.ssh/known_hosts"
    assert found.publickey and found.password and found.interactive


def test_the_first_value_counts_in_ansibles_order() -> None:
    found = login("-p", "2200", "-oUser=you", port=2222, user="me", extra_args=("-o", "StrictHostKeyChecking=no"))
    assert (found.port, found.user, found.checking) == (2200, "you", honoured.NO_CHECK)
    off = login("-o", "StrictHostKeyChecking=yes", host_key_checking=False)
    assert off.checking == honoured.REFUSE
    assert login(host_key_checking=False).checking == honoured.NO_CHECK
    assert login(host_key_checking=True).checking == honoured.REFUSE


def test_keys_of_all_places_are_offered() -> None:
    found = login("-i", "~/one", "-o", "IdentitiesOnly=yes", private_key_file="/two%", extra_args=("-i", "%d/three"))
    assert found.keys == ("/home/me/one", "/two%", "/home/me/three") and found.only_these
    assert login("-o", "IdentityFile=none").keys == ()
    assert login(private_key="text").keys == () and login(private_key="text").only_these


def test_ways_to_log_in() -> None:
    found = login("-o", "PreferredAuthentications=password,publickey", "-o", "PubkeyAuthentication=no")
    assert (found.publickey, found.password, found.interactive) == (False, True, False)


def test_agents() -> None:
    assert login(agent_socket="/a").agent == "/a"
    assert login("-o", "IdentityAgent=none", agent_socket="/a").agent is None
    assert login("-o", "IdentityAgent=~/b", agent_socket="/a").agent == "/home/me/b"


def test_ansibles_own_arguments_and_what_changes_nothing_are_taken() -> None:
    words = "-C -o ControlMaster=auto -o ControlPersist=60s -F none -A -o GSSAPIAuthentication=no -o LogLevel=ERROR"
    assert login(*words.split()) == login()


@pytest.mark.parametrize(
    "words",
    [
        "-F /etc/ssh/other",
        "-o ProxyCommand=nc",
        "-o Ciphers=aes256-ctr",
        "-o GSSAPIAuthentication=yes",
        "-o KnownHostsCommand=/bin/x",
        "-o PKCS11Provider=/lib/x.so",
        "-b 192.0.2.1",
        "-o UserKnownHostsFile=${HOME}/x",
        "-o IdentityFile=%C",
        "-o Port=0",
        "-o StrictHostKeyChecking=maybe",
    ],
)
def test_what_paramiko_cannot_do_is_refused_by_name(words: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        login(*words.split(" ", 1))
    assert words.split("=")[-1].split(" ")[-1] in caught.value.message and caught.value.hint


def test_a_smart_card_is_refused() -> None:
    with pytest.raises(InvalidOption, match=r"ansible_ssh_pkcs11_provider.*smart card"):
        login(pkcs11_provider="/lib/card.so")


def test_a_user_without_an_account_must_be_named() -> None:
    nobody = Here("/", None)
    with pytest.raises(InvalidOption, match="ansible_user"):
        honoured.login(SshTarget("web1"), nobody)
    assert honoured.login(SshTarget("web1", user="root"), nobody).user == "root"


@pytest.fixture
def another(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts another paramiko in the place of the installed one."""
    library.library.cache_clear()
    yield lambda found: monkeypatch.setitem(sys.modules, "paramiko", found)
    library.library.cache_clear()


class Whole:
    _next_channel = _send_user_message = _set_transport = _set_window = None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "can't be imported"),
        (SimpleNamespace(__version__="3.3.9", Transport=Whole, Channel=Whole), "of version 3.3.9"),
        (SimpleNamespace(__version__="6.0.0", Transport=Whole, Channel=Whole), "of version 6.0.0"),
        (SimpleNamespace(__version__="5.9.0", Transport=Whole, Channel=object), "5.9.0"),
    ],
)
def test_a_paramiko_that_was_not_tried_is_refused(another: Any, found: Any, words: str) -> None:
    another(found)
    with pytest.raises(SshError) as caught:
        library.library()
    assert caught.value.kind == "ssh_client" and words in caught.value.message
    assert "pip install 'paramiko>=3.4,<6'" in caught.value.hint and "transport=openssh" in caught.value.hint


def test_the_installed_one_is_taken(another: Any) -> None:
    assert library.library().__name__ == "paramiko"
