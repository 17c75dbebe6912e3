# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command lines; first -o wins, so their order is what holds."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address import argv
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget

USERS = (
    "-C",
    "-o",
    "BatchMode=no",
    "-o",
    "ClearAllForwardings=no",
    "-o",
    "ConnectTimeout=3",
    "-oServerAliveInterval=1",
)
TARGET = SshTarget("h", 2222, "u", "/k y", ssh_args=USERS)

MUST_HOLD = [
    "BatchMode=yes",
    "ClearAllForwardings=yes",
    "RemoteCommand=none",
    "PermitLocalCommand=no",
    "StreamLocalBindMask=0177",
    "StreamLocalBindUnlink=yes",
    "ControlMaster=yes",
    'ControlPath="/r/x.ctl"',
    "ControlPersist=600",
]


@pytest.mark.parametrize("option", MUST_HOLD)
def test_must_hold_comes_before_ansibles_arguments(option: str) -> None:
    words = argv.master(TARGET, "/r/x.ctl", 600)
    assert words[words.index(option) - 1] == "-o"
    assert words.index(option) < words.index("BatchMode=no")


@pytest.mark.parametrize(
    ("given", "ours"),
    [("ConnectTimeout=3", "ConnectTimeout=10"), ("ServerAliveInterval=1", "ServerAliveInterval=15")],
)
def test_our_defaults_come_after_ansibles_arguments(given: str, ours: str) -> None:
    words = argv.master(TARGET, "/r/x.ctl", 600)
    assert words.index(given) < words.index(ours)


def test_defaults() -> None:
    words = argv.master(SshTarget("h"), "/r/x.ctl", 600)
    for option in ("ConnectTimeout=10", "ServerAliveInterval=15", "ServerAliveCountMax=3"):
        assert option in words


def test_no_compression_and_no_forward_on_the_masters_line() -> None:
    words = argv.master(TARGET, "/r/x.ctl", 600)
    assert not {"-C", "-L", "-R", "-D"} & set(words)


def test_destination_is_behind_the_end_of_options() -> None:
    assert argv.master(SshTarget("-oProxyCommand=evil"), "/c", 1)[-2:] == ["--", "-oProxyCommand=evil"]
    assert argv.command(SshTarget("-x"), "/c", ["true"])[-3:] == ["--", "-x", "true"]
    assert argv.effective(SshTarget("-x"))[-2:] == ["--", "-x"]


def test_the_inventorys_address() -> None:
    words = argv.master(TARGET, "/c", 1)
    assert {"Port=2222", 'User="u"', 'IdentityFile="/k y"'} <= set(words)
    assert not [word for word in argv.master(SshTarget("h"), "/c", 1) if word.startswith(("Port", "User", "Identity"))]


# host_key_checking, ssh_args, accept_new asked for -> StrictHostKeyChecking options in order
HOST_KEYS = {
    "nobody set it": (None, (), True, ["accept-new"]),
    "the configuration says": (None, (), False, []),
    "switched off": (False, (), False, ["no"]),
    "switched on": (True, (), False, []),
    "ssh_args come first": (False, ("-oStrictHostKeyChecking=yes",), False, ["yes", "no"]),
}


@pytest.mark.parametrize(("checking", "args", "accept_new", "expected"), HOST_KEYS.values(), ids=HOST_KEYS)
def test_host_keys(checking: bool | None, args: tuple[str, ...], accept_new: bool, expected: list[str]) -> None:
    words = argv.master(SshTarget("h", host_key_checking=checking, ssh_args=args), "/c", 1, accept_new=accept_new)
    key = "StrictHostKeyChecking="
    assert [word.removeprefix(key) for word in words if word.startswith(key)] == expected


def test_ansibles_own_order() -> None:
    """As in ansible.builtin.ssh: ssh_args win over the settings, and those over the common and extra arguments."""
    target = SshTarget(
        "h", 2222, "u", "/k", "ssh", ("-o", "A=1"), extra_args=("-o", "B=1"), host_key_checking=False, connect_timeout=7
    )
    words = argv.master(target, "/c", 1)
    order = ["A=1", "StrictHostKeyChecking=no", "Port=2222", 'User="u"', 'IdentityFile="/k"', "ConnectTimeout=7", "B=1"]
    assert [word for word in words if word in order] == order


def test_a_key_text_is_the_only_key_as_with_ansible() -> None:
    words = argv.master(TARGET, "/c", 1, key_file="/r/keys/x")
    at = words.index('IdentityFile="/r/keys/x"')
    assert words[at - 2] == "IdentitiesOnly=yes"
    assert 'IdentityFile="/k y"' not in words


def test_a_smart_card_comes_before_everything_as_with_ansible() -> None:
    words = argv.master(SshTarget("h", ssh_args=USERS, pkcs11_provider="/p"), "/c", 1)
    assert words.index("PreferredAuthentications=publickey") < words.index("BatchMode=no")
    assert {'PKCS11Provider="/p"', "PasswordAuthentication=no", "KbdInteractiveAuthentication=no"} <= set(words)


def test_other_questions_instead_of_none() -> None:
    words = argv.master(SshTarget("h"), "/c", 1, questions=("BatchMode=no", "NumberOfPasswordPrompts=1"))
    assert "BatchMode=yes" not in words
    assert words.index("BatchMode=no") < words.index("ClearAllForwardings=yes")


def test_known_hosts_is_not_written_anew_unless_the_arguments_ask_for_it() -> None:
    assert "UpdateHostKeys=no" in argv.master(SshTarget("h"), "/c", 1)
    words = argv.master(SshTarget("h", extra_args=("-o", "UpdateHostKeys=yes")), "/c", 1)
    assert words.index("UpdateHostKeys=yes") < words.index("UpdateHostKeys=no")


def test_explaining() -> None:
    assert argv.explaining(["ssh", "-f", "--", "h"]) == ["ssh", "-G", "-f", "--", "h"]


ASKS = [(None, (), True), (None, ("-oStrictHostKeyChecking=yes",), False), (True, (), False), (False, (), False)]


@pytest.mark.parametrize(("checking", "args", "asks"), ASKS)
def test_asks_for_host_keys(checking: bool | None, args: tuple[str, ...], asks: bool) -> None:
    assert argv.asks_for_host_keys(SshTarget("h", host_key_checking=checking, ssh_args=args)) is asks


def test_a_command_goes_over_the_master_or_nowhere() -> None:
    words = argv.command(TARGET, "/r/x.ctl", ["true"])
    assert {"ProxyCommand=false", "ControlMaster=no", 'ControlPath="/r/x.ctl"', "-a", "-x"} <= set(words)
    assert words[words.index("-F") + 1] == "none"


QUOTED = [("/a", '"/a"'), ("/a b", '"/a b"'), ("/50%", '"/50%%"'), ('/"', '"/\\""'), ("/\\", '"/\\\\"')]


@pytest.mark.parametrize(("value", "quoted"), QUOTED)
def test_quoted(value: str, quoted: str) -> None:
    assert argv.quoted(value) == quoted


def test_a_terminal_asks_what_ssh_asks_and_forwards_nothing() -> None:
    line = argv.terminal(SshTarget("h", 2222, "u", "/k"), "docker exec -it box sh")
    assert line[:2] == ["ssh", "-t"] and line[-3:] == ["--", "h", "docker exec -it box sh"]
    assert {"ClearAllForwardings=yes", "Port=2222", 'User="u"', 'IdentityFile="/k"'} < set(line)
    assert "BatchMode=yes" not in line
