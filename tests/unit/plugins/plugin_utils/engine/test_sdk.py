# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request that is done at import, before Ansible forks: with nobody, and with what the installed SDK is made of."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine import sdk

SUPPORT = Path(__file__).resolve().parents[4] / "support"


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


def test_the_sdk_loads_paramiko_only_for_its_own_ssh() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(SUPPORT)!r}); from checkout import install_collection_finder\n"
        "install_collection_finder()\n"
        f"import {sdk.__name__}, docker.transport\n"
        "adapter = docker.transport.SSHHTTPAdapter\n"
        "ssh = sys.modules[adapter.__module__].paramiko\n"
        "print('paramiko' in sys.modules, adapter.__name__, ssh.SSHClient.__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "SSHHTTPAdapter", "SSHClient"]
