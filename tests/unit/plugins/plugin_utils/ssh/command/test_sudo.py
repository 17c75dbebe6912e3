# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""sudo's command line and what is said while it starts, byte by byte where it may come so."""

from __future__ import annotations

import dataclasses
import shlex

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import sudo
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command.sudo import Become, Handshake, Tokens

TOKENS = Tokens("[who] password:", "it-runs")
TARGET = SshTarget(host="10.0.0.1", user="ann", name="web")
SECRET = "s3cret"
STARTED = "echo it-runs $$; exec docker -H 'unix:///a b' system dial-stdio"
WORDS = ["docker", "-H", "unix:///a b", "system", "dial-stdio"]

LINES = {
    "the login user": (None, []),
    "without a password": (Become(), ["env", "LC_ALL=C", "sudo", "-H", "-n", "-u", "root"]),
    "with one": (
        Become(password=SECRET),
        ["env", "LC_ALL=C", "sudo", "-H", "-S", "-p", "[who] password:", "-u", "root"],
    ),
    "as somebody else, with flags": (
        Become(user="app", exe="/opt/bin/sudo -E", flags="-HnS --non-interactive -C 5 -i", password=SECRET),
        ["env", "LC_ALL=C", "/opt/bin/sudo", "-E", "-H", "-C", "5", "-i", "-S", "-p", "[who] password:", "-u", "app"],
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_command_line(case: str) -> None:
    become, prefix = LINES[case]
    line = sudo.command_line(WORDS, become, TOKENS)
    assert shlex.split(line) == [*prefix, "sh", "-c", STARTED]
    assert SECRET not in line


def test_tokens_are_new_each_time() -> None:
    assert sudo.new_tokens() != sudo.new_tokens()


def test_the_password_is_not_shown() -> None:
    assert SECRET not in repr(Become(password=SECRET))


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_the_password_is_given_once_when_it_is_asked_for(size: int) -> None:
    handshake = Handshake(TOKENS, SECRET)
    lecture = b"We trust you have received the usual lecture.\n[who] password:"
    given = [handshake.errors(lecture[start : start + size]) for start in range(0, len(lecture), size)]
    assert [answer for answer in given if answer] == [b"s3cret\n"]
    assert given[-1], "not before the question was complete"
    assert handshake.errors(b"\n") == b""
    assert not handshake.failed


@pytest.mark.parametrize("noise", [b"", b"password: ", b"[sudo] password for ann: ", b"[who] password"])
def test_the_password_is_not_given_unasked(noise: bytes) -> None:
    handshake = Handshake(TOKENS, SECRET)
    assert handshake.errors(noise) == b""
    assert handshake.output(b"welcome\nit-runs 42\n") == b""
    assert handshake.opened
    assert handshake.errors(b"[who] password:") == b"", "what the command says is no question of sudo's"


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_the_stream_begins_after_the_marker(size: int) -> None:
    handshake = Handshake(TOKENS)
    came = b"motd it-runs\nit-runs 4711\nHTTP/1.1 it-runs 1\n"
    got = b"".join(handshake.output(came[start : start + size]) for start in range(0, len(came), size))
    assert (got, handshake.pid) == (b"HTTP/1.1 it-runs 1\n", 4711)


def test_asked_again_it_has_failed() -> None:
    handshake = Handshake(TOKENS, SECRET)
    handshake.errors(b"[who] password:")
    assert handshake.errors(b"\nSorry, try again.\n[who] password:") == b""
    assert handshake.failed
    error = sudo.sudo_error(TARGET, Become(password=SECRET), handshake)
    assert (error.kind, error.unreachable) == ("sudo", False)
    assert "does not accept the password (Sorry, try again.)" in error.message
    assert "ansible_become_password" in error.hint


def test_asked_in_vain_it_has_failed() -> None:
    handshake = Handshake(TOKENS)
    assert handshake.errors(b"[who] password:") == b""
    assert handshake.failed
    assert "--ask-become-pass" in sudo.sudo_error(TARGET, Become(), handshake).hint


SAID = {
    "sudo: a password is required": ("none was given", "NOPASSWD"),
    "sudo: sorry, you must have a tty to run sudo": ("wants a terminal", "Defaults:ann !requiretty"),
    "ann is not in the sudoers file.": ("does not allow it", "ann ALL=(root) ALL"),
    "Sorry, user ann is not allowed to execute '/bin/sh' as root on web.": ("does not allow it", "ann ALL=(root) ALL"),
    "Sorry, user ann may not run sudo on web.": ("does not allow it", "ann ALL=(root) ALL"),
    "sudo: unknown user root": ("no user root", "become_user"),
    "env: 'sudo': No such file or directory": ("there is no sudo", "Install sudo"),
    "env: sudo: not found": ("there is no sudo", "Install sudo"),
    "sudo: 1 incorrect password attempt": ("does not accept", "ansible_become_password"),
    "sudo: the moon is full": ("started no command (sudo: the moon is full)", "by hand"),
}


@pytest.mark.parametrize("said", SAID)
def test_what_sudo_says_is_understood(said: str) -> None:
    handshake = Handshake(TOKENS)
    handshake.errors(f"{said}\n".encode())
    error = sudo.sudo_error(TARGET, Become(), handshake)
    assert SAID[said][0] in error.message
    assert said in error.message
    assert "web (ann@10.0.0.1)" in error.message
    assert SAID[said][1] in error.hint


def test_nothing_came_in_time() -> None:
    handshake = Handshake(TOKENS, SECRET)
    handshake.errors(f"Token code for {SECRET}: ".encode())
    error = sudo.sudo_error(TARGET, Become(password=SECRET), handshake, in_time=False)
    assert "did not start a command in time (Token code for ********:)" in error.message


@pytest.mark.parametrize(
    ("change", "option"),
    [({"method": "su"}, "become_method"), ({"password": f"{SECRET}\n"}, "ansible_become_password")],
)
def test_what_cannot_lead_there_is_refused(change: dict[str, str], option: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        sudo.require_sudo(dataclasses.replace(Become(), **change))
    assert caught.value.option == option
    assert SECRET not in str(caught.value)
    sudo.require_sudo(Become("ansible.builtin.sudo", password=SECRET))
