# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a ProxyJump may stand in the configuration files: yes whenever that is not certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address import ssh_config
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.options import Argument

# file under the home's .ssh (or /etc as "etc/...") -> text; whether a jump is possible
FILES: dict[str, tuple[dict[str, str], bool]] = {
    "no files": ({}, False),
    "nothing of it": ({"config": "Host *\n  User u\n  ProxyCommand nc %h %p\n"}, False),
    "plain": ({"config": "Host a\n  ProxyJump b\n"}, True),
    "any case, tabs and quotes": ({"config": '\t"PROXYJUMP"=b'}, True),
    "behind a match": ({"config": "Match exec true\r\n\tproxyjump b\r\n"}, True),
    "a comment": ({"config": "# ProxyJump b\n  #ProxyJump c\n"}, False),
    "the system's": ({"etc/ssh_config": "ProxyJump b"}, True),
    "an include": ({"config": "Include conf.d/*.conf\n", "conf.d/a.conf": "ProxyJump b"}, True),
    "an include without": ({"config": "Include conf.d/*.conf\n", "conf.d/a.conf": "User b"}, False),
    "another name": ({"config": "Include conf.d/*.conf\n", "conf.d/a.txt": "ProxyJump b"}, False),
    "an include of an include": ({"config": "include a", "a": "INCLUDE=b", "b": "ProxyJump b"}, True),
    "several in a line": ({"config": "Include a b", "b": "ProxyJump b"}, True),
    "the system's include": ({"etc/ssh_config": "Include d/*\n", "etc/d/x": "ProxyJump b"}, True),
    "a missing include": ({"config": "Include nosuch"}, False),
    "an include with a token": ({"config": "Include %h.conf"}, True),
    "an include with a variable": ({"config": "Include ${HOME}/x"}, True),
    "an include in quotes": ({"config": 'Include "a b"'}, True),
    "an include of itself": ({"config": "Include config"}, True),
    "a very long file": ({"config": "#" * ssh_config.LARGEST}, True),
}


@pytest.mark.parametrize(("files", "possible"), FILES.values(), ids=FILES)
def test_may_jump(tmp_path: Path, files: dict[str, str], possible: bool) -> None:
    for name, text in files.items():
        path = tmp_path / (name if name.startswith("etc/") else f".ssh/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert ssh_config.may_jump([], str(tmp_path), str(tmp_path / "etc" / "ssh_config")) is possible


def test_the_file_of_the_arguments_is_the_only_one(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "config").write_text("ProxyJump b")
    (tmp_path / "other").write_text("Include mine\n")
    given = [Argument("F", str(tmp_path / "other"))]
    assert not ssh_config.may_jump([Argument("F", "none")], str(tmp_path))
    assert not ssh_config.may_jump(given, str(tmp_path))
    (tmp_path / ".ssh" / "mine").write_text("ProxyJump b")
    assert ssh_config.may_jump(given, str(tmp_path)), "relative to ~/.ssh, as ssh has it"


def test_what_cant_be_read_may_hold_one(tmp_path: Path) -> None:
    assert ssh_config.may_jump([Argument("F", str(tmp_path))])
