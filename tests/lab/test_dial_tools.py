# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tools that dial where no engine's client is, on this machine: what they do at the ends of streams. The hosts of
the lab have python3 only.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator

import pytest

from ansible_collections.sshfleet.containers.plugins.plugin_utils.ssh.command import dial_command

BIG = bytes(5 << 20)
TOOLS = ["python3", "nc", "ncat", "socat"]


@pytest.fixture
def server() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Serve one connection on a Unix socket whose name needs quoting; gives its path."""
    with tempfile.TemporaryDirectory(prefix="sf, !") as directory:
        path = f"{directory}/engine.sock"

        def serve(talk: Callable[[socket.socket], None]) -> str:
            def work() -> None:
                accepted, _peer = listener.accept()
                with accepted:
                    talk(accepted)

            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen(1)
            threading.Thread(target=work, daemon=True).start()
            return path

        yield serve


def start(tool: str, path: str) -> subprocess.Popen[bytes]:
    assert shutil.which(tool), f"{tool} is missing: run scripts/bootstrap.py test"
    words = dial_command.dial_argv(path, [tool])
    assert words
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def drain(connection: socket.socket) -> int:
    return sum(len(data) for data in iter(lambda: connection.recv(1 << 20), b""))


@pytest.mark.parametrize("tool", TOOLS)
def test_both_ways_at_once_with_half_close(server: Callable[..., str], tool: str) -> None:
    def talk(connection: socket.socket) -> None:
        sender = threading.Thread(target=connection.sendall, args=(BIG,))
        sender.start()
        count = drain(connection)
        sender.join()
        connection.sendall(b"%d" % count)

    with start(tool, server(talk)) as process:
        output, _errors = process.communicate(BIG, timeout=60)
    assert output == BIG + b"%d" % len(BIG)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_engine_ends_first(server: Callable[..., str], tool: str) -> None:
    """All of it arrives, then the end does, though nobody has ended the input yet; nothing stays behind."""
    with start(tool, server(lambda connection: connection.sendall(BIG))) as process:
        assert process.stdout and process.stdin
        patience = threading.Timer(60, process.kill)
        patience.start()
        assert process.stdout.read() == BIG
        patience.cancel()
        process.stdin.close()
        assert process.wait(60) == 0
