# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of the installed ssh connection plugin: honoured, or of no meaning here and why.

A new core's new option makes this fail: decide on it in seam/target.py, then put it down here.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible import constants as C

from ansible_collections.sshfleet.containers.plugins.plugin_utils.seam.target import ssh_target
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address import argv
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.login import password

from .test_target import KEY, connection

OURS = "the tunnel has control sockets of its own"
NO_FILES = "no files are copied to the target"
NO_MODULES = "no module runs on the target"
NO_MEANING = {
    "control_path": OURS,
    "control_path_dir": OURS,
    "pipelining": NO_MODULES,
    "reconnection_retries": "tunnel_retries and its own budget for dropped connections say how often is tried",
    "scp_executable": NO_FILES,
    "scp_extra_args": NO_FILES,
    "sftp_batch_mode": NO_FILES,
    "sftp_executable": NO_FILES,
    "sftp_extra_args": NO_FILES,
    "ssh_transfer_method": NO_FILES,
    "use_tty": NO_MODULES,
    "verbosity": "ssh's messages are read by the diagnosis, which sets its own level",
}

# Variables, and a word that they put on the master's command line (None: told in the comment).
HONOURED: dict[str, tuple[dict[str, Any], str | None]] = {
    "host": ({"ansible_host": "192.0.2.9"}, "192.0.2.9"),
    "host_key_checking": ({"ansible_host_key_checking": False}, "StrictHostKeyChecking=no"),
    "password": ({"ansible_password": "x"}, None),  # typed by sshpass
    "password_mechanism": ({"ansible_password": "x", "ansible_ssh_password_mechanism": "disable"}, "BatchMode=yes"),
    "pkcs11_provider": ({"ansible_password": "x", "ansible_ssh_pkcs11_provider": "/p"}, 'PKCS11Provider="/p"'),
    "port": ({"ansible_port": 2222}, "Port=2222"),
    "private_key": ({"ansible_private_key": KEY}, None),  # a file while the master is being started
    "private_key_file": ({"ansible_private_key_file": "/k"}, 'IdentityFile="/k"'),
    "private_key_passphrase": ({}, None),  # test_credentials
    "remote_user": ({"ansible_user": "u"}, 'User="u"'),
    "ssh_args": ({"ansible_ssh_args": "-o X=1"}, "X=1"),
    "ssh_common_args": ({"ansible_ssh_common_args": "-o X=2"}, "X=2"),
    "ssh_executable": ({"ansible_ssh_executable": "/opt/ssh"}, "/opt/ssh"),
    "ssh_extra_args": ({"ansible_ssh_extra_args": "-o X=3"}, "X=3"),
    "sshpass_prompt": ({"ansible_password": "x", "ansible_sshpass_prompt": "P"}, None),  # sshpass's -P
    "timeout": ({"ansible_ssh_timeout": 7}, "ConnectTimeout=7"),
}
# Other names for the same, of which Ansible knows several.
ALIASES: dict[str, tuple[dict[str, Any], str | None]] = {
    "ansible_ssh_host": ({"ansible_ssh_host": "192.0.2.9"}, "192.0.2.9"),
    "ansible_ssh_port": ({"ansible_ssh_port": 2222}, "Port=2222"),
    "ansible_ssh_user": ({"ansible_ssh_user": "u"}, 'User="u"'),
    "ansible_ssh_pass": ({"ansible_ssh_pass": "x"}, None),
    "ansible_ssh_password": ({"ansible_ssh_password": "x"}, None),
    "ansible_ssh_private_key_file": ({"ansible_ssh_private_key_file": "/k"}, 'IdentityFile="/k"'),
    "ansible_ssh_private_key": ({"ansible_ssh_private_key": KEY}, None),
    "ansible_ssh_host_key_checking": ({"ansible_ssh_host_key_checking": False}, "StrictHostKeyChecking=no"),
}


def definitions() -> dict[str, Any]:
    """The plugin's options; Ansible knows them once the plugin has been loaded."""
    plugin = connection(inventory_hostname="h")
    found: dict[str, Any] = C.config.get_configuration_definitions("connection", plugin._load_name)
    return found


def test_every_option_of_the_installed_plugin_is_decided_on() -> None:
    known = set(definitions())
    assert "host" in known
    assert known - set(HONOURED) - set(NO_MEANING) == set()
    assert not set(HONOURED) & set(NO_MEANING)


@pytest.mark.usefixtures("sshpass", "private_runtime")
@pytest.mark.parametrize(("variables", "word"), [*HONOURED.values(), *ALIASES.values()], ids=[*HONOURED, *ALIASES])
def test_honoured(variables: dict[str, Any], word: str | None) -> None:
    """What is honoured makes another target and stands on the command line."""
    plain = ssh_target(connection(inventory_hostname="h"), "h")
    target = ssh_target(connection(inventory_hostname="h", **variables), "h")
    if variables and not {"ansible_ssh_password_mechanism", "ansible_ssh_timeout"} & set(variables):
        assert target.identity() != plain.identity()
    assert word is None or word in argv.master(target, "/c", 1)


@pytest.mark.usefixtures("sshpass", "private_runtime")
def test_what_is_typed_and_where() -> None:
    target = ssh_target(connection(ansible_host="h", ansible_password="x", ansible_sshpass_prompt="P"), "h")
    typed = password.typed(target)
    assert typed is not None
    assert (typed.secret, typed.prompt) == ("x", "P")


@pytest.mark.parametrize("option", sorted(NO_MEANING))
def test_of_no_meaning_here(option: str) -> None:
    """It changes nothing: neither the target nor its tunnel."""
    names = [entry["name"] for entry in definitions()[option].get("vars", [])]
    value = "piped" if option == "ssh_transfer_method" else 1
    plain = ssh_target(connection(inventory_hostname="h"), "h")
    target = ssh_target(connection(inventory_hostname="h", **dict.fromkeys(names, value)), "h")
    assert target.identity() == plain.identity()
    assert argv.master(target, "/c", 1) == argv.master(plain, "/c", 1)
