# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ssh may ask while sshpass types, and what sshpass's exit codes mean."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.effective import Effective
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import password
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.diagnosis import Outcome, classify
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login.process import Finished, Typed

TARGET = SshTarget("h", password="hunter2")
ASKS = "stricthostkeychecking ask\n"


def options(said: str, target: SshTarget = TARGET, *, accept_new: bool = False) -> dict[str, str]:
    pairs = password.options(target, Effective.parse(said), accept_new=accept_new)
    return dict(pair.split("=", 1) for pair in pairs)


def test_one_password_and_nothing_else() -> None:
    found = options("stricthostkeychecking true\n")
    assert found == {"BatchMode": "no", "NumberOfPasswordPrompts": "1", "UpdateHostKeys": "no"}


@pytest.mark.parametrize(
    ("said", "accept_new", "expected"),
    [(ASKS, False, "yes"), ("", False, "yes"), (ASKS, True, None), ("stricthostkeychecking accept-new", False, None)],
)
def test_the_question_about_a_host_key_is_never_asked(said: str, accept_new: bool, expected: str | None) -> None:
    assert options(said, accept_new=accept_new).get("StrictHostKeyChecking") == expected


def run_as_ssh_does(command: str) -> str:
    return subprocess.run(["sh", "-c", f"exec {command}"], capture_output=True, text=True, check=True).stdout


def test_a_proxy_command_runs_without_the_terminal() -> None:
    assert run_as_ssh_does(options("proxycommand printf '<%s>' \"a  b\" c\n")["ProxyCommand"]) == "<a  b><c>"
    stat = run_as_ssh_does(options("proxycommand cat /proc/self/stat\n")["ProxyCommand"]).split()
    assert stat[0] == stat[5], "it leads a session of its own, which has no terminal"


@pytest.mark.parametrize(
    ("jumps", "expected"),
    [
        ("a", "ssh -o BatchMode=yes -W '[%h]:%p' -- ssh://a"),
        ("u@a:2,b", "ssh -o BatchMode=yes -J u@a:2 -W '[%h]:%p' -- ssh://b"),
    ],
)
def test_a_jump_host_of_the_configuration_is_asked_for_nothing(jumps: str, expected: str) -> None:
    words = shlex.split(options(f"proxyjump {jumps}\n")["ProxyCommand"])
    assert words[0] == sys.executable
    assert shlex.join(words[3:]) == expected
    given = SshTarget("h", password="x", ssh_args=("-F", "/c f"))
    assert "-F '/c f'" in options(f"proxyjump {jumps}\n", given)["ProxyCommand"]


@pytest.mark.parametrize("value", ["", "proxyjump none\n", "proxycommand none\n"])
def test_no_proxy(value: str) -> None:
    assert "ProxyCommand" not in options(value)


# The key's passphrase, whether it is configured -> the ways to log in
@pytest.mark.parametrize(
    ("passphrase", "said", "expected"),
    [
        ("", "", None),
        ("secret", "", "gssapi-with-mic,hostbased,keyboard-interactive,password"),
        ("secret", "preferredauthentications publickey,password\n", "password"),
        ("secret", "preferredauthentications password\n", "password"),
    ],
)
def test_nobody_is_asked_for_a_keys_passphrase(
    passphrase: str, said: str, expected: str | None, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", key], check=True)
    assert options(f"{said}identityfile {key}\n").get("PreferredAuthentications") == expected


EXIT_CODES = {
    5: ("authentication", "the password was not accepted"),
    6: ("host_key", "Host key verification failed"),
    7: ("host_key", "HAS CHANGED"),
    None: ("authentication", "no login in time"),
    3: ("ssh_client", "runtime error"),
}


@pytest.mark.parametrize(("code", "expected"), EXIT_CODES.items())
def test_exit_codes(code: int | None, expected: tuple[str, str]) -> None:
    done = password.explained(Finished(code, "", "Warning: words\n"))
    assert classify(Outcome(done.returncode, done.stderr)).kind == expected[0]
    assert expected[1] in done.stderr
    assert "Warning: words" in done.stderr


@pytest.mark.parametrize("code", [0, 255])
def test_sshs_own_exit_codes(code: int) -> None:
    done = Finished(code, "", "words")
    assert password.explained(done) == done


def test_typed() -> None:
    assert password.typed(SshTarget("h")) is None
    assert password.typed(TARGET) == Typed("hunter2", "assword")
    assert password.typed(SshTarget("h", password="1", pkcs11_provider="/p")) == Typed("1", "Enter PIN for")
    assert password.typed(SshTarget("h", password="1", password_prompt="Token")) == Typed("1", "Token")
    assert "hunter2" not in repr(password.typed(TARGET))
