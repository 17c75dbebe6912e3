# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request that is done at import, before Ansible forks: with nobody, and with what the installed SDK is made of."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import sdk


def test_warming_up_goes_all_the_way_and_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    watching = theirs.dup()
    monkeypatch.setattr(sdk.socket, "socketpair", lambda: (ours, theirs))
    sdk.warm_up()
    with watching:
        watching.setblocking(False)
        request = watching.recv(65536)
    assert request.startswith(b"GET /v1.41/containers/nobody/json HTTP/1.1\r\n")
    assert (ours.fileno(), theirs.fileno()) == (-1, -1), "both ends are closed"
