# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a command on a host prints is kept up to a limit, whoever answers there."""

from __future__ import annotations

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import host_command


def test_a_host_that_prints_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_command, "MOST_SAID", 1 << 20)
    said = host_command.Said(SshTarget(host="10.0.0.1", name="web1"), b"head ")
    said.take(b"out \xff")
    said.complain(b"err")
    done = said.finished(3)
    assert (done.returncode, done.stdout, done.stderr) == (3, "head out \ufffd", "err")
    for add in (said.take, said.complain):
        with pytest.raises(SshError, match=r"web1 .*prints more than 1 MiB") as caught:
            add(b"x" * (1 << 20))
        assert caught.value.kind == "bad_answer" and not caught.value.unreachable
