# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that tells whether an engine's process has lived meanwhile. The engine is a socket of the test's own."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.engine.lifeline import Lifeline


@pytest.mark.parametrize("abruptly", [False, True])
def test_it_ends_with_what_is_at_the_other_end(short_path: Path, abruptly: bool) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short_path / "s"))
        listener.listen()
        lifeline = Lifeline(str(short_path / "s"), 5)
        connection, _peer = listener.accept()
        assert not lifeline.broken()
        if not abruptly:  # else it has not read what has come, and the other end is told of a reset
            assert connection.recv(100).startswith(b"GET ")
        connection.close()
        assert lifeline.broken() and lifeline.broken()
        lifeline.close()


def test_what_an_engine_says_to_half_a_request_is_no_end(short_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short_path / "s"))
        listener.listen()
        lifeline = Lifeline(str(short_path / "s"), 5)
        connection, _peer = listener.accept()
        connection.sendall(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        assert not lifeline.broken()
        connection.close()
        lifeline.close()


def test_nobody_listens(short_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Lifeline(str(short_path / "s"), 5)
