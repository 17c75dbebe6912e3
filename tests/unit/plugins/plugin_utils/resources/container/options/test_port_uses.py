# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has which port, of what engines and kernel say."""

from __future__ import annotations

from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options import port_uses
from ansible_collections.sshfleet.containers.plugins.plugin_utils.resources.container.options.port_uses import Use

ALL_IPV4 = "0.0.0.0"  # noqa: S104 - compared with, not bound to
PROC = """\
== tcp
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0000 100 0 0 10 0
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0000 100 0 0 10 0
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0000 100 0 0 10 0
== tcp6
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
== udp
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1234: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4 2 0000 0
== udp6
== end
"""


def test_listeners_and_udp_sockets() -> None:
    found = [(use.protocol, use.address, use.port) for use in port_uses.of_listeners(PROC)]
    assert found == [
        ("tcp", ALL_IPV4, 22), ("tcp", "127.0.0.1", 8080),
        ("tcp", "::", 22), ("tcp", "::1", 8081), ("tcp", "127.0.0.1", 8082), ("udp", ALL_IPV4, 53),
    ]  # fmt: skip
    assert all(use.held for use in port_uses.of_listeners(PROC))


def test_a_stopped_container() -> None:
    published = {
        "22/tcp": [{"HostIp": "", "HostPort": "2200"}, {"HostIp": "127.0.0.1", "HostPort": "2201"}],
        "53/udp": [{"HostIp": "", "HostPort": "53"}],
        "80/tcp": [{"HostIp": "", "HostPort": ""}], "81/tcp": [{"HostPort": "8000-8010"}], "82/tcp": None,
    }  # fmt: skip
    by = "the stopped container web"
    assert port_uses.of_stopped({"Name": "/web", "HostConfig": {"PortBindings": published}}) == [
        Use("tcp", "", 2200, by, held=False), Use("tcp", "127.0.0.1", 2201, by, held=False),
        Use("udp", "", 53, by, held=False),
    ]  # fmt: skip
    assert port_uses.of_stopped({"Name": "/web", "HostConfig": {"PortBindings": None}}) == []


def test_a_running_container() -> None:
    listed = {
        "Names": ["/web"],
        "State": "running",
        "Ports": [{"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}, {"PrivatePort": 81}],
    }
    assert port_uses.of_running(listed) == [Use("tcp", "127.0.0.1", 8080, "the container web")]
    assert port_uses.is_running(listed) and not port_uses.is_running({"State": "exited"})
