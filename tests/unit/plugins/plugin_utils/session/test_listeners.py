# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who listens on a host, as far as what is asked and what is made of the answer; /proc itself is the lab's."""

from __future__ import annotations

import pytest
from fake_transport import FakeTransport

from ansible_collections.sshfleet.containers.plugins.plugin_utils.errors import SshError
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.listeners import HostPorts, listeners
from ansible_collections.sshfleet.containers.plugins.plugin_utils.session.settings import Become
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.address.target import SshTarget
from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.transport import Finished


def way(stdout: str) -> FakeTransport:
    return FakeTransport(SshTarget("Web1", user="me"), answers=lambda _argv, _stdin, _become: Finished(0, stdout, "no"))


def test_inside_and_outside_are_told_apart() -> None:
    """What is asked inside is asked of the container's own process, as whom the task becomes."""
    asked: list[str] = []
    transport = way("")

    def answer(_argv: list[str], stdin: str, _become: Become | None) -> Finished:
        asked.append(stdin)
        return Finished(0, "in\n====\nout\n", "")

    transport.answers = answer
    assert listeners(transport, Become(user="app"))({"State": {"Pid": 7}}) == ("in\n", "\nout\n")
    assert "/proc/7/net/tcp" in asked[0] and transport.said == ["run /bin/sh as app within 10 s"]


def test_a_host_that_is_cut_short_is_not_believed() -> None:
    assert HostPorts(way("== tcp\n== end\n")).listening() == "== tcp\n== end\n"
    with pytest.raises(SshError, match="runs no command for us: no") as caught:
        HostPorts(way("== tcp\n")).listening()
    assert caught.value.kind == "socket_unknown"


def test_ports_are_locked_by_the_hosts_name_and_port_alone() -> None:
    transport = way("")
    unlock = HostPorts(transport).lock()
    unlock()
    assert transport.said == [f"{done} ports of web1 22" for done in ("lock", "remove", "release")]
