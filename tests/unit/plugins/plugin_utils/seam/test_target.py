# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.loader import connection_loader

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import InvalidOption, SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.target import ssh_target

KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"


def connection(name: str = "ssh", **variables: Any) -> Any:
    """Ansible's real connection plugin with its options resolved from variables, as a task gets it."""
    from ansible.playbook.play_context import PlayContext

    plugin = connection_loader.get(name, PlayContext(), "/dev/null")
    plugin.set_options(var_options=variables)
    return plugin


def test_everything_comes_from_ansibles_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    target = ssh_target(
        connection(
            ansible_host="192.0.2.1",
            ansible_port=2222,
            ansible_user="deploy",
            ansible_ssh_private_key_file="~/key",
            ansible_ssh_args="-C -o ServerAliveInterval=5",
            ansible_ssh_common_args="-o 'UserKnownHostsFile=/a b'",
            ansible_ssh_extra_args="-4",
            ansible_ssh_executable="/opt/ssh",
            ansible_ssh_timeout=7,
        ),
        "web1",
    )
    assert (target.host, target.port, target.user, target.name) == ("192.0.2.1", 2222, "deploy", "web1")
    assert target.private_key_file is not None
    assert target.private_key_file.endswith("/key")
    assert "~" not in target.private_key_file
    assert target.ssh_args == ("-C", "-o", "ServerAliveInterval=5")
    assert target.extra_args == ("-o", "UserKnownHostsFile=/a b", "-4")
    assert (target.ssh_executable, target.connect_timeout, target.agent_socket) == ("/opt/ssh", 7, "/run/agent")


@pytest.mark.parametrize(("value", "expected"), [(None, None), (True, True), (False, False)])
def test_host_key_checking_is_ours_only_when_nobody_set_it(value: bool | None, expected: bool | None) -> None:
    variables = {} if value is None else {"ansible_host_key_checking": value}
    assert ssh_target(connection(ansible_host="h", **variables), "h").host_key_checking is expected


def test_a_local_target_is_refused_with_the_reason() -> None:
    with pytest.raises(SshError, match="no fallback to an engine on the controller") as caught:
        ssh_target(connection("local"), "here")
    assert not caught.value.unreachable


def test_a_password_without_sshpass_is_refused_by_name_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(InvalidOption, match=r"ansible_password.*sshpass.*Install sshpass") as caught:
        ssh_target(connection(ansible_host="h", ansible_password="hunter2"), "h")
    assert "hunter2" not in str(caught.value)


@pytest.mark.usefixtures("private_runtime")
def test_paramiko_needs_nobody_who_types_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    given = connection(ansible_host="h", ansible_password="hunter2")
    assert ssh_target(given, "h", client="paramiko").password == "hunter2"


@pytest.mark.usefixtures("sshpass", "private_runtime")
def test_two_passwords_are_two_targets_and_none_is_shown() -> None:
    one, two = (ssh_target(connection(ansible_host="h", ansible_password=text), "h") for text in ("hunter2", "hunter3"))
    assert one.password == "hunter2"
    assert one.identity() != two.identity()
    assert "hunter2" not in repr(one)


@pytest.mark.usefixtures("sshpass")
def test_without_the_users_salt_a_password_cannot_be_guessed_from_the_identity(
    private_runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ssh_target(connection(ansible_host="h", ansible_password="hunter2"), "h").identity()
    assert ssh_target(connection(ansible_host="h", ansible_password="hunter2"), "h").identity() == before
    (private_runtime / "sshfleet" / "salt").unlink()
    assert ssh_target(connection(ansible_host="h", ansible_password="hunter2"), "h").identity() != before


@pytest.mark.usefixtures("sshpass", "private_runtime")
def test_the_password_of_the_command_line() -> None:
    plugin = connection(ansible_host="h")
    plugin._play_context.password = "hunter2"
    assert ssh_target(plugin, "h").password == "hunter2"


def test_the_agent_that_ansible_starts_for_a_run_is_no_part_of_a_target_with_a_key_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/tmp/ansible-local-1/ssh_agent/agent.sock")
    variables = {"ansible_host": "h", "ansible_private_key": KEY}
    assert ssh_target(connection(**variables), "h").agent_socket is not None
    monkeypatch.setenv("ANSIBLE_SSH_AGENT", "auto")
    assert ssh_target(connection(**variables), "h").agent_socket is None
    assert ssh_target(connection(ansible_host="h"), "h").agent_socket is not None


def test_an_unclosed_quotation_is_refused_with_its_option() -> None:
    with pytest.raises(InvalidOption, match="ansible_ssh_extra_args"):
        ssh_target(connection(ansible_host="h", ansible_ssh_extra_args="-o 'x"), "h")
