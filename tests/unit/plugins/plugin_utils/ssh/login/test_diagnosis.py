# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From ssh's words to a class; the words are OpenSSH's own (9.2 to 10.0)."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.diagnosis import (
    Outcome,
    classify,
    connection_error,
    lost,
    missing_client,
)

TARGET = SshTarget("10.0.0.1", 2222, "u", "/no/key", name="web1")
CLOSED = "\nConnection closed by 10.0.0.1 port 2222"
PROXY = "\nConnection closed by UNKNOWN port 65535"
CHANGED = (
    "@@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@@@@@\n"
    "Offending ED25519 key in /kh:3\nHost key for [10.0.0.1]:2222 has changed and you have requested strict checking.\n"
    "Host key verification failed."
)

# stderr -> kind, cause, a part of the hint
WORDS = {
    "refused": ("ssh: connect to host h port 22: Connection refused", "unreachable", "refused", "sshd running"),
    "reset": ("ssh: connect to host h port 22: Connection reset by peer", "unreachable", "reset", "Try: ssh"),
    "timeout": ("ssh: connect to host h port 22: Connection timed out", "unreachable", "timeout", "firewall"),
    "banner timeout": ("Connection timed out during banner exchange" + CLOSED, "unreachable", "timeout", "firewall"),
    "no route": ("ssh: connect to host h port 22: No route to host", "unreachable", "network", "Try: ssh"),
    "rejected by a firewall": (
        "ssh: connect to host h port 22: Permission denied", "unreachable", "network", "Try: ssh",
    ),
    "name": ("ssh: Could not resolve hostname h: Name or service not known", "name", "name", "ansible_host"),
    "key": ("u@h: Permission denied (publickey,password).", "authentication", "denied", "/no/key is not there"),
    "too many keys": (
        "Received disconnect from h port 22:2: Too many authentication failures", "authentication", "denied", "key",
    ),
    "changed key": (CHANGED, "host_key", "changed", "ssh-keygen -f /kh -R '[10.0.0.1]:2222'"),
    "unknown key": (
        "No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.",
        "host_key", "unknown", "ssh-keyscan -p 2222",
    ),
    "dropped": (
        "kex_exchange_identification: Connection closed by remote host" + CLOSED, "unreachable", "dropped",
        "MaxStartups",
    ),
    "dropped with a reset": (
        "kex_exchange_identification: read: Connection reset by peer", "unreachable", "dropped", "MaxStartups",
    ),
    "penalised": (
        "debug1: kex_exchange_identification: banner line 0: Not allowed at this time\n"
        "kex_exchange_identification: Connection closed by remote host", "penalised", "penalised", "ExemptList",
    ),
    "closed after the banner": (CLOSED.strip(), "unreachable", "reset", "Try: ssh"),
    "a jump host refuses the key": ("u@hop: Permission denied (publickey)." + PROXY, "authentication", "denied", "key"),
    "a jump host is down": (
        "ssh: connect to host hop port 22: Connection refused" + PROXY, "unreachable", "refused", "sshd running",
    ),
    "a proxy command fails": (
        "kex_exchange_identification: Connection closed by remote host" + PROXY, "unreachable", "proxy", "ProxyCommand",
    ),
    "algorithms": (
        "Unable to negotiate with h port 22: no matching key exchange method found.", "unreachable", "negotiation",
        "algorithm",
    ),
    "a bad option": (
        "command-line: line 0: Bad configuration option: nosuch", "ssh_client", "option", "ansible_ssh_*_args",
    ),
    "a bad configuration": (
        "/c: line 1: Bad configuration option: x\n/c: terminating, 1 bad configuration options",
        "ssh_client",
        "option",
        "ansible_ssh_*_args",
    ),
    "debugging is not the reason": (
        "debug1: connect to address ::1 port 22: Connection refused\nu@h: Permission denied (publickey).",
        "authentication", "denied", "key",
    ),
    "nothing": ("", "unreachable", "other", "Try: ssh"),
}  # fmt: skip


@pytest.mark.parametrize(("stderr", "kind", "cause", "hint"), WORDS.values(), ids=WORDS)
def test_words(stderr: str, kind: str, cause: str, hint: str) -> None:
    found = classify(Outcome(255, stderr))
    assert (found.kind, found.cause) == (kind, cause)
    error = connection_error(TARGET, Outcome(255, stderr, 3))
    assert error.kind == kind
    assert error.unreachable is (kind != "ssh_client")
    assert "web1 (u@10.0.0.1:2222)" in error.message
    assert hint in error.hint
    assert "\n" not in str(error)
    assert "@@@" not in error.message


def test_stopped_because_its_time_was_up() -> None:
    assert classify(Outcome(None, "")).cause == "timeout"


def test_tries_are_told() -> None:
    assert "after 3 tries" in connection_error(TARGET, Outcome(255, "x", 3)).message
    assert "tries" not in connection_error(TARGET, Outcome(255, "x", 1)).message


def test_ssh_s_own_words_are_kept_without_noise() -> None:
    said = "Warning: Permanently added 'h' to the list\ndebug1: a\nAuthenticated to h\nthe reason\nthe reason"
    assert connection_error(TARGET, Outcome(255, said)).message.endswith(": the reason.")


def test_what_is_not_the_hosts_fault_does_not_make_it_unreachable() -> None:
    assert not missing_client(TARGET, "No such file").unreachable
    assert lost(TARGET).unreachable
